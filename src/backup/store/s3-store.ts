/**
 * A bucket of Amazon S3, or of what speaks its protocol: MinIO, Cloudflare R2, Backblaze B2, Tigris, Ceph, …
 *
 * The protocol is the SDK's (`@aws-sdk/client-s3`, installed by whoever uses a bucket): credentials, region and endpoint from
 * where every tool takes them, signing, retries of single requests. What is added here: large objects in parts that an
 * interrupted attempt does not send again (`multipart.ts`), and reads that go on where a broken connection left them.
 */

import type { S3Location } from '../../config/backup-target.ts'
import { assertKey } from './keys.ts'
import { putObject } from './multipart.ts'
import { openS3, placeOf, type S3, s3Failure, statusOf, until } from './s3-client.ts'
import { lockBucket } from './s3-lock.ts'
import type { BackupStore, GetOptions, PutOptions, StoredObject, StoreLock } from './types.ts'

/** How often a read whose connection breaks goes on. */
const READ_ATTEMPTS = 5

/**
 * The objects below a prefix of a bucket.
 *
 * @example
 * const store = s3Store({ bucket: 'backups', prefix: 'shop/' })
 */
export function s3Store(location: S3Location): BackupStore {
  return new S3Store(location)
}

class S3Store implements BackupStore {
  readonly description: string
  readonly #location: S3Location
  #opened: Promise<S3> | null = null

  constructor(location: S3Location) {
    this.#location = location
    this.description = `s3://${location.bucket}/${location.prefix}`.replace(/\/$/, '')
  }

  async *list(prefix: string, { signal }: PutOptions = {}): AsyncGenerator<StoredObject, void> {
    const s3 = await this.#open()
    const { Bucket, Key: Prefix } = placeOf(s3, prefix)
    let ContinuationToken: string | undefined
    do {
      const command = new s3.sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken })
      const page = await this.#attempt(prefix, () => s3.client.send(command, until(signal)))
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        const key = Key.slice(this.#location.prefix.length)
        if (!key.split('/').some((part) => part.startsWith('.'))) yield { key, bytes: Size }
      }
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined
    } while (ContinuationToken !== undefined)
  }

  async put(key: string, chunks: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<void> {
    assertKey(this.description, key)
    await putObject(await this.#open(), key, chunks, options)
  }

  async *get(
    key: string,
    { offset = 0, length = Number.POSITIVE_INFINITY, signal }: GetOptions = {},
  ): AsyncGenerator<Uint8Array, void> {
    if (length <= 0) return
    const end = offset + length - 1
    let at = offset
    let version: string | undefined
    for (let attempt = 1; at <= end; attempt++) {
      const answer = await this.#read(key, { at, end, version, signal })
      if (answer === null) return
      version = answer.ETag
      try {
        for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
          at += chunk.byteLength
          yield chunk
        }
        return
      } catch (error) {
        if (attempt === READ_ATTEMPTS || signal?.aborted === true) throw s3Failure(this, key, error)
      }
    }
  }

  async delete(key: string): Promise<void> {
    const s3 = await this.#open()
    await this.#attempt(key, () => s3.client.send(new s3.sdk.DeleteObjectCommand(placeOf(s3, key))))
  }

  async lock(): Promise<StoreLock> {
    return lockBucket(await this.#open())
  }

  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    ;(await opened?.catch(() => null))?.client.destroy()
  }

  /** `null` when the object ends before `at`. `version`: only if it is still that one. */
  async #read(
    key: string,
    {
      at,
      end,
      version,
      signal,
    }: { at: number; end: number; version: string | undefined; signal: AbortSignal | undefined },
  ) {
    const s3 = await this.#open()
    // A range is refused for an empty object, and not needed for a whole one.
    const Range =
      at === 0 && end === Number.POSITIVE_INFINITY ? undefined : `bytes=${at}-${Number.isFinite(end) ? end : ''}`
    const command = new s3.sdk.GetObjectCommand({ ...placeOf(s3, key), Range, IfMatch: version })
    try {
      return await s3.client.send(command, until(signal))
    } catch (error) {
      if (statusOf(error) === 416) return null
      throw s3Failure(this, key, error)
    }
  }

  async #attempt<T>(key: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      throw s3Failure(this, key, error)
    }
  }

  #open(): Promise<S3> {
    this.#opened ??= openS3(this.#location, this.description).catch((error: unknown) => {
      this.#opened = null
      throw error
    })
    return this.#opened
  }
}

/**
 * Large objects are sent in parts, a few at once. An upload that was broken off stays in the bucket: the next one of the same
 * key finds it and sends only what is not there, told by size and MD5. Others of that key are removed: they cost money
 * and nobody sees them.
 *
 *     no unfinished upload ──create──▶ open ──parts──▶ complete ──▶ the object is there
 *     one was left ───────────────────▲   └─ broken off: left, unless it is of no use to anybody
 */
import { createHash } from 'node:crypto'
import type { CompletedPart } from '@aws-sdk/client-s3'
import { BackupStoreError } from '../../errors.ts'
import { piecesOf } from './chunks.ts'
import { placeOf, type S3, s3Failure, statusOf, until } from './s3-client.ts'
import type { PutOptions } from './types.ts'

/** Bytes. The least that S3 takes is 5 MiB; an object of one part is sent in one request. */
const PART_BYTES = 8 * 1024 * 1024
/** The most parts that an object may have: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000
/** Parts on their way at once: each is in memory. */
const AT_ONCE = 3

interface Part {
  readonly number: number
  readonly bytes: Buffer
  readonly md5: Buffer
}

/** Stores `chunks` under `key`, in one request or in parts. */
export async function putObject(
  s3: S3,
  key: string,
  chunks: AsyncIterable<Uint8Array>,
  options: PutOptions,
): Promise<void> {
  const size = partSize(options.bytes)
  const pieces = piecesOf(chunks, size)[Symbol.asyncIterator]()
  try {
    const first = await pieces.next()
    const bytes = first.done === true ? Buffer.alloc(0) : first.value
    const second = bytes.byteLength < size ? null : await pieces.next()
    if (second === null || second.done === true) return await putWhole(s3, key, bytes, options.signal)
    await putParts(s3, key, numbered([bytes, second.value], pieces), options.signal)
  } finally {
    await pieces.return?.()
  }
}

/** Parts grow where there would be too many of them; of an unknown size, so that 78 GiB fit. */
function partSize(bytes: number | undefined): number {
  const needed = Math.ceil((bytes ?? 0) / (MOST_PARTS - 1))
  return Math.max(PART_BYTES, Math.ceil(needed / PART_BYTES) * PART_BYTES)
}

async function putWhole(s3: S3, key: string, bytes: Buffer, signal: AbortSignal | undefined): Promise<void> {
  const input = { ...placeOf(s3, key), Body: bytes, ContentMD5: md5Of(bytes).toString('base64') }
  await attempt(s3, key, () => s3.client.send(new s3.sdk.PutObjectCommand(input), until(signal)))
}

async function putParts(
  s3: S3,
  key: string,
  parts: AsyncIterable<Part>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { id, stored } = (await findUnfinished(s3, key)) ?? {
    id: await create(s3, key),
    stored: new Map<number, string>(),
  }
  const done: CompletedPart[] = []
  const underWay = new Set<Promise<void>>()
  try {
    for await (const part of parts) {
      const tag = stored.get(part.number)
      if (tag === hexOf(part.md5)) {
        done.push({ PartNumber: part.number, ETag: `"${tag}"` })
        continue
      }
      const sent: Promise<void> = sendPart(s3, key, id, part, signal)
        .then((sentTag) => void done.push({ PartNumber: part.number, ETag: sentTag }))
        .finally(() => underWay.delete(sent))
      underWay.add(sent)
      sent.catch(() => {})
      if (underWay.size >= AT_ONCE) await Promise.race(underWay)
    }
    await Promise.all(underWay)
  } catch (error) {
    await Promise.allSettled(underWay)
    throw error
  }
  await complete(s3, key, id, done)
}

async function create(s3: S3, key: string): Promise<string> {
  const { UploadId } = await attempt(s3, key, () =>
    s3.client.send(new s3.sdk.CreateMultipartUploadCommand(placeOf(s3, key))),
  )
  if (UploadId !== undefined) return UploadId
  const reason = 'it began an upload without naming it'
  throw new BackupStoreError({ store: s3.description, key, reason, advice: 'Is this a server of S3?', mayPass: false })
}

async function sendPart(s3: S3, key: string, id: string, part: Part, signal: AbortSignal | undefined): Promise<string> {
  const { number: PartNumber, bytes: Body, md5 } = part
  const input = { ...placeOf(s3, key), UploadId: id, PartNumber, Body, ContentMD5: md5.toString('base64') }
  const send = () => s3.client.send(new s3.sdk.UploadPartCommand(input), until(signal))
  return (await attempt(s3, key, send)).ETag ?? `"${hexOf(md5)}"`
}

async function complete(s3: S3, key: string, id: string, done: readonly CompletedPart[]): Promise<void> {
  const Parts = done.toSorted((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0))
  const input = { ...placeOf(s3, key), UploadId: id, MultipartUpload: { Parts } }
  await attempt(s3, key, () => s3.client.send(new s3.sdk.CompleteMultipartUploadCommand(input)))
}

/** An upload of this key that was broken off, with the MD5 of its parts; the newest, and the others are removed. */
async function findUnfinished(s3: S3, key: string): Promise<{ id: string; stored: Map<number, string> } | null> {
  const { Bucket, Key } = placeOf(s3, key)
  try {
    const { Uploads = [] } = await s3.client.send(new s3.sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key }))
    const mine = Uploads.filter((upload) => upload.Key === Key && upload.UploadId !== undefined)
    const [newest, ...others] = mine.toSorted((a, b) => Number(b.Initiated ?? 0) - Number(a.Initiated ?? 0))
    for (const { UploadId } of others)
      await s3.client.send(new s3.sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
    if (newest?.UploadId === undefined) return null
    return { id: newest.UploadId, stored: await storedParts(s3, key, newest.UploadId) }
  } catch (error) {
    // Going on is a gain, and not every server can tell.
    const status = statusOf(error)
    if (status !== undefined && (status < 500 || status === 501)) return null
    throw s3Failure(s3, key, error)
  }
}

async function storedParts(s3: S3, key: string, id: string): Promise<Map<number, string>> {
  const stored = new Map<number, string>()
  let PartNumberMarker: string | undefined
  do {
    const input = { ...placeOf(s3, key), UploadId: id, PartNumberMarker }
    const page = await s3.client.send(new s3.sdk.ListPartsCommand(input))
    for (const { PartNumber, ETag } of page.Parts ?? [])
      if (PartNumber !== undefined && ETag !== undefined) stored.set(PartNumber, ETag.replaceAll('"', ''))
    PartNumberMarker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined
  } while (PartNumberMarker !== undefined)
  return stored
}

async function* numbered(first: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Part, void> {
  let number = 0
  for (const bytes of first) yield { number: ++number, bytes, md5: md5Of(bytes) }
  for (let next = await rest.next(); next.done !== true; next = await rest.next())
    yield { number: ++number, bytes: next.value, md5: md5Of(next.value) }
}

async function attempt<T>(s3: S3, key: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    throw s3Failure(s3, key, error)
  }
}

function md5Of(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest()
}

function hexOf(md5: Buffer): string {
  return md5.toString('hex')
}

import { describe, expect, it } from 'vitest'
import { chunksOf, failingAfter, keysOf, readAll, someBytes } from '../../../test/support/bytes.ts'
import { type S3Server, startS3 } from '../../../test/support/s3-server.ts'
import { openS3 } from './s3-client.ts'
import { s3Store } from './s3-store.ts'
import type { BackupStore } from './types.ts'

const MIB = 1024 * 1024
const KEY_ID = 'S3RVER'

async function start(): Promise<{ readonly s3: S3Server; readonly store: BackupStore }> {
  const s3 = await startS3()
  return { s3, store: s3Store({ bucket: s3.bucket, prefix: 'app/', endpoint: s3.endpoint }) }
}

describe('a bucket', () => {
  it('goes on reading where a connection broke', async () => {
    const { s3, store } = await start()
    const bytes = someBytes(3 * MIB)
    await store.put('object', chunksOf(bytes))
    let left = 3
    s3.fault = (method) => (method === 'GET' && left-- > 0 ? { breakAfter: 700_000 } : null)
    expect((await readAll(store.get('object'))).equals(bytes)).toBe(true)
    expect(s3.requests.filter((request) => request.startsWith('GET'))).toHaveLength(4)
    await store.close()
  })

  it('sends a part again that failed, and no other', async () => {
    const { s3, store } = await start()
    const bytes = someBytes(20 * MIB)
    let failed = 0
    s3.fault = (method, url) => (method === 'PUT' && url.includes('partNumber=2') && failed++ === 0 ? 'error' : null)
    await store.put('object', chunksOf(bytes), { bytes: bytes.length })
    expect(s3.requests.filter((request) => request.includes('partNumber=1&'))).toHaveLength(1)
    expect(s3.requests.filter((request) => request.includes('partNumber=2&'))).toHaveLength(2)
    expect((await readAll(store.get('object'))).equals(bytes)).toBe(true)
    await store.close()
  })

  it('sends only what is missing after an upload that was broken off', async () => {
    const { s3, store } = await start()
    const bytes = someBytes(34 * MIB)
    const cause = new Error('the process ended here')
    await expect(store.put('object', failingAfter(cause, bytes.subarray(0, 25 * MIB)))).rejects.toBe(cause)
    expect(s3.unfinished()).toHaveLength(1)

    s3.requests.length = 0
    // As another process would: with nothing known of the first attempt, and with other bytes in one part.
    bytes[9 * MIB] = 0xff
    const again = s3Store({ bucket: s3.bucket, prefix: 'app/', endpoint: s3.endpoint })
    await again.put('object', chunksOf(bytes), { bytes: bytes.length })
    const parts = s3.requests.flatMap((request) => /^PUT.*partNumber=(\d+)/.exec(request)?.[1] ?? [])
    expect(parts.toSorted()).toEqual(['2', '4', '5'])
    expect((await readAll(again.get('object'))).equals(bytes)).toBe(true)
    expect(s3.unfinished()).toEqual([])
    await Promise.all([store.close(), again.close()])
  })

  it('says what is wrong without a credential, and whether to try again', async () => {
    const { s3, store } = await start()
    s3.fault = () => 'refuse'
    const refused = await store.put('object', chunksOf(Buffer.from('text'))).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'NOORMME_BACKUP_STORE', retryable: true })
    s3.fault = () => null
    process.env.AWS_ACCESS_KEY_ID = 'another one'
    const denied = s3Store({ bucket: s3.bucket, prefix: '', endpoint: s3.endpoint })
    const forbidden = await denied.put('object', chunksOf(Buffer.from('text'))).catch((error: unknown) => error)
    expect(forbidden).toMatchObject({
      code: 'NOORMME_BACKUP_STORE',
      retryable: false,
      hint: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    })
    const missing = s3Store({ bucket: 'elsewhere', prefix: '', endpoint: s3.endpoint })
    process.env.AWS_ACCESS_KEY_ID = KEY_ID
    await expect(keysOf(missing.list(''))).rejects.toMatchObject({
      retryable: false,
      hint: expect.stringContaining('Make the bucket'),
    })
    for (const error of [refused, forbidden])
      expect(JSON.stringify(error) + String(error)).not.toMatch(/another one|Signature=/)
    await Promise.all([store.close(), denied.close(), missing.close()])
  })

  it('has one lock, which is free again when its holder is done or has died', async () => {
    const { s3, store } = await start()
    const lock = await store.lock?.()
    const other = s3Store({ bucket: s3.bucket, prefix: 'app/', endpoint: s3.endpoint })
    await expect(other.lock?.()).rejects.toMatchObject({ code: 'NOORMME_BACKUP_RUNNING', retryable: true })
    expect(await keysOf(store.list(''))).toEqual([])
    await lock?.release()
    await (await other.lock?.())?.release()

    const s3OfDead = await openS3({ bucket: s3.bucket, prefix: 'app/', endpoint: s3.endpoint }, 's3://backups/app')
    const lease = { id: 'x', holder: 'process 1 on elsewhere', until: Date.now() - 1 }
    const left = { Bucket: s3.bucket, Key: 'app/.lock', Body: JSON.stringify(lease) }
    await s3OfDead.client.send(new s3OfDead.sdk.PutObjectCommand(left))
    await (await store.lock?.())?.release()
    s3OfDead.client.destroy()
    await Promise.all([store.close(), other.close()])
  })

  it('stops when its caller does', async () => {
    const { s3, store } = await start()
    const controller = new AbortController()
    s3.fault = () => {
      controller.abort()
      return null
    }
    const put = store.put('object', chunksOf(someBytes(1_000)), { signal: controller.signal })
    await expect(put).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    await store.close()
  })
})

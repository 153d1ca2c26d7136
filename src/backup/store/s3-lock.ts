/**
 * The lock of a bucket is a lease, since nothing there ends with a process: an object that says who has it and until when.
 *
 *     absent or expired ──PUT if it is still so──▶ ours ──renewed each third of its time──▶ ours ──DELETE──▶ absent
 *                                                    └─ the process dies, or the bucket is out of reach ──▶ expires
 *
 * Servers that do not know conditions write all the same, so the lease is read back before it counts.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { BackupRunningError } from '../../errors.ts'
import { placeOf, type S3, s3Failure, statusOf } from './s3-client.ts'
import type { StoreLock } from './types.ts'

/** Milliseconds after which the lease of a dead process is free. */
const LEASE_MS = 60_000
/** Not among the objects: its name begins with a dot. */
const KEY = '.lock'

interface Lease {
  readonly id: string
  readonly holder: string
  /** Milliseconds since 1970, by the clock of whoever has it. */
  readonly until: number
}

/** @throws BackupRunningError when somebody has it. */
export async function lockBucket(s3: S3, leaseMs = LEASE_MS): Promise<StoreLock> {
  const id = randomUUID()
  const found = await read(s3)
  if (found !== null && found.lease.until > Date.now()) throw running(s3, found.lease)
  const condition = found === null ? { IfNoneMatch: '*' } : { IfMatch: found.tag }
  await write(s3, id, leaseMs, condition)
  const now = await read(s3)
  if (now?.lease.id !== id) throw running(s3, now?.lease)

  // One that was late and has lost it to somebody else takes nothing back.
  const renew = async (): Promise<void> => {
    const current = await read(s3)
    if (current?.lease.id === id) await write(s3, id, leaseMs, { IfMatch: current.tag })
  }
  const timer = setInterval(() => void renew().catch(() => {}), leaseMs / 3).unref()
  return {
    async release() {
      clearInterval(timer)
      try {
        if ((await read(s3))?.lease.id === id) await s3.client.send(new s3.sdk.DeleteObjectCommand(placeOf(s3, KEY)))
      } catch {
        // It expires by itself.
      }
    },
  }
}

async function read(s3: S3): Promise<{ readonly lease: Lease; readonly tag: string | undefined } | null> {
  try {
    const { Body, ETag } = await s3.client.send(new s3.sdk.GetObjectCommand(placeOf(s3, KEY)))
    return { lease: parse((await Body?.transformToString()) ?? ''), tag: ETag }
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw s3Failure(s3, KEY, error)
  }
}

/** What is no lease of ours holds nobody up. */
function parse(text: string): Lease {
  try {
    const { id = '', holder = '', until = 0 } = JSON.parse(text) as Partial<Lease>
    return { id, holder, until }
  } catch {
    return { id: '', holder: '', until: 0 }
  }
}

async function write(
  s3: S3,
  id: string,
  leaseMs: number,
  condition: { readonly IfNoneMatch?: string; readonly IfMatch?: string | undefined } = {},
): Promise<void> {
  const lease: Lease = { id, holder: `process ${process.pid} on ${hostname()}`, until: Date.now() + leaseMs }
  const { IfMatch, ...rest } = condition
  const input = {
    ...placeOf(s3, KEY),
    Body: JSON.stringify(lease),
    ...rest,
    ...(IfMatch === undefined ? {} : { IfMatch }),
  }
  try {
    await s3.client.send(new s3.sdk.PutObjectCommand(input))
  } catch (error) {
    // Somebody was faster.
    if (statusOf(error) === 412 || statusOf(error) === 409) throw running(s3)
    throw s3Failure(s3, KEY, error)
  }
}

function running({ description: store }: S3, lease?: Lease): BackupRunningError {
  return new BackupRunningError({ store, holder: lease?.holder === '' ? undefined : lease?.holder })
}

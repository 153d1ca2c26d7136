/** Whether the file is whole, as SQLite itself finds by reading all of it. */
import type { CallLimits, Executor } from '../engine/types.ts'
import { isNoormmeError, type NoormmeError } from '../errors.ts'

export interface IntegrityCheckOptions extends CallLimits {
  /** Leave out whether indexes agree with their tables, which takes most of the time. Default: `false`. */
  readonly quick?: boolean
}

export interface IntegrityReport {
  readonly ok: boolean
  /** What SQLite found wrong, at most 100; empty when the file is whole. */
  readonly problems: readonly string[]
}

/** Runs as long as it needs unless the call says otherwise: the longest that a timer of Node.js can wait. */
const NO_TIME_LIMIT_MS = 2 ** 31 - 1

interface SnapshotSource {
  snapshot<T>(fn: (snapshot: Executor) => Promise<T>, limits?: CallLimits): Promise<T>
}

/** In a snapshot, which is never on the event loop's thread where there is another. */
export async function checkIntegrity(
  source: SnapshotSource,
  { quick, limits }: { readonly quick: boolean; readonly limits: CallLimits },
): Promise<IntegrityReport> {
  const sql = quick ? 'PRAGMA quick_check' : 'PRAGMA integrity_check'
  const lasting = { ...limits, timeout: limits.timeout ?? NO_TIME_LIMIT_MS }
  try {
    const { rows } = await source.snapshot((snapshot) => snapshot.execute({ sql }, lasting), lasting)
    const problems = rows.map((row) => String(Object.values(row)[0])).filter((found) => found !== 'ok')
    return { ok: problems.length === 0, problems }
  } catch (error) {
    // Damaged so that SQLite cannot even read on: that is an answer, too.
    if (isNoormmeError(error, 'NOORMME_CORRUPT')) return { ok: false, problems: [reasonOf(error)] }
    throw error
  }
}

function reasonOf({ context, message }: NoormmeError): string {
  return typeof context.reason === 'string' ? context.reason : message
}

/**
 * The part of a health check that looks. It sends one statement, which reads the schema table and no other, and never
 * rejects: whatever goes wrong is a fact. The database file itself is not opened, only asked for by `statfs`.
 */
import { statfs } from 'node:fs/promises'
import type { EngineStats, Executor } from '../engine/types.ts'
import { TimeoutError } from '../errors.ts'
import { readDescriptors } from '../sqlite/descriptors.ts'
import type { DiskSpace, HealthFacts, HealthSettings, Observed } from './types.ts'

/** Milliseconds: who has not answered by then is reported as not answering, so that a health check always ends. */
export const ANSWER_LIMIT_MS = 5_000

/** Reads the first page of the file, under a lock, whatever the file holds. */
const ASK = 'SELECT 1 FROM sqlite_schema LIMIT 1'

export interface GatherHealthOptions {
  /** The time of the report. Default: the system's clock. */
  readonly now?: () => Date
  /** How long to wait for each answer, in milliseconds. Default: {@link ANSWER_LIMIT_MS}. */
  readonly limitMs?: number
}

/**
 * Gathers what {@link assessHealth} needs. A database that is not open (`stats` answers `null`) is not opened for it.
 *
 * @param settings what the configuration asked of every connection.
 * @example
 * const report = assessHealth(await gatherHealthFacts(engine, () => engine.stats(), config.optimization))
 */
export async function gatherHealthFacts(
  executor: Pick<Executor, 'execute'>,
  stats: () => EngineStats | null,
  settings: HealthSettings,
  { now = () => new Date(), limitMs = ANSWER_LIMIT_MS }: GatherHealthOptions = {},
): Promise<HealthFacts> {
  // Before anything is sent, so that the check does not find itself in a queue.
  const known = await observe(async () => stats())

  const closed = 'value' in known && known.value === null
  const path = 'value' in known ? known.value?.path : undefined
  const onDisk = path !== undefined && path !== ':memory:'
  const [answer, disk, descriptors] = await Promise.all([
    closed
      ? { ms: 0, error: 'the database is not open' }
      : observe(() => within(limitMs, 'the read of the health check', ask(executor))),
    onDisk ? observe(() => within(limitMs, 'asking for free disk space', diskSpace(path))) : null,
    onDisk ? observe(async () => readDescriptors(path)) : null,
  ])
  return { now: now(), settings, stats: known, answer, disk, descriptors }
}

async function ask(executor: Pick<Executor, 'execute'>): Promise<null> {
  await executor.execute({ sql: ASK }, { fresh: true })
  return null
}

async function diskSpace(path: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(path)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

async function observe<T>(look: () => Promise<T>): Promise<Observed<T>> {
  const start = performance.now()
  try {
    const value = await look()
    return { ms: performance.now() - start, value }
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause)
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
    return { ms: performance.now() - start, error, code }
  }
}

/** What comes after the limit is nobody's any more: `Promise.race` keeps a late rejection from being unhandled. */
async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new TimeoutError({ what, limitMs })), limitMs)
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The part of a health check that looks. It sends one statement, which reads the schema table and no other, and never
 * rejects: whatever goes wrong is a fact. The database file itself is not opened, only asked for by `statfs`. What has not
 * answered after a moment is reported as that: a health check takes no longer than that moment.
 */
import { statfs } from 'node:fs/promises'
import type { EngineStats, Executor } from '../engine/types.ts'
import { readDescriptors } from '../sqlite/descriptors.ts'
import { observe, Probe } from './probe.ts'
import type { DiskSpace, HealthFacts, HealthKnowledge, HealthSettings } from './types.ts'

/** Milliseconds that a health check waits; with what surrounds it, it takes less than 100. */
export const LOOK_LIMIT_MS = 80

/** Reads the first page of the file, under a lock, whatever the file holds. */
const ASK = 'SELECT 1 FROM sqlite_schema LIMIT 1'

/** What is under way from an earlier check. */
export class HealthProbes {
  readonly answer = new Probe<null>()
  readonly disk = new Probe<DiskSpace>()
}

/** Nothing is known. */
export const NOTHING_KNOWN: HealthKnowledge = { loop: null, integrity: null, backup: null, drift: null }

export interface GatherHealthOptions {
  /** The time of the report. Default: the system's clock. */
  readonly now?: () => Date
  /** How long to wait for answers, in milliseconds. Default: {@link LOOK_LIMIT_MS}. */
  readonly limitMs?: number
  /** Those of earlier checks. Default: none are under way. */
  readonly probes?: HealthProbes
  /** What need not be asked for. */
  readonly known?: HealthKnowledge
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
  options: GatherHealthOptions = {},
): Promise<HealthFacts> {
  const {
    now = () => new Date(),
    limitMs = LOOK_LIMIT_MS,
    probes = new HealthProbes(),
    known = NOTHING_KNOWN,
  } = options
  // Before anything is sent, so that the check does not find itself in a queue.
  const engine = await observe(async () => stats())

  const closed = 'value' in engine && engine.value === null
  const path = 'value' in engine ? engine.value?.path : undefined
  const onDisk = path !== undefined && path !== ':memory:'
  const [answer, disk, descriptors] = await Promise.all([
    closed ? { ms: 0, error: 'the database is not open' } : probes.answer.look(() => ask(executor), limitMs),
    onDisk ? probes.disk.look(() => diskSpace(path), limitMs) : null,
    onDisk ? observe(async () => readDescriptors(path)) : null,
  ])
  return { now: now(), settings, stats: engine, answer, disk, descriptors, ...known }
}

/** Short enough for the event loop's thread: a thread that has to be started first would take longer than the check. */
async function ask(executor: Pick<Executor, 'execute'>): Promise<null> {
  await executor.execute({ sql: ASK }, { fresh: true, point: true })
  return null
}

async function diskSpace(path: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(path)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

/** The connections of a database as they are now, in plain data. */
import { NOTHING_AT_WORK } from '../engine/engine-stats.ts'
import type {
  CacheStats,
  ConnectionStatus,
  EngineCounters,
  EngineStats,
  LogStats,
  NativeStats,
} from '../engine/types.ts'

export interface ConnectionStats {
  readonly database: 'SQLite'
  readonly dialect: 'noormme'
  /** ISO 8601, UTC. */
  readonly timestamp: string
  readonly status: 'connected' | 'disconnected'
  /** `null` while disconnected, as is `sqliteVersion`. */
  readonly path: string | null
  readonly sqliteVersion: string | null
  /** Whether the optional extension in C is loaded, and why not; see `docs/native.md`. `null` while disconnected. */
  readonly native: NativeStats | null
  /** Share of page reads that the page caches answered in the last minute, 0 to 1; `null` when nothing is known of any. */
  readonly pageCacheHitRatio: number | null
  /** Each with its label, state, current statement and the settings that SQLite reported; empty while disconnected. */
  readonly connections: readonly ConnectionStatus[]
  readonly queuedWrites: number
  readonly queuedBytes: number
  /** How long the oldest queued write has waited (ms); 0 when none waits. */
  readonly oldestQueuedMs: number
  readonly queuedReads: number
  /** Size of the write-ahead log; `null` without WAL. */
  readonly walBytes: number | null
  /** What is in the log, where writes wait for it, and what checkpoints came to; `null` without WAL. */
  readonly log: LogStats | null
  /** Kept results of reads, with hits and misses; `null` without `performance.enableCaching`. */
  readonly cache: CacheStats | null
  /** What is no longer in its place, the file or its log, as a sentence; `null` while both are. */
  readonly fileGone: string | null
  readonly counters: EngineCounters
}

const NOTHING: Omit<ConnectionStats, 'timestamp'> = {
  database: 'SQLite',
  dialect: 'noormme',
  status: 'disconnected',
  path: null,
  sqliteVersion: null,
  native: null,
  ...NOTHING_AT_WORK,
}

/**
 * Describes the connections from what the engine knows of itself. Asks nobody, so it never waits.
 *
 * @param stats `null` when there is no engine: then, and after a close, nothing is connected.
 * @example
 * connectionStats(engine.stats(), { now: new Date(), initialized: true }).status // 'connected'
 */
export function connectionStats(
  stats: EngineStats | null,
  { now, initialized }: { readonly now: Date; readonly initialized: boolean },
): ConnectionStats {
  const timestamp = now.toISOString()
  if (!initialized || stats === null || hasEnded(stats)) return { ...NOTHING, timestamp }
  return { ...NOTHING, ...stats, timestamp, status: 'connected' }
}

/** The writer is the last connection to end, and ends only with the engine. */
function hasEnded({ connections }: EngineStats): boolean {
  return connections.some(({ label, state }) => label === 'writer' && state === 'ended')
}

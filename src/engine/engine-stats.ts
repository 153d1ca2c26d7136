/** What an engine knows of itself. Asks nobody, so it never waits. */
import { type FilePlace, findMissing } from '../sqlite/file-identity.ts'
import { pageCacheHitRatio } from './thread/page-cache-record.ts'
import type { ConnectionFacts } from './thread/protocol.ts'
import type { EngineStats } from './types.ts'
import { sizeOfLog, type WalParts } from './wal-parts.ts'
import type { Writer } from './writer/writer.ts'

export interface EngineParts {
  readonly path: string
  /** Of the writer's connection. */
  readonly facts: ConnectionFacts
  readonly writer: Writer
  readonly wal: WalParts | null
  readonly place: FilePlace | null
  /** Transactions that were begun. */
  readonly transactions: number
}

/** What is to be said of connections, queues and counts where there is no engine. */
export const NOTHING_AT_WORK = {
  pageCacheHitRatio: null,
  connections: [],
  queuedWrites: 0,
  queuedBytes: 0,
  oldestQueuedMs: 0,
  queuedReads: 0,
  walBytes: null,
  log: null,
  cache: null,
  fileGone: null,
  counters: { readsInline: 0, readsInterrupted: 0, readsThreaded: 0, writes: 0, commits: 0, transactions: 0 },
} as const satisfies Omit<EngineStats, 'path' | 'sqliteVersion' | 'native'>

export function engineStats({ path, facts, writer, wal, place, transactions }: EngineParts): EngineStats {
  const { writes, bytes, oldestMs } = writer.queued
  const { reads, ...counters } = writer.counters
  const connections = [
    writer.status(),
    ...(wal === null
      ? []
      : [wal.inline.status(), ...wal.pool.status(), ...wal.maintenance.status(), ...(wal.archiver?.status() ?? [])]),
  ]
  return {
    path,
    sqliteVersion: facts.sqliteVersion,
    native: { loaded: facts.native.id !== null, reason: facts.native.reason },
    pageCacheHitRatio: pageCacheHitRatio(connections),
    connections,
    queuedWrites: writes,
    queuedBytes: bytes,
    oldestQueuedMs: oldestMs,
    queuedReads: wal?.pool.queued ?? 0,
    walBytes: wal === null ? null : sizeOfLog(path),
    log: wal?.checkpointer.stats() ?? null,
    cache: wal?.cache?.stats() ?? null,
    fileGone: place === null ? null : (findMissing(place)?.message ?? null),
    counters: {
      readsInline: wal?.inline.reads ?? 0,
      readsInterrupted: wal?.inline.interrupted ?? 0,
      readsThreaded: reads + (wal?.pool.reads ?? 0),
      transactions,
      ...counters,
    },
  }
}

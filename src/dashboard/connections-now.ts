/** Connections and the log as the page shows them: from what the database knows of itself, no statement with its literals. */
import type { ConnectionStatus } from '../engine/types.ts'
import type { ConnectionStats } from '../health/connection-stats.ts'
import { fingerprint } from '../sqlite/fingerprint.ts'
import type { ConnectionRow, LogNow } from './protocol.ts'

/** A page of a log takes its header besides: https://sqlite.org/walformat.html */
const FRAME_HEADER_BYTES = 24

export function connectionRows({ connections }: Pick<ConnectionStats, 'connections'>): ConnectionRow[] {
  return connections.map(({ label, state, sql, sqlAgeMs, pageCache, pragmas }) => ({
    label,
    state,
    sql: sql === null ? null : fingerprint(sql),
    sqlAgeMs,
    pageCacheHitRatio: pageCache === null ? null : ratioOf(pageCache.lastMinute),
    pageCacheBytes: pageCache?.usedBytes ?? null,
    pragmas: { ...pragmas },
  }))
}

export interface LogContext {
  readonly others: readonly string[]
  /** When the last checkpoint was first seen to be another one; `null` when there has been none. */
  readonly lastCheckpointAgeMs: number | null
}

export function logNow(stats: ConnectionStats, { others, lastCheckpointAgeMs }: LogContext): LogNow | null {
  const { log, walBytes, connections } = stats
  if (log === null || walBytes === null) return null
  const frameBytes = (pageSizeOf(connections) ?? 0) + FRAME_HEADER_BYTES
  const { last } = log.checkpoints
  return {
    bytes: walBytes,
    usedBytes: log.frames * frameBytes,
    copiedBytes: log.copied * frameBytes,
    limitBytes: log.limitBytes,
    pins: [],
    others,
    lastCheckpoint:
      last === null
        ? null
        : {
            mode: last.mode,
            result: last.result,
            ms: last.ms,
            pinnedBy: last.pinnedBy,
            ageMs: lastCheckpointAgeMs ?? 0,
          },
  }
}

export function pageSizeOf(connections: readonly ConnectionStatus[]): number | null {
  return connections.find(({ pragmas }) => pragmas !== null)?.pragmas?.page_size ?? null
}

function ratioOf({ hits, misses }: { readonly hits: number; readonly misses: number }): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses)
}

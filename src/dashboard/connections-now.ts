/** Connections and the log as the page shows them: from what the database knows of itself, no statement with its literals. */
import { logBytes } from '../engine/metrics/interval.ts'
import type { ConnectionStatus } from '../engine/types.ts'
import type { ConnectionStats } from '../health/connection-stats.ts'
import { withoutValues } from '../sqlite/fingerprint.ts'
import type { ConnectionRow, LogNow } from './protocol.ts'

export function connectionRows({ connections }: Pick<ConnectionStats, 'connections'>): ConnectionRow[] {
  return connections.map(({ label, state, sql, sqlAgeMs, pageCache, pragmas }) => ({
    label,
    state,
    sql: sql === null ? null : withoutValues(sql),
    sqlAgeMs,
    pageCacheHitRatio: pageCache === null ? null : ratioOf(pageCache.lastMinute),
    pageCacheBytes: pageCache?.usedBytes ?? null,
    pragmas: { ...pragmas },
  }))
}

/** @param others programs that hold locks on the log. */
export function logNow(stats: ConnectionStats, others: readonly string[]): LogNow | null {
  const { log, walBytes, connections } = stats
  if (log === null || walBytes === null) return null
  const { walUsedBytes, walCopiedBytes } = logBytes({ walBytes, log, connections })
  const { last, lastAgeMs, error } = log.checkpoints
  return {
    bytes: walBytes,
    usedBytes: walUsedBytes ?? 0,
    copiedBytes: walCopiedBytes ?? 0,
    limitBytes: log.limitBytes,
    pins: log.pins.map((pin) => ({ ...pin, sql: pin.sql === null ? null : withoutValues(pin.sql) })),
    others,
    lastCheckpoint:
      last === null
        ? null
        : {
            mode: last.mode,
            result: error === null ? last.result : `failed: ${error}`,
            ms: last.ms,
            pinnedBy: last.pinnedBy,
            ageMs: lastAgeMs ?? 0,
          },
  }
}

export function pageSizeOf(connections: readonly ConnectionStatus[]): number | null {
  return connections.find(({ pragmas }) => pragmas !== null)?.pragmas?.page_size ?? null
}

function ratioOf({ hits, misses }: { readonly hits: number; readonly misses: number }): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses)
}

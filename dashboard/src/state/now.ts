/** The figures of the moment: what the last seconds came to. */
import type { MetricsPoint } from '../../../src/engine/metrics/types.ts'

/** One second is too short to read a rate off, and a minute hides what is happening. */
export const NOW_SECONDS = 5

export interface Now {
  readonly reads: number
  readonly cached: number
  readonly writes: number
  readonly commits: number
  /** The worst p99 of these seconds (ms). */
  readonly readP99: number | null
  readonly writeP99: number | null
  readonly loopDelay: number | null
  /** The most, and the longest (ms), of these seconds. */
  readonly queuedWrites: number
  readonly oldestQueuedMs: number
  readonly walUsedBytes: number | null
  readonly pageCacheHitRatio: number | null
}

/** `null` before the first point. */
export function nowOf(seconds: readonly MetricsPoint[]): Now | null {
  const newest = seconds.at(-1)
  if (newest === undefined) return null
  const last = seconds.filter(({ at }) => at > newest.at - NOW_SECONDS * 1000)
  const rate = (of: (point: MetricsPoint) => number) => last.reduce((sum, point) => sum + of(point), 0) / last.length
  const worst = (of: (point: MetricsPoint) => number | null) => {
    const known = last.map(of).filter((value) => value !== null)
    return known.length === 0 ? null : Math.max(...known)
  }
  return {
    reads: rate((point) => point.readsInline + point.readsThreaded + point.readsCached),
    cached: rate((point) => point.readsCached),
    writes: rate((point) => point.writes),
    commits: rate((point) => point.commits),
    readP99: worst((point) => point.read.p99),
    writeP99: worst((point) => point.write.p99),
    loopDelay: worst((point) => point.loopDelayP99),
    queuedWrites: worst((point) => point.queuedWrites) ?? 0,
    oldestQueuedMs: worst((point) => point.oldestQueuedMs) ?? 0,
    walUsedBytes: newest.walUsedBytes,
    pageCacheHitRatio: newest.pageCacheHitRatio,
  }
}

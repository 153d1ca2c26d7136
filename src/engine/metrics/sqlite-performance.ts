/** The same record in fewer words, under the names that the first noormme had. */
import { ratio } from './interval.ts'
import type { PerformanceMetrics, StatementMetrics } from './types.ts'

const MOST = 10

/** Times in milliseconds, since the database was opened. */
export interface SQLitePerformanceMetrics {
  readonly queryCount: number
  /** Of those that did not fail; `null` when there was none. */
  readonly averageQueryTime: number | null
  /** Share of page reads that the page caches answered in the last minute, 0 to 1; `null` when nothing is known. */
  readonly cacheHitRate: number | null
  readonly slowQueries: number
  /** Share of calls that failed, 0 to 1; `null` when there was none. */
  readonly errorRate: number | null
  /** Statements that were slow at least once, the slowest on average first. */
  readonly topSlowQueries: readonly { readonly query: string; readonly averageTime: number; readonly count: number }[]
  /** Statements by how often they ran, `?` in the place of values. */
  readonly queryPatterns: readonly {
    readonly pattern: string
    readonly frequency: number
    readonly averageTime: number
  }[]
}

export function sqlitePerformance(metrics: PerformanceMetrics): SQLitePerformanceMetrics {
  const { queries, readHistogram, writeHistogram, topStatements, errors } = metrics
  const answered = readHistogram.count + writeHistogram.count
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
  return {
    queryCount: queries,
    averageQueryTime: answered === 0 ? null : (readHistogram.sumMs + writeHistogram.sumMs) / answered,
    cacheHitRate: metrics.pageCacheHitRatio,
    slowQueries: metrics.slowQueries,
    errorRate: ratio(failed, answered),
    topSlowQueries: topStatements
      .filter(({ slow }) => slow > 0)
      .sort((a, b) => averageOf(b) - averageOf(a))
      .slice(0, MOST)
      .map((each) => ({ query: each.fingerprint, averageTime: averageOf(each), count: each.calls })),
    queryPatterns: topStatements
      .toSorted((a, b) => b.calls - a.calls)
      .slice(0, MOST)
      .map((each) => ({ pattern: each.fingerprint, frequency: each.calls, averageTime: averageOf(each) })),
  }
}

function averageOf({ totalMs, calls, errors }: StatementMetrics): number {
  return totalMs / Math.max(1, calls - errors)
}

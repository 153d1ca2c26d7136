/** From what an engine has recorded to what users see. */
import { ValidationError } from '../../errors.ts'
import { nearest } from '../../util/nearest.ts'
import type { EngineStats } from '../types.ts'
import { EngineRecord, INTERVALS, type RecordedStats } from './engine-record.ts'
import { ratio } from './interval.ts'
import { statementMetrics } from './statement-records.ts'
import type { HistoryName, MetricsHistory, PerformanceMetrics } from './types.ts'

/** Statements that are shown of those that took the most time. */
const TOP_STATEMENTS = 20

/** Without an engine nothing was recorded. */
export function performanceMetrics(known: EngineRecord | null, stats: EngineStats | null): PerformanceMetrics {
  return known === null || stats === null ? metricsOf(new EngineRecord(), NO_STATS) : metricsOf(known, stats)
}

const NO_STATS: RecordedStats = {
  counters: { readsInline: 0, readsInterrupted: 0, readsThreaded: 0, writes: 0, commits: 0, transactions: 0 },
  cache: null,
  log: null,
  pageCacheHitRatio: null,
}

function metricsOf(record: EngineRecord, stats: RecordedStats): PerformanceMetrics {
  const totals = record.totals(stats)
  const read = record.durations('read')
  const write = record.durations('write')
  return {
    timestamp: new Date().toISOString(),
    since: record.since.toISOString(),
    queries: record.queries,
    readsInline: totals.readsInline,
    readsThreaded: totals.readsThreaded,
    readsCached: totals.readsCached,
    readsInterrupted: stats.counters.readsInterrupted,
    writes: totals.writes,
    commits: totals.commits,
    transactions: totals.transactions,
    rowsRead: totals.rowsRead,
    rowsWritten: totals.rowsWritten,
    slowQueries: totals.slow,
    read: read.latency(),
    write: write.latency(),
    readHistogram: read.exported(),
    writeHistogram: write.exported(),
    batch: {
      mean: totals.groups === 0 ? null : totals.groupedWrites / totals.groups,
      max: totals.groups === 0 ? null : record.batchMax,
    },
    busyWaitMs: totals.busyWaitMs,
    errors: Object.fromEntries(record.errors),
    checkpoints: {
      copies: totals.checkpointCopies,
      restarts: totals.checkpointRestarts,
      unfinished: totals.checkpointsUnfinished,
    },
    pageCacheHitRatio: stats.pageCacheHitRatio,
    resultCacheHitRatio: ratio(totals.readsCached, totals.cacheMisses),
    loopDelay: record.durations('loop').latency(),
    topStatements: record.statements.top(TOP_STATEMENTS).map(statementMetrics),
    slowStatements: record.slow
      .toArray()
      .reverse()
      .map((slow) => ({ ...slow, plan: record.statements.byId(slow.id)?.plan ?? null })),
    nPlusOne: record.suspects,
  }
}

/** @throws ValidationError for a name that there is not. */
export function metricsHistory(record: EngineRecord | null, name: HistoryName): MetricsHistory {
  if (!Object.hasOwn(INTERVALS, name)) {
    const names = Object.keys(INTERVALS)
    const close = nearest(String(name), names)
    const meant = close.length === 0 ? '' : ` Did you mean '${close.join("' or '")}'?`
    const advice = `Histories are ${names.join(' and ')}.`
    throw new ValidationError({ subject: 'getMetricsHistory()', reason: `knows no such history.${meant}`, advice })
  }
  return (record ?? new EngineRecord()).history(name)
}

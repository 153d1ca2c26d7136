/** What is said where nothing is known: of a database that is not open, and of what a file does not tell. */
import { performanceMetrics } from '../engine/metrics/performance-metrics.ts'
import type { Latency, MetricsPoint, PerformanceMetrics } from '../engine/metrics/types.ts'

const NO_LATENCY: Latency = { p50: null, p95: null, p99: null, max: null }

export function emptyPoint(at: number): MetricsPoint {
  return {
    at,
    readsInline: 0,
    readsThreaded: 0,
    readsCached: 0,
    writes: 0,
    commits: 0,
    transactions: 0,
    errors: 0,
    slow: 0,
    rowsRead: 0,
    rowsWritten: 0,
    read: NO_LATENCY,
    write: NO_LATENCY,
    batchMean: null,
    batchMax: null,
    queuedWrites: 0,
    oldestQueuedMs: 0,
    queuedReads: 0,
    busyWaitMs: 0,
    walBytes: null,
    walUsedBytes: null,
    walCopiedBytes: null,
    checkpointCopies: 0,
    checkpointRestarts: 0,
    checkpointsUnfinished: 0,
    pageCacheHitRatio: null,
    resultCacheHitRatio: null,
    loopDelayP99: 0,
    loopDelayMax: 0,
    cpu: 0,
    loopUtilization: 0,
  }
}

export function emptyMetrics(since: Date): PerformanceMetrics {
  return { ...performanceMetrics(null, null), since: since.toISOString() }
}

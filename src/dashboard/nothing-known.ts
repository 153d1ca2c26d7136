/** What is said of a database that is not open: nothing happened, nothing is known. */
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

export function emptyMetrics(now: Date, since: Date = now): PerformanceMetrics {
  return {
    timestamp: now.toISOString(),
    since: since.toISOString(),
    queries: 0,
    readsInline: 0,
    readsThreaded: 0,
    readsCached: 0,
    readsInterrupted: 0,
    writes: 0,
    commits: 0,
    transactions: 0,
    rowsRead: 0,
    rowsWritten: 0,
    slowQueries: 0,
    read: NO_LATENCY,
    write: NO_LATENCY,
    batch: { mean: null, max: null },
    busyWaitMs: 0,
    errors: {},
    checkpoints: { copies: 0, restarts: 0, unfinished: 0 },
    pageCacheHitRatio: null,
    resultCacheHitRatio: null,
    loopDelay: NO_LATENCY,
    topStatements: [],
    slowStatements: [],
    nPlusOne: [],
  }
}

/** One interval of a history: from what was counted at its two ends, and what was seen in between. Pure but for histograms. */
import type { EngineStats } from '../types.ts'
import { Histogram } from './histogram.ts'
import type { MetricsPoint } from './types.ts'

/** What has been counted up to a moment. */
export interface Totals {
  readonly readsInline: number
  readonly readsThreaded: number
  readonly readsCached: number
  readonly cacheMisses: number
  readonly writes: number
  readonly commits: number
  readonly transactions: number
  readonly errors: number
  readonly slow: number
  readonly rowsRead: number
  readonly rowsWritten: number
  /** Writes that shared commits, and these commits. */
  readonly groupedWrites: number
  readonly groups: number
  readonly busyWaitMs: number
  readonly checkpointCopies: number
  readonly checkpointRestarts: number
  readonly checkpointsUnfinished: number
  /** Of the process, on all processors. */
  readonly cpuMs: number
  readonly loopActiveMs: number
  /** On the clock of `performance`. */
  readonly atMs: number
}

/** Of the log's file: https://sqlite.org/walformat.html */
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

/** What was seen between the two ends. */
export class Peaks {
  readonly read = new Histogram()
  readonly write = new Histogram()
  readonly loop = new Histogram()
  batchMax = 0

  add(other: Peaks): void {
    this.read.add(other.read)
    this.write.add(other.write)
    this.loop.add(other.loop)
    this.batchMax = Math.max(this.batchMax, other.batchMax)
  }

  clear(): void {
    this.read.clear()
    this.write.clear()
    this.loop.clear()
    this.batchMax = 0
  }
}

export interface IntervalEnds {
  readonly before: Totals
  readonly after: Totals
  readonly peaks: Peaks
  /** As it ended. */
  readonly stats: EngineStats
  /** When it ended (ms since 1970). */
  readonly at: number
}

export function pointOf({ before, after, peaks, stats, at }: IntervalEnds): MetricsPoint {
  const since = <K extends keyof Totals>(key: K): number => after[key] - before[key]
  const elapsedMs = Math.max(1, since('atMs'))
  const groups = since('groups')
  const loop = peaks.loop.latency()
  return {
    at,
    readsInline: since('readsInline'),
    readsThreaded: since('readsThreaded'),
    readsCached: since('readsCached'),
    writes: since('writes'),
    commits: since('commits'),
    transactions: since('transactions'),
    errors: since('errors'),
    slow: since('slow'),
    rowsRead: since('rowsRead'),
    rowsWritten: since('rowsWritten'),
    read: peaks.read.latency(),
    write: peaks.write.latency(),
    batchMean: groups === 0 ? null : since('groupedWrites') / groups,
    batchMax: groups === 0 ? null : peaks.batchMax,
    queuedWrites: stats.queuedWrites,
    oldestQueuedMs: stats.oldestQueuedMs,
    queuedReads: stats.queuedReads,
    busyWaitMs: since('busyWaitMs'),
    ...logBytes(stats),
    checkpointCopies: since('checkpointCopies'),
    checkpointRestarts: since('checkpointRestarts'),
    checkpointsUnfinished: since('checkpointsUnfinished'),
    pageCacheHitRatio: stats.pageCacheHitRatio,
    resultCacheHitRatio: ratio(since('readsCached'), since('cacheMisses')),
    loopDelayP99: loop.p99 ?? 0,
    loopDelayMax: loop.max ?? 0,
    cpu: since('cpuMs') / elapsedMs,
    loopUtilization: Math.min(1, since('loopActiveMs') / elapsedMs),
  }
}

/** Hits among all looks; `null` when nobody looked. */
export function ratio(hits: number, misses: number): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses)
}

/** The log's file, what is in use of it, and what of that has been copied. */
export function logBytes({
  walBytes,
  log,
  connections,
}: Pick<EngineStats, 'walBytes' | 'log' | 'connections'>): Pick<
  MetricsPoint,
  'walBytes' | 'walUsedBytes' | 'walCopiedBytes'
> {
  const page = connections.find(({ pragmas }) => pragmas !== null)?.pragmas?.page_size
  if (walBytes === null || log === null || page === undefined) {
    return { walBytes, walUsedBytes: null, walCopiedBytes: null }
  }
  const bytes = (frames: number): number => (frames === 0 ? 0 : LOG_HEADER_BYTES + frames * (page + FRAME_HEADER_BYTES))
  return { walBytes, walUsedBytes: bytes(log.frames), walCopiedBytes: bytes(log.copied) }
}

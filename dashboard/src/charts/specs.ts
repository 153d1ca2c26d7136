/** The charts of the page, in its order. */
import type { ChartSpec } from './spec.ts'

export const READS: ChartSpec = {
  id: 'reads',
  title: 'Reads',
  unit: 'rate',
  hint: 'Good: most are inline or cached. Threads take the long ones.',
  lines: [
    { label: 'Inline', color: 'blue', of: (point) => point.readsInline },
    { label: 'Threaded', color: 'teal', of: (point) => point.readsThreaded },
    { label: 'Cached', color: 'violet', of: (point) => point.readsCached },
    { label: 'Rows', color: null, of: (point) => point.rowsRead },
  ],
  stacked: true,
  reach: 10,
  empty: 'No reads in this time.',
}

export const WRITES: ChartSpec = {
  id: 'writes',
  title: 'Writes and commits',
  unit: 'rate',
  hint: 'Good: far fewer commits than writes under load.',
  lines: [
    { label: 'Writes', color: 'blue', of: (point) => point.writes, filled: true },
    { label: 'Commits', color: 'amber', of: (point) => point.commits },
    { label: 'Transactions', color: 'violet', of: (point) => point.transactions },
    { label: 'Rows', color: null, of: (point) => point.rowsWritten },
  ],
  reach: 10,
  empty: 'No writes in this time.',
}

/** All that a file tells of what is written to it. */
export const COMMITS: ChartSpec = {
  id: 'commits',
  title: 'Commits',
  unit: 'rate',
  hint: 'Of whichever program writes, as far as its log tells.',
  lines: [{ label: 'Commits', color: 'blue', of: (point) => point.commits, filled: true }],
  reach: 10,
  empty: 'No commits in this time.',
}

export const QUEUE: ChartSpec = {
  id: 'queue',
  title: 'Waiting, and batches',
  unit: 'count',
  hint: 'Good: the oldest write waits under 100 ms.',
  lines: [
    { label: 'Writes', color: 'blue', of: (point) => point.queuedWrites, filled: true },
    { label: 'Reads', color: 'teal', of: (point) => point.queuedReads },
    { label: 'Batch', color: 'amber', of: (point) => point.batchMean },
    { label: 'Oldest write', color: null, unit: 'ms', of: (point) => point.oldestQueuedMs },
  ],
  reach: 8,
  empty: 'Nothing has waited in this time.',
}

const quantiles = (of: 'read' | 'write'): ChartSpec['lines'] => [
  { label: 'p50', color: 'blue-soft', of: (point) => point[of].p50 },
  { label: 'p95', color: 'blue', of: (point) => point[of].p95 },
  { label: 'p99', color: 'blue-deep', of: (point) => point[of].p99 },
  { label: 'Longest', color: null, of: (point) => point[of].max },
]

export const READ_LATENCY: ChartSpec = {
  id: 'read-latency',
  title: 'Read latency',
  unit: 'ms',
  hint: 'Good: p99 under 5 ms for point reads and short lists.',
  lines: quantiles('read'),
  reach: 1,
  empty: 'No reads in this time.',
}

export const WRITE_LATENCY: ChartSpec = {
  id: 'write-latency',
  title: 'Write latency',
  unit: 'ms',
  hint: 'Good: p99 under 25 ms, waiting for the disk included.',
  lines: [...quantiles('write'), { label: 'Locked out', color: null, of: (point) => point.busyWaitMs }],
  reach: 5,
  empty: 'No writes in this time.',
}

export const LOOP: ChartSpec = {
  id: 'loop',
  title: 'Event loop delay',
  unit: 'ms',
  hint: 'Good: p99 under 20 ms. It is of the whole process.',
  lines: [
    { label: 'p99', color: 'blue', of: (point) => point.loopDelayP99, filled: true },
    { label: 'Longest', color: 'amber', of: (point) => point.loopDelayMax },
  ],
  reach: 20,
  empty: 'Nothing recorded in this time.',
}

export const CPU: ChartSpec = {
  id: 'cpu',
  title: 'Processor',
  unit: 'share',
  hint: 'Good: the event loop under 70 %. 100 % is one core.',
  lines: [
    { label: 'Process', color: 'blue', of: (point) => point.cpu, filled: true },
    { label: 'Event loop', color: 'amber', of: (point) => point.loopUtilization },
  ],
  reach: 1,
  empty: 'Nothing recorded in this time.',
}

export const LOG: ChartSpec = {
  id: 'log',
  title: 'Write-ahead log',
  unit: 'bytes',
  hint: 'Good: in use under half of the limit, and copied close behind it. At the limit writes wait.',
  lines: [
    { label: 'In use', color: 'blue', of: (point) => point.walUsedBytes, filled: true },
    { label: 'Copied', color: 'teal', of: (point) => point.walCopiedBytes },
    { label: 'File', color: 'slate', of: (point) => point.walBytes },
    {
      label: 'Checkpoints',
      color: null,
      unit: 'count',
      of: (point) => point.checkpointCopies + point.checkpointRestarts,
    },
    { label: 'Unfinished', color: null, unit: 'count', of: (point) => point.checkpointsUnfinished },
  ],
  reach: 1024 * 1024,
  limit: ({ overview }) => overview.log?.limitBytes ?? null,
  mark: (point) =>
    point.checkpointsUnfinished > 0
      ? 'unfinished'
      : point.checkpointCopies + point.checkpointRestarts > 0
        ? 'done'
        : null,
  empty: 'There is no log in this time: the database is closed, or not in WAL mode.',
}

export const CACHES: ChartSpec = {
  id: 'caches',
  title: 'Cache hits',
  unit: 'share',
  hint: 'Good: pages over 90 %. A commit empties readers’ caches.',
  lines: [
    { label: 'Pages', color: 'blue', of: (point) => point.pageCacheHitRatio },
    { label: 'Results', color: 'violet', of: (point) => point.resultCacheHitRatio },
  ],
  reach: 1,
  top: 1,
  empty: 'Nothing has been looked up in this time.',
}

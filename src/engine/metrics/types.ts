/** What is recorded of an engine at work: plain data, no HTTP. `docs/metrics.md` says what each number means. */

/** Of durations, in milliseconds. `null` where there was none. */
export interface Latency {
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly max: number | null
}

/** How many of all took at most so long. */
export interface DurationHistogram {
  readonly buckets: readonly { readonly boundMs: number; readonly count: number }[]
  readonly count: number
  readonly sumMs: number
}

/**
 * Statements of one shape: the same text but for its literals. Since the engine was opened. At most 500 are kept apart;
 * those used least recently are counted together as `other`.
 */
export interface StatementMetrics {
  /** Short and stable across restarts, so that a page can refer to it. */
  readonly id: string
  /** Literals are `?`, lists of values one `?, …`. */
  readonly fingerprint: string
  readonly kind: 'read' | 'write'
  readonly calls: number
  /** Calls that failed. */
  readonly errors: number
  /** Rows returned, and rows inserted, updated or deleted. */
  readonly rows: number
  readonly changes: number
  /** From call to answer, all calls together (ms), and how much of it SQLite itself took. */
  readonly totalMs: number
  readonly runningMs: number
  readonly latency: Latency
  /** Calls that took at least `performance.slowQueryThreshold`. */
  readonly slow: number
  /** When it ran last, to the second: ISO 8601, UTC. */
  readonly lastAt: string
}

/** One call that took at least `performance.slowQueryThreshold`. */
export interface SlowStatement {
  readonly id: string
  /** `?` in the place of each value and each list of values, blanks and comments folded. */
  readonly sql: string
  readonly kind: 'read' | 'write'
  /** When it was answered: ISO 8601, UTC. */
  readonly at: string
  /** From call to answer, of that in SQLite, and the rest (ms); `null` where that is not known. */
  readonly duration: number
  readonly running: number | null
  readonly waited: number | null
  readonly rows: number
  readonly changes: number
  readonly connection: string | null
  readonly scope: 'transaction' | 'snapshot' | null
  readonly error: string | null
  /** Where the call was made; `null` when it is not known, and while more than a hundred a second are slow. */
  readonly origin: string | null
  /** Types of the bound values, in order; never the values themselves unless `monitoring.recordValues` is on. */
  readonly parameters: readonly string[]
  /** `EXPLAIN QUERY PLAN`, as indented lines; `null` where it was not asked for or cannot be had. */
  readonly plan: readonly string[] | null
}

/** One place in the code that sends the same read again and again. */
export interface NPlusOneSuspect {
  readonly sql: string
  readonly count: number
  readonly origin: string
  readonly suggestion: string
  readonly at: string
}

/** What happened in one interval of a history. Counts are of that interval alone, sizes are as it ended. */
export interface MetricsPoint {
  /** When the interval ended (ms since 1970). */
  readonly at: number
  readonly readsInline: number
  readonly readsThreaded: number
  /** Reads answered with a kept result. */
  readonly readsCached: number
  readonly writes: number
  readonly commits: number
  readonly transactions: number
  readonly errors: number
  readonly slow: number
  readonly rowsRead: number
  readonly rowsWritten: number
  readonly read: Latency
  readonly write: Latency
  /** Writes a commit, and the most. `null` without commits. */
  readonly batchMean: number | null
  readonly batchMax: number | null
  readonly queuedWrites: number
  readonly oldestQueuedMs: number
  readonly queuedReads: number
  /** Time that writes waited for locks of other processes (ms). */
  readonly busyWaitMs: number
  /** The log's file, what is in use of it, and what of that is in the database file already; `null` without WAL. */
  readonly walBytes: number | null
  readonly walUsedBytes: number | null
  readonly walCopiedBytes: number | null
  readonly checkpointCopies: number
  readonly checkpointRestarts: number
  readonly checkpointsUnfinished: number
  /** 0 to 1; `null` when nothing is known of any. */
  readonly pageCacheHitRatio: number | null
  readonly resultCacheHitRatio: number | null
  /** Delay of the event loop (ms). */
  readonly loopDelayP99: number
  readonly loopDelayMax: number
  /** Share of one processor that the whole process used, and the event loop's thread: 1 is all of one. */
  readonly cpu: number
  readonly loopUtilization: number
}

export type HistoryName = 'seconds' | 'minutes'

/** `seconds`: the last 15 minutes, a point a second. `minutes`: the last 24 hours, a point a minute. Oldest first. */
export interface MetricsHistory {
  readonly name: HistoryName
  readonly intervalMs: number
  readonly points: readonly MetricsPoint[]
}

/** Since the engine was opened, unless a field says otherwise. */
export interface PerformanceMetrics {
  /** ISO 8601, UTC; and since when. */
  readonly timestamp: string
  readonly since: string
  readonly queries: number
  readonly readsInline: number
  readonly readsThreaded: number
  readonly readsCached: number
  readonly readsInterrupted: number
  readonly writes: number
  readonly commits: number
  readonly transactions: number
  readonly rowsRead: number
  readonly rowsWritten: number
  readonly slowQueries: number
  readonly read: Latency
  readonly write: Latency
  /** The same durations by buckets, for monitoring systems. */
  readonly readHistogram: DurationHistogram
  readonly writeHistogram: DurationHistogram
  readonly batch: { readonly mean: number | null; readonly max: number | null }
  readonly busyWaitMs: number
  /** How often each code occurred. */
  readonly errors: Readonly<Record<string, number>>
  readonly checkpoints: { readonly copies: number; readonly restarts: number; readonly unfinished: number }
  readonly pageCacheHitRatio: number | null
  readonly resultCacheHitRatio: number | null
  readonly loopDelay: Latency
  /** Those that took the most time together, the first first. */
  readonly topStatements: readonly StatementMetrics[]
  /** The newest first. */
  readonly slowStatements: readonly SlowStatement[]
  readonly nPlusOne: readonly NPlusOneSuspect[]
}

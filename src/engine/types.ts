/**
 * What the engine offers to the layers above it: the final interface, independent of threads and files.
 *
 * Everything above runs against {@link Executor}; the engine itself, a transaction and a snapshot each are one, so a
 * repository or a Kysely instance works the same in all three.
 */
import type { CheckpointMode } from '../sqlite/checkpoint-types.ts'
import type { CopyOptions, CopyResult } from '../sqlite/copy-types.ts'
import type { PageCacheCounters } from '../sqlite/native-types.ts'
import type { ConnectionPragmas } from '../sqlite/settings.ts'
import type { SqlValue } from '../sqlite/values.ts'

/** A row as plain data, keyed by column name. */
export type Row = Record<string, SqlValue>

/** One SQL statement with its bound values, as the caller gave them. */
export interface Statement {
  readonly sql: string
  /** Positional values; see `docs/values.md` for what each JavaScript type becomes. Default: none. */
  readonly parameters?: readonly unknown[]
}

export interface ResultSet {
  /** The rows it returned; empty for a statement that returns none. */
  readonly rows: Row[]
  /** Rows inserted, updated or deleted by this very statement; 0 for a read. */
  readonly changes: number
  /** Rowid of the last row this very statement inserted; `null` when it inserted none. */
  readonly lastInsertRowid: number | bigint | null
  /** Label of the connection that ran it; left out where none did, as for a kept result. */
  readonly connection?: string
  /** How long SQLite itself took (ms); left out with it. */
  readonly ms?: number
}

/** What may end a call before it is done. What that means for each kind of work is in `docs/limits.md`. */
export interface CallLimits {
  /** Ends the call with `AbortedError` when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the call, waiting included; then it ends with `TimeoutError`. Default: none. */
  readonly timeout?: number | undefined
}

export interface ReadOptions extends CallLimits {
  /**
   * The caller knows that this search finds at most one row by rowid or unique key, without a BLOB column, so it is
   * short enough for the event loop's thread from its first run.
   */
  readonly point?: boolean
  /** Runs on the writer's connection, behind everything that is queued there. Default: `false`. */
  readonly afterWrites?: boolean
  /** Reads from the file although its result is kept: the caller wants to know how reading goes. Default: `false`. */
  readonly fresh?: boolean
}

export interface TransactionOptions extends CallLimits {
  /**
   * Milliseconds from the call to the end of the callback, the wait for its turn included. Default:
   * `performance.transactionTimeout`, which counts from BEGIN.
   */
  readonly timeout?: number | undefined
}

/** Runs statements: the engine (each by itself), a transaction or a snapshot (all within it). */
export interface Executor {
  /** Runs one statement of any kind; the engine decides where. */
  execute(statement: Statement, options?: ReadOptions): Promise<ResultSet>
  /** Runs several statements, all or nothing. */
  batch(statements: readonly Statement[], limits?: CallLimits): Promise<ResultSet[]>
  /** Runs `fn` in a scope of its own: a transaction on the engine, a savepoint inside a transaction. */
  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Opens such a scope by hand; whoever does must end it. */
  begin(options?: TransactionOptions): Promise<OpenTransaction>
  /** Rows in blocks, as they are read; ends its read when iteration stops. */
  stream(statement: Statement, options?: StreamOptions): AsyncIterable<Row[]>
  /** Whoever calls it on behalf of a user says so while the user's code is still on the stack, for those who watch. */
  onCall?(): void
}

/** Limits count from when iteration begins. */
export interface StreamOptions extends CallLimits {
  /** The most rows in a block. Default: 1,024. */
  readonly blockRows?: number | undefined
}

/** What went wrong in a script, and where. */
export interface ScriptFailure {
  /** Offset of the failing statement in the script, in UTF-16 units. */
  readonly offset: number
  readonly statement: string
  readonly error: Error
}

/** An open transaction. */
export interface Transaction extends Executor {
  /**
   * Runs a script of several statements in order, cut where SQLite itself finds the end of each (triggers included),
   * and stops at the first that fails. Resolves in both cases: the caller decides whether to roll back by throwing.
   */
  script(sql: string): Promise<{ readonly statements: number; readonly failure: ScriptFailure | null }>
}

/** A transaction that its owner ends. */
export interface OpenTransaction extends Transaction {
  /** Rejects when the transaction ends by itself: its time ran out, or its thread died. Never resolves. */
  readonly lost: Promise<never>
  /** Resolves when it has ended, however it did, and has given back what it held. */
  readonly released: Promise<void>
  commit(): Promise<void>
  /** Does nothing when the transaction has ended already. */
  rollback(): Promise<void>
  /** Named savepoints, for builders that manage them by name. */
  savepoint(action: 'create' | 'release' | 'rollbackTo', name: string): Promise<void>
}

/** `abandoned`: its caller waits no longer; it runs a statement that cannot be stopped, aside, and then ends. */
export type ConnectionState =
  | 'starting'
  | 'idle'
  | 'busy'
  | 'transaction'
  | 'snapshot'
  | 'stream'
  | 'abandoned'
  | 'ended'

export interface ConnectionStatus {
  /** `inline`, `writer`, `reader-1`, …: the same label as in errors. */
  readonly label: string
  readonly state: ConnectionState
  /** The statement it is running now, if any, and for how long (ms). */
  readonly sql: string | null
  readonly sqlAgeMs: number | null
  /** What SQLite reported when the connection was opened; `null` while it starts. */
  readonly pragmas: ConnectionPragmas | null
  /** Whether SQLite reported `optimization.stablePlans` when it was opened; `null` without the native extension. */
  readonly stablePlans: boolean | null
  /** Its page cache; `null` without the native extension, and while it starts. */
  readonly pageCache: PageCacheStats | null
}

/** Of one connection's page cache, counted by SQLite since it was opened: https://sqlite.org/c3ref/c_dbstatus_options.html */
export interface PageCacheStats extends PageCacheCounters {
  /** Of the hits and misses those of the last minute. */
  readonly lastMinute: { readonly hits: number; readonly misses: number }
  /** How old these numbers are (ms). A connection tells them within a second of working, and not while it is busy. */
  readonly ageMs: number
}

/** The optional extension in C. */
export interface NativeStats {
  readonly loaded: boolean
  /** Why it is not loaded, as a sentence; `null` when it is. */
  readonly reason: string | null
}

/** A connection of ours with an open read transaction: the log cannot start again before it ends. */
export interface Pin {
  readonly label: string
  readonly state: ConnectionState
  /** The statement it is running now, if any. */
  readonly sql: string | null
  /** How long its read transaction has been open, at most (ms). */
  readonly ageMs: number
}

/** What a checkpoint came to. */
export interface CheckpointOutcome {
  readonly mode: CheckpointMode
  /**
   * `complete`: everything is in the file (and, but for PASSIVE and FULL, the log starts again). `partial`: something
   * reads from the log. `busy`: another checkpoint was under way.
   */
  readonly result: 'complete' | 'partial' | 'busy'
  /** Frames in the log, and how many of them are in the file. */
  readonly frames: number
  readonly copied: number
  /** What kept it from its end, as far as it is known: our connections, then other processes. */
  readonly pinnedBy: readonly string[]
  readonly ms: number
}

/** Since the engine was opened. */
export interface CheckpointCounters {
  /** Checkpoints that copied beside the writes. */
  readonly copies: number
  /** Times the log was made to start again. */
  readonly restarts: number
  /** Checkpoints that something kept from their end, failed ones included; and those of them since one reached it. */
  readonly unfinished: number
  readonly unfinishedInARow: number
  readonly last: CheckpointOutcome | null
  /** How long ago the last one ended (ms), and why it failed; `null` where there was none, and where it did not. */
  readonly lastAgeMs: number | null
  readonly error: string | null
}

/** The write-ahead log. */
export interface LogStats {
  /** Where writes wait for it (bytes); `null` when no limit is kept. */
  readonly limitBytes: number | null
  /** Frames (page versions) in it, and how many of them are in the database file. */
  readonly frames: number
  readonly copied: number
  /** Connections of ours with an open read transaction, the oldest first: the log cannot start again before they end. */
  readonly pins: readonly Pin[]
  readonly checkpoints: CheckpointCounters
}

/** Kept results of reads. The counts begin when the engine is opened. */
export interface CacheStats {
  /** Results kept now, and about how many bytes they take. */
  readonly entries: number
  readonly bytes: number
  /** `performance.maxCacheSize` and `maxCacheBytes`. */
  readonly maxEntries: number
  readonly maxBytes: number
  /** Reads answered with a kept result, or with that of an equal read which was under way. */
  readonly hits: number
  /** Reads that were looked up and had to be run. Reads that are never kept are in neither. */
  readonly misses: number
  /** Results that made room for others. */
  readonly evictions: number
  /** Times that all results were forgotten because something had been committed. */
  readonly invalidations: number
}

/** What an optimisation did. */
export interface OptimizeResult {
  /** The statements that SQLite found worth running, such as `ANALYZE "main"."works"`; empty when there was nothing to do. */
  readonly statements: readonly string[]
  readonly durationMs: number
}

export interface EngineStats {
  readonly path: string
  readonly sqliteVersion: string
  readonly native: NativeStats
  /** Share of page reads that the page caches answered in the last minute, 0 to 1; `null` when nothing is known of any. */
  readonly pageCacheHitRatio: number | null
  readonly connections: readonly ConnectionStatus[]
  readonly queuedWrites: number
  readonly queuedBytes: number
  /** How long the oldest queued write has waited (ms); 0 when none waits. */
  readonly oldestQueuedMs: number
  readonly queuedReads: number
  /** Size of the write-ahead log file now; `null` without WAL. */
  readonly walBytes: number | null
  /** `null` without WAL. */
  readonly log: LogStats | null
  /** `null` when results are not kept: `performance.enableCaching`. */
  readonly cache: CacheStats | null
  /** What is no longer in its place, the file or its log, as a sentence; `null` while both are. */
  readonly fileGone: string | null
  readonly counters: EngineCounters
}

/** Since the engine was opened. */
export interface EngineCounters {
  /** Reads answered on the event loop's thread. */
  readonly readsInline: number
  /** Of the reads that were begun on the event loop's thread: those stopped because they took too long, and run again elsewhere. */
  readonly readsInterrupted: number
  /** Reads answered by a reader's thread, those of snapshots and streams not counted. */
  readonly readsThreaded: number
  /** Writes and batches answered outside transactions, failed ones included. */
  readonly writes: number
  /** Commits of groups and of transactions. */
  readonly commits: number
  /** Transactions begun with `transaction()` or `begin()`, nested ones not counted. */
  readonly transactions: number
}

/** A segment of the archive that is whole and on the local disk. */
export interface FinishedSegment {
  readonly stream: string
  readonly number: number
  readonly bytes: number
}

/** How far a stream of the archive goes. */
export interface StreamPoint {
  readonly stream: string
  /** Number of its last commit. */
  readonly commit: number
}

/** The archive of the log, as far as it is local. */
export interface ArchiveStats {
  /** The folder it is written to first. */
  readonly folder: string
  /** `null`: nothing is archived now. */
  readonly stream: string | null
  /** Number and time of the last commit in it. */
  readonly commit: number
  readonly time: Date | null
  /** What waits for the store (bytes), and what may. */
  readonly backlogBytes: number
  readonly maxBacklogBytes: number
  /** Why nothing is archived now; `null` while something is, and before the first backup. */
  readonly endedBecause: string | null
  /** Who archives the file instead, another process; `null`: nobody does. */
  readonly elsewhere: string | null
}

export interface ArchiveListener {
  /** A segment is whole and on the local disk. */
  readonly finished?: (segment: FinishedSegment) => void
  /** The stream has ended; why. */
  readonly ended?: (reason: string) => void
}

/** Writes every commit down as it is made. A *stream* is what it wrote without a gap. */
export interface EngineArchive {
  stats(): ArchiveStats
  /** @returns a function that ends it. */
  listen(listener: ArchiveListener): () => void
  /**
   * Goes on with the stream of the process before; resolves with whether nothing can be missing in between. While another process
   * archives the file it does nothing, and may be asked again.
   */
  resume(): Promise<boolean>
  /** Begins a stream, if there is none, and tells where it is. Its commits are counted on from `commit` at least. */
  begin(stream: string, commit: number): Promise<StreamPoint | null>
  /** Writes down all that is committed, and tells where the stream is then; `null`: there is none. */
  mark(options?: { readonly finish?: boolean }): Promise<StreamPoint | null>
  /** Ends the stream and lets the log go. */
  end(reason: string): Promise<void>
  /** What all who use this engine share, made for the first of them. `release` says whether it was the last. */
  share<T>(make: () => T): { readonly shared: T; readonly release: () => boolean }
  /** A finished segment that was found, or that has been stored. */
  waits(segment: FinishedSegment): void
  stored(segment: FinishedSegment): void
}

/** One open database file. */
export interface Engine extends Executor {
  /** `null` when nothing is archived: it was not asked for, or there is no log. */
  readonly archive: EngineArchive | null
  readonly path: string
  /** A read-only executor that sees one point in time for as long as `fn` runs. */
  snapshot<T>(fn: (snapshot: Executor) => Promise<T>, limits?: CallLimits): Promise<T>
  /** Runs `fn` outside the transaction or snapshot of the calling context, if there is one. */
  detached<T>(fn: () => T): T
  /** Runs `fn` so that calls inside it join `scope`. */
  within<T>(scope: Executor, fn: () => T): T
  /** Gathers the statistics that SQLite finds missing or out of date, and lets every connection use them. */
  optimize(): Promise<OptimizeResult>
  stats(): EngineStats
  /**
   * Copies the log into the file. What readers keep from its end is waited for up to the busy timeout, but for PASSIVE.
   * Without WAL there is nothing to copy.
   */
  checkpoint(mode: CheckpointMode): Promise<CheckpointOutcome>
  /** Copies the database, as it is at the end, into a file that does not exist, beside reads and writes. */
  copy(path: string, options?: CopyOptions): Promise<CopyResult>
  /** Refuses new work, finishes what is queued, ends all connections. Calling it again returns the same promise. */
  close(): Promise<void>
}

/**
 * What the engine offers to the layers above it: the final interface, independent of threads and files.
 *
 * Everything above runs against {@link Executor}; the engine itself, a transaction and a snapshot each are one, so a
 * repository or a Kysely instance works the same in all three.
 */
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
  /** Column names in order; empty for a statement that returns no rows. */
  readonly columns: readonly string[]
  readonly rows: Row[]
  /** Rows inserted, updated or deleted by this very statement; 0 for a read. */
  readonly changes: number
  /** Rowid of the last row this very statement inserted; `null` when it inserted none. */
  readonly lastInsertRowid: number | bigint | null
}

export interface ReadOptions {
  /**
   * The caller knows that this search finds at most one row by rowid or unique key, without a BLOB column, so it is
   * short enough for the event loop's thread from its first run.
   */
  readonly point?: boolean
}

export interface TransactionOptions {
  /** Milliseconds from BEGIN to the end of the callback. Default: `performance.transactionTimeout`. */
  readonly timeout?: number
}

/** Runs statements: the engine (each by itself), a transaction or a snapshot (all within it). */
export interface Executor {
  /** Runs one statement of any kind; the engine decides where. */
  execute(statement: Statement, options?: ReadOptions): Promise<ResultSet>
  /** Runs several statements, all or nothing. */
  batch(statements: readonly Statement[]): Promise<ResultSet[]>
  /** A nested scope: a transaction of its own on the engine, a savepoint inside a transaction. */
  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Rows in blocks, as they are read; ends its read when iteration stops. */
  stream(statement: Statement, options?: { readonly blockRows?: number }): AsyncIterable<Row[]>
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

/** The settings one connection reported when it was opened, as SQLite said them. */
export interface ConnectionPragmas {
  readonly journal_mode: string
  readonly synchronous: string
  readonly cache_size: number
  readonly temp_store: string
  readonly foreign_keys: boolean
  readonly busy_timeout: number
  readonly mmap_size: number
  readonly journal_size_limit: number
  readonly wal_autocheckpoint: number
  readonly query_only: boolean
  readonly page_size: number
  readonly auto_vacuum: string
}

export type ConnectionState = 'starting' | 'idle' | 'busy' | 'transaction' | 'snapshot' | 'stream' | 'ended'

export interface ConnectionStatus {
  /** `inline`, `writer`, `reader-1`, …: the same label as in errors. */
  readonly label: string
  readonly state: ConnectionState
  /** The statement it is running now, if any, and for how long (ms). */
  readonly sql: string | null
  readonly sqlAgeMs: number | null
  /** What SQLite reported when the connection was opened; `null` while it starts. */
  readonly pragmas: ConnectionPragmas | null
}

export interface EngineStats {
  readonly path: string
  readonly sqliteVersion: string
  readonly connections: readonly ConnectionStatus[]
  readonly queuedWrites: number
  readonly queuedBytes: number
  /** How long the oldest queued write has waited (ms); 0 when none waits. */
  readonly oldestQueuedMs: number
  readonly queuedReads: number
  /** Size of the write-ahead log file now; `null` without WAL. */
  readonly walBytes: number | null
  readonly counters: EngineCounters
}

export interface EngineCounters {
  readonly readsInline: number
  readonly readsThreaded: number
  readonly writes: number
  readonly commits: number
  readonly transactions: number
}

/** One open database file. */
export interface Engine extends Executor {
  readonly path: string
  /** A read-only executor that sees one point in time for as long as `fn` runs. */
  snapshot<T>(fn: (snapshot: Executor) => Promise<T>): Promise<T>
  stats(): EngineStats
  /** Refuses new work, finishes what is queued, ends all connections. Calling it again returns the same promise. */
  close(): Promise<void>
}

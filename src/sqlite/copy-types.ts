/** What is said of a copy of a database that is made while it is in use: plain data, without the driver. */

/** A place in a write-ahead log: behind so many frames of the log with these salts (https://sqlite.org/walformat.html). */
export interface LogPosition {
  /** The two salts of the log's header; `null` while there is no log. */
  readonly salts: readonly [number, number] | null
  /** 0: the log starts again with the next commit, under other salts. */
  readonly frames: number
}

/** How far a copy has come, in pages of the database as it is now. */
export interface CopyProgress {
  readonly pages: number
  readonly remaining: number
  /**
   * Why SQLite has begun again from the first page since the last report: a transaction of this connection was rolled back
   * after it wrote, or another connection wrote.
   */
  readonly restarted: 'rollback' | 'foreign write' | null
  /** Another connection kept it from copying anything. */
  readonly busy: boolean
  /** How long its thread worked on it. */
  readonly ms: number
}

/** A copy that is complete. */
export interface CopyEnd extends CopyProgress {
  /** The state of the log that the copy is equal to; `null` without WAL, and where it cannot be told. */
  readonly position: LogPosition | null
}

export interface CopyOptions {
  /** The most bytes a second. Default: as fast as it goes. */
  readonly rateLimit?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called now and then with the bytes that have been copied, and those there are. Both may shrink. */
  readonly onProgress?: ((progress: { readonly bytes: number; readonly totalBytes: number }) => void) | undefined
}

/** A copy of the database file, complete and on the disk. */
export interface CopyResult {
  readonly pages: number
  readonly pageBytes: number
  /** The state of the log that it is equal to; `null` without WAL, and where it could not be told. */
  readonly position: LogPosition | null
  /** `transaction`: others wrote all the time, so that a read transaction had to last as long as it did. */
  readonly method: 'slices' | 'transaction'
  /** Times that it had to begin again. */
  readonly restarts: number
  readonly ms: number
}

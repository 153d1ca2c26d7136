/** What the optional extension in C does for a connection: plain data and interfaces, without the driver. */

/** Of one connection's page cache: counts since it was opened, and bytes now. */
export interface PageCacheCounters {
  /** Pages that were found in the cache, and those that had to be read. */
  readonly hits: number
  readonly misses: number
  /** Pages written to the log or the file, and those written early because the cache was full. */
  readonly writes: number
  readonly spills: number
  readonly usedBytes: number
}

/** Marks what the watchdog looks at, on the connection's own thread; one run at a time. */
export interface Watch {
  begin(): void
  /** Whether the watchdog has interrupted the connection since `begin`. It does so no more after this. */
  end(): boolean
}

/** Looks out for commits, on the connection's own thread. */
export interface Lookout {
  /**
   * Whether anybody, in any process, may have committed since the call before; 30 ns. A read transaction that has begun
   * after a call still sees the newest state as long as the next calls say no.
   */
  changed(): boolean
}

/** The extension on one connection. */
export interface NativeConnection {
  /** Under which any thread of the process may interrupt it. */
  readonly id: number
  /**
   * Whether plans depend on the statement alone, and not on the values that are bound to it.
   * https://sqlite.org/c3ref/c_dbconfig_defensive.html#sqlitedbconfigenableqpsg
   *
   * @returns what SQLite reports afterwards.
   */
  setStablePlans(on: boolean): boolean
  readonly stablePlans: boolean
  counters(): PageCacheCounters
  /**
   * Lets a native thread interrupt what runs for longer than `limitMs` between `begin` and `end`, for the thread that is
   * blocked by its own statement. Replaces the watch before; `null` ends it. Returns `null` when there is none to have.
   */
  watch(limitMs: number | null): Watch | null
  /** For a connection in WAL mode; `null` when there is none to have. */
  lookout(): Lookout | null
}

/** What any thread may do to the connections of others. */
export interface Interrupter {
  /** Ends what runs on that connection with SQLITE_INTERRUPT; whether the connection was there. */
  interrupt(id: number): boolean
}

/** What is known of the extension on one connection. */
export interface NativeFacts {
  /** `null` where it is not loaded. */
  readonly id: number | null
  /** Why it is not loaded, as a sentence; `null` where it is. */
  readonly reason: string | null
  /** Whether SQLite reported stable plans when the connection was opened; `null` where nobody can ask. */
  readonly stablePlans: boolean | null
}

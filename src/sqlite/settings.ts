/** What is asked of a connection, and what SQLite reported for it: plain data, without the driver. */

export type Synchronous = 'OFF' | 'NORMAL' | 'FULL' | 'EXTRA'
export type TempStore = 'DEFAULT' | 'FILE' | 'MEMORY'
export type AutoVacuum = 'NONE' | 'FULL' | 'INCREMENTAL'

/** What the configuration asks of SQLite. `null` leaves what SQLite has. */
export interface ConnectionSettings {
  readonly enableWALMode: boolean
  readonly enableForeignKeys: boolean
  readonly cacheSize: number | null
  readonly synchronous: Synchronous
  readonly tempStore: TempStore | null
  readonly busyTimeout: number
  readonly mmapSize: number | null
  readonly journalSizeLimit: number | null
  /** `sqlite` leaves checkpoints to SQLite's own rule; otherwise no commit makes one. */
  readonly checkpoint: 'managed' | 'sqlite' | 'external'
  readonly pageSize: number | null
  readonly autoVacuum: AutoVacuum | null
  /** Plans depend on the statement alone, not on the values bound to it; where the native extension is loaded. */
  readonly stablePlans: boolean | null
}

/**
 * `writer` may write and sets what lives in the file; `reader` and `inline` cannot write; `maintenance` changes no row,
 * but may copy the log into the file.
 */
export type ConnectionRole = 'writer' | 'reader' | 'inline' | 'maintenance'

/** What SQLite reported when the connection was opened. */
export interface ConnectionPragmas {
  readonly journal_mode: string
  readonly synchronous: Synchronous
  readonly cache_size: number
  readonly temp_store: TempStore
  readonly foreign_keys: boolean
  readonly busy_timeout: number
  readonly mmap_size: number
  readonly journal_size_limit: number
  readonly wal_autocheckpoint: number
  readonly query_only: boolean
  readonly page_size: number
  readonly auto_vacuum: AutoVacuum
}

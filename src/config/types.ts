/** What users write ({@link NoormmeConfig}) and what the rest of the package uses ({@link ResolvedConfig}). */
import type { KyselyPlugin } from 'kysely'
import type { BackupTarget } from './backup-target.ts'
import type { Logger, LoggingConfig, LogLevel, MonitoringConfig } from './monitoring-types.ts'
import type { TableConfig } from './table-options.ts'

/** How far SQLite goes to make a commit survive power loss. */
export type Synchronous = 'OFF' | 'NORMAL' | 'FULL' | 'EXTRA'
/** Where SQLite keeps temporary tables and indexes. */
export type TempStore = 'DEFAULT' | 'FILE' | 'MEMORY'
/** Whether freed pages are given back to the file system. */
export type AutoVacuum = 'NONE' | 'FULL' | 'INCREMENTAL'
/** Who copies the write-ahead log into the database file. */
export type Checkpoint = 'managed' | 'sqlite' | 'external'
/** How date columns are returned by repositories. */
export type DateReading = 'text' | 'date'
/** What tables and columns are called in JavaScript: as the database has them, or in camelCase. */
export type Naming = 'stored' | 'camelCase'
/** What is done about a database that differs from the generated types. */
export type DriftReaction = 'warn' | 'error'

/** What generated types were made from: `noormme generate` writes it into its file. */
export interface SchemaDescription {
  /** The `introspection` keys that the types take for granted. */
  readonly naming: Naming
  readonly dates: DateReading
  /** For each table and view its columns, each with its declaration: `TEXT NOT NULL`. */
  readonly tables: { readonly [table: string]: { readonly [column: string]: string } }
}

/** Choices may be written in upper or lower case. */
type AnyCase<Choice extends string> = Choice | Lowercase<Choice> | Uppercase<Choice>

/**
 * The configuration of one database. Only `connection.database` is required; a key that is left out, or `undefined`,
 * has its default. Unknown, misspelt and impossible keys are refused with a `ConfigError` that lists all of them.
 *
 * @example
 * const config: NoormmeConfig = {
 *   connection: { database: './data/shop.db' },
 *   optimization: { synchronous: 'NORMAL', cacheSize: -64_000 },
 * }
 */
export interface NoormmeConfig {
  /** The kind of database. Default: `'sqlite'`, the only one there is. */
  readonly dialect?: AnyCase<'sqlite'> | undefined
  /** Which database. */
  readonly connection: ConnectionConfig
  /** SQLite's settings, applied to every connection. */
  readonly optimization?: OptimizationConfig | undefined
  /** What noormme decides by itself. */
  readonly automation?: AutomationConfig | undefined
  /** Limits and sizes of the engine. */
  readonly performance?: PerformanceConfig | undefined
  /** What is recorded and told of the database at work. */
  readonly monitoring?: MonitoringConfig | undefined
  /** Where is logged to. */
  readonly logging?: LoggingConfig | undefined
  /** How the schema and its values are read. */
  readonly introspection?: IntrospectionConfig | undefined
  /** Where and when backups are made, and which are kept. See `docs/backup.md`. */
  readonly backup?: BackupConfig | undefined
  /** Columns that repositories set by themselves in every table that has them. See `docs/writing.md`. */
  readonly timestamps?: TimestampsConfig | undefined
  /**
   * What repositories do by themselves, table by table: keep a version and timestamps, validate. Default: nothing.
   *
   * @example
   * { works: { version: 'version', validate: { insert: NewWork, update: NewWork.partial() } } }
   */
  readonly tables?: Readonly<Record<string, TableConfig | undefined>> | undefined
  /** What Kysely is given. Repositories and SQL do not pass through it. */
  readonly kysely?: KyselyConfig | undefined
  /**
   * Paths of loadable SQLite extensions, loaded on every connection, relative ones from the working directory.
   * Default: none. See https://sqlite.org/loadext.html
   */
  readonly extensions?: readonly string[] | undefined
  /**
   * Path or `file:` URL of a module whose functions and collations are put on every connection, a relative path from
   * the working directory. Default: none. See https://sqlite.org/appfunc.html
   */
  readonly setup?: string | undefined
}

export interface ConnectionConfig {
  /**
   * The file, as a path, a `sqlite:` or `file:` string, or `':memory:'`. Required. A relative path starts at the
   * working directory. See `docs/configuration.md` for every form.
   */
  readonly database: string
  /** Must be empty: SQLite has no server. Default: left out. */
  readonly host?: string | undefined
  /** Must be `0`: SQLite has no server. Default: left out. */
  readonly port?: number | string | undefined
  /** Must be empty: SQLite has no users. Default: left out. */
  readonly username?: string | undefined
  /** Must be empty: SQLite has no users. Default: left out. */
  readonly password?: string | undefined
}

export interface OptimizationConfig {
  /**
   * Write-ahead log, which lets reads run beside a write. Default: `true`; written out, it is an error where WAL is
   * impossible. See https://sqlite.org/pragma.html#pragma_journal_mode
   */
  readonly enableWALMode?: boolean | undefined
  /** Enforces foreign keys. Default: `true`. See https://sqlite.org/pragma.html#pragma_foreign_keys */
  readonly enableForeignKeys?: boolean | undefined
  /**
   * Page cache of each connection: negative in KiB, positive in pages. Default: `-64000` (62.5 MiB).
   * See https://sqlite.org/pragma.html#pragma_cache_size
   */
  readonly cacheSize?: number | undefined
  /**
   * How durable a commit is: `'FULL'` survives power loss, `'NORMAL'` a killed process. Default: `'FULL'`.
   * See https://sqlite.org/pragma.html#pragma_synchronous
   */
  readonly synchronous?: AnyCase<Synchronous> | undefined
  /**
   * Where temporary tables and indexes are kept. Default: `'MEMORY'`.
   * See https://sqlite.org/pragma.html#pragma_temp_store
   */
  readonly tempStore?: AnyCase<TempStore> | undefined
  /**
   * How long a call waits for other processes in all, in milliseconds. Default: `5000`; `0` does not wait.
   * See https://sqlite.org/pragma.html#pragma_busy_timeout
   */
  readonly busyTimeout?: number | undefined
  /**
   * Bytes of the file that are read through memory mapping. Default: `0`, none.
   * See https://sqlite.org/pragma.html#pragma_mmap_size
   */
  readonly mmapSize?: number | undefined
  /**
   * Bytes that a log or journal keeps when it has been emptied; `-1` for no limit. Default: `67108864` (64 MiB).
   * See https://sqlite.org/pragma.html#pragma_journal_size_limit
   */
  readonly journalSizeLimit?: number | undefined
  /**
   * Bytes that the write-ahead log may grow to, at least 4194304: then writes wait until it has been restarted. One
   * transaction that is larger by itself is let through. Only with `checkpoint: 'managed'`. Default: `67108864` (64 MiB).
   * See https://sqlite.org/wal.html#avoiding_excessively_large_wal_files
   */
  readonly walLimit?: number | undefined
  /**
   * Who copies the log into the file: noormme (`'managed'`), SQLite at every thousandth page (`'sqlite'`, which keeps no
   * `walLimit`), or another program such as Litestream (`'external'`). Default: `'managed'`.
   * See https://sqlite.org/wal.html#ckpt
   */
  readonly checkpoint?: AnyCase<Checkpoint> | undefined
  /**
   * Bytes in a page of the file, a power of two from 512 to 65536. Default: what the file has, for a new one SQLite's.
   * See https://sqlite.org/pragma.html#pragma_page_size
   */
  readonly pageSize?: number | undefined
  /**
   * Whether freed pages are given back to the file system. Default: what the file has, for a new one SQLite's.
   * See https://sqlite.org/pragma.html#pragma_auto_vacuum
   */
  readonly autoVacuum?: AnyCase<AutoVacuum> | undefined
  /**
   * Whether a statement keeps its plan whatever values are bound to it. Otherwise SQLite plans it again for values that
   * might change the plan. Needs the native extension: see `docs/native.md`. Default: `true`.
   * See https://sqlite.org/queryplanner-ng.html#qpstab
   */
  readonly stablePlans?: boolean | undefined
  /** Another place for `automation.enableAutoOptimization`. Default: left out. */
  readonly enableAutoOptimization?: boolean | undefined
  /** Another place for `performance.maxBatchSize`. Default: left out. */
  readonly maxBatchSize?: number | undefined
}

export interface AutomationConfig {
  /**
   * Whether noormme tunes by itself: its cache size, temporary store, mapping and log size where the configuration
   * names none, and `PRAGMA optimize`. Default: `true`. See https://sqlite.org/pragma.html#pragma_optimize
   */
  readonly enableAutoOptimization?: boolean | undefined
}

export interface PerformanceConfig {
  /** Rows in one statement group of `createMany`, 1 to 1,000,000. Default: `1000`. */
  readonly maxBatchSize?: number | undefined
  /** The most reader threads, 2 to 64. Default: `4`. */
  readonly readers?: number | undefined
  /** How long a read may take on the event loop's own thread, in milliseconds, 0 (none there) to 50. Default: `1`. */
  readonly inlineReadBudget?: number | undefined
  /**
   * How long a read or a single write may run before it is stopped, in milliseconds, up to 86,400,000; `0` for no limit. A
   * call's own `timeout` takes its place. Without the native extension writes are not stopped. Default: `30000`. See
   * `docs/limits.md`.
   */
  readonly statementTimeout?: number | undefined
  /** How long a transaction may stay open, in milliseconds, 1 to 86,400,000. Default: `5000`. */
  readonly transactionTimeout?: number | undefined
  /** Writes that may wait; one more is refused with `QueueFullError`. Default: `100000`. */
  readonly maxQueuedWrites?: number | undefined
  /** Bytes of SQL and values that may wait; more are refused with `QueueFullError`. Default: `67108864` (64 MiB). */
  readonly maxQueuedBytes?: number | undefined
  /**
   * Keeps results of reads until something is committed. Needs WAL. Default: `false`. See `docs/caching.md`.
   */
  readonly enableCaching?: boolean | undefined
  /** Results that are kept at most. Default: `1000`. */
  readonly maxCacheSize?: number | undefined
  /** Bytes that kept results may take, at least 1048576; a single one a sixteenth of it, and 4 MiB. Default: `67108864` (64 MiB). */
  readonly maxCacheBytes?: number | undefined
  /**
   * From how many milliseconds on a statement is slow: kept in the metrics and told to `on('slowQuery')`; 0 (every one) to
   * 86,400,000. Default: `100`.
   */
  readonly slowQueryThreshold?: number | undefined
  /** Reads from one place, alike but for their values, that are told to `on('nPlusOne')`; 2 or more. Default: `10`. */
  readonly nPlusOneThreshold?: number | undefined
}

export interface IntrospectionConfig {
  /** How repositories return date columns: `'text'` as stored, `'date'` as `Date`. Default: `'text'`. */
  readonly dates?: AnyCase<DateReading> | undefined
  /**
   * What tables, columns and relations are called in repositories, their results and Kysely: `'stored'`, or `'camelCase'`:
   * `user_id` is `userId`. SQL, errors and `getSchemaInfo()` have the database's own names. Default: `'stored'`.
   */
  readonly naming?: AnyCase<Naming> | undefined
  /**
   * The `schema` of the file that `noormme generate` made: a database that differs from it is reported when it is opened.
   * Default: none.
   */
  readonly schema?: SchemaDescription | undefined
  /**
   * How such a difference is reported: as a warning of the process (`'warn'`), or by failing to open (`'error'`). A
   * database without tables is about to be migrated, and is not reported. Default: `'warn'`.
   */
  readonly drift?: AnyCase<DriftReaction> | undefined
}

export type Compression = 'none' | 'zstd'

export interface BackupConfig {
  /**
   * Where backups are kept: the path of a folder, made when it is not there, or a bucket, `s3://bucket/prefix`. Default: none,
   * and nothing is backed up. See `docs/backup-targets.md`.
   */
  readonly target?: string | undefined
  /** `'zstd'` compresses what is kept; it needs Node.js 22.15. Default: `'none'`. */
  readonly compression?: AnyCase<Compression> | undefined
  /**
   * 32 bytes in base64 or hexadecimal, with which everything that is kept is encrypted (AES-256-GCM). Default: the environment
   * variable `NOORMME_BACKUP_KEY`; where that is not set, nothing is encrypted.
   */
  readonly encryptionKey?: string | undefined
  /**
   * When a backup is made: a cron pattern in local time. One that was missed, because nothing was running, is made soon after
   * opening. `false`: only by `db.backups.create()`. Default: `'15 3 * * *'`, every night.
   */
  readonly schedule?: string | false | undefined
  /** Backups that are kept: the newest so many. Default: `7`. */
  readonly keepLast?: number | undefined
  /** Beside them, the newest of each of so many days that have one. Default: `14`. */
  readonly keepDaily?: number | undefined
  /** Beside them, the newest of each of so many weeks that have one. Default: `8`. */
  readonly keepWeekly?: number | undefined
  /**
   * For how long every single commit can be restored to, in milliseconds: what is committed is archived as well. `0`: backups
   * alone. Default: `86400000` (24 hours) where the database has a log and `checkpoint` is `'managed'`. See `docs/point-in-time.md`.
   */
  readonly pointInTime?: number | undefined
  /**
   * Bytes of the archive that may wait beside the database while the directory cannot be written to, 16,777,216 or more. Beyond
   * that archiving ends, and begins again with a new backup. Default: `1073741824` (1 GiB).
   */
  readonly maxBacklog?: number | undefined
  /** The most bytes a second that a backup copies, 65,536 or more. Default: as fast as it goes beside the writes. */
  readonly rateLimit?: number | undefined
}

export interface TimestampsConfig {
  /** Column that is set when a row is made. Default: none. */
  readonly createdAt?: string | undefined
  /** Column that is set at every change of a row. Default: none. */
  readonly updatedAt?: string | undefined
}

export interface KyselyConfig {
  /**
   * Plugins of every Kysely instance: `db.getKysely()` and those of transactions and snapshots. Default: none.
   * See https://kysely.dev/docs/plugins
   */
  readonly plugins?: readonly KyselyPlugin[] | undefined
}

/** A complete, checked configuration: every key has a value, nothing in it changes any more. */
export interface ResolvedConfig {
  readonly dialect: 'sqlite'
  /** Absolute path, or `':memory:'`. */
  readonly path: string
  readonly memory: boolean
  /** `null` means: leave what SQLite has. */
  readonly optimization: {
    readonly enableWALMode: boolean
    readonly enableForeignKeys: boolean
    readonly cacheSize: number | null
    readonly synchronous: Synchronous
    readonly tempStore: TempStore | null
    readonly busyTimeout: number
    readonly mmapSize: number | null
    readonly journalSizeLimit: number | null
    readonly walLimit: number
    readonly checkpoint: Checkpoint
    readonly pageSize: number | null
    readonly autoVacuum: AutoVacuum | null
    readonly stablePlans: boolean | null
  }
  /** Whether the user wrote `enableWALMode` or `enableCaching`: then a file system without WAL is an error, not a warning. */
  readonly explicitWAL: boolean
  readonly automation: { readonly enableAutoOptimization: boolean }
  readonly performance: {
    readonly maxBatchSize: number
    readonly readers: number
    readonly inlineReadBudget: number
    readonly statementTimeout: number
    readonly transactionTimeout: number
    readonly maxQueuedWrites: number
    readonly maxQueuedBytes: number
    readonly enableCaching: boolean
    readonly maxCacheSize: number
    readonly maxCacheBytes: number
    readonly slowQueryThreshold: number
    readonly nPlusOneThreshold: number
  }
  readonly monitoring: {
    readonly recordValues: boolean
    readonly nPlusOne: boolean
    readonly openTelemetry: boolean
    readonly healthInterval: number
  }
  readonly logging: { readonly logger: Logger | null; readonly level: LogLevel }
  readonly introspection: {
    readonly dates: DateReading
    readonly naming: Naming
    readonly schema: SchemaDescription | null
    readonly drift: DriftReaction
  }
  readonly timestamps: { readonly createdAt: string | null; readonly updatedAt: string | null }
  readonly backup: {
    readonly target: BackupTarget | null
    readonly compression: Compression
    readonly encryptionKey: string | null
    readonly schedule: string | null
    readonly keepLast: number
    readonly keepDaily: number
    readonly keepWeekly: number
    /** 0: nothing is archived. */
    readonly pointInTime: number
    readonly maxBacklog: number
    readonly rateLimit: number | null
  }
  readonly tables: ReadonlyMap<string, TableConfig>
  readonly kysely: { readonly plugins: readonly KyselyPlugin[] }
  /** Absolute paths. */
  readonly extensions: readonly string[]
  /** Absolute path or `file:` URL of a module. */
  readonly setup: string | null
  /** Whether the extension in C is loaded where there is one: not with `NOORMME_NATIVE=0` in the environment. */
  readonly native: boolean
}

/** Every default of the configuration, and every bound that SQLite or Node sets: name, unit, reason. */
import type { LogLevel } from './monitoring-types.ts'
import type { Checkpoint, DateReading, DriftReaction, Naming, Synchronous, TempStore } from './types.ts'

const MIB = 1024 * 1024

/** The dialect; there is no other. */
export const DEFAULT_DIALECT = 'sqlite'

/** Reads run beside a write only with a write-ahead log. https://sqlite.org/wal.html */
export const DEFAULT_ENABLE_WAL_MODE = true

/** SQLite leaves them unchecked unless asked, for compatibility with old files; a declared key is meant. */
export const DEFAULT_ENABLE_FOREIGN_KEYS = true

/** KiB, written negative as in the pragma: 62.5 MiB a connection holds the working set of most files. */
export const DEFAULT_CACHE_SIZE = -64_000

/** An acknowledged write survives power loss; group commit pays for it. */
export const DEFAULT_SYNCHRONOUS: Synchronous = 'FULL'

/** Sorts and temporary indexes are short-lived; a file for each costs more than it saves. */
export const DEFAULT_TEMP_STORE: TempStore = 'MEMORY'

/** Milliseconds: longer than any sound transaction of another process, short enough to be told of a stuck one. */
export const DEFAULT_BUSY_TIMEOUT_MS = 5_000

/** Bytes: none, because an I/O error in a mapped file kills the whole process. https://sqlite.org/mmap.html */
export const DEFAULT_MMAP_SIZE_BYTES = 0

/** Bytes: a log re-used at a steady size commits faster than one that grows, and 64 MiB is no burden on a disk. */
export const DEFAULT_JOURNAL_SIZE_LIMIT_BYTES = 64 * MIB

/** Bytes: room for a burst between two restarts of the log, and a size that a reader still searches fast. */
export const DEFAULT_WAL_LIMIT_BYTES = 64 * MIB

/** SQLite's own checkpoints let overlapping readers grow the log without end; ours are what keeps it bounded. */
export const DEFAULT_CHECKPOINT: Checkpoint = 'managed'

/** SQLite's answer to a changed value is often to plan the statement again, which costs more than a short one runs. */
export const DEFAULT_STABLE_PLANS = true

/** Tuning by itself is what the package is for; `false` leaves what SQLite has. */
export const DEFAULT_ENABLE_AUTO_OPTIMIZATION = true

/** Rows: enough to make the cost of a statement vanish, few enough to let other writes in between. */
export const DEFAULT_MAX_BATCH_SIZE = 1_000

/** Threads: enough for a few long reads at once; each costs memory for its own heap and page cache. */
export const DEFAULT_READERS = 4

/** Milliseconds: a hop to a thread costs some 0.04, and nobody notices an event loop held for 1. */
export const DEFAULT_INLINE_READ_BUDGET_MS = 1

/** Milliseconds: longer than anybody waits for an answer, short enough that a read run wild gives its thread back. */
export const DEFAULT_STATEMENT_TIMEOUT_MS = 30_000

/** Milliseconds: an open transaction holds up every other write, so a forgotten one must end soon. */
export const DEFAULT_TRANSACTION_TIMEOUT_MS = 5_000

/** Writes: about a second of work; a longer queue only hides that writes come faster than they can be done. */
export const DEFAULT_MAX_QUEUED_WRITES = 100_000

/** Bytes: what waiting writes may take of the process's memory. */
export const DEFAULT_MAX_QUEUED_BYTES = 64 * MIB

/** Keeping results takes memory, and gains nothing where commits are as frequent as reads. */
export const DEFAULT_ENABLE_CACHING = false

/** Results. */
export const DEFAULT_MAX_CACHE_SIZE = 1_000

/** Bytes: what kept results may take of the process's memory. */
export const DEFAULT_MAX_CACHE_BYTES = 64 * MIB

/** Milliseconds: what a person begins to notice. */
export const DEFAULT_SLOW_QUERY_THRESHOLD_MS = 100

/** Reads: fewer alike are often meant, and one query instead would save little. */
export const DEFAULT_N_PLUS_ONE_THRESHOLD = 10

/** Values are data: they belong in a record only where somebody has decided so. */
export const DEFAULT_RECORD_VALUES = false

/** Telling calls apart by where they come from costs two to three point reads each. */
export const DEFAULT_MONITOR_N_PLUS_ONE = false

/** A span for each statement is for those who have set tracing up. */
export const DEFAULT_OPEN_TELEMETRY = false

/** Milliseconds: soon enough for whoever is called, and the check itself takes less than one. */
export const DEFAULT_HEALTH_INTERVAL_MS = 10_000

/** What an operator wants to read: no single statements. */
export const DEFAULT_LOG_LEVEL: LogLevel = 'info'

/** As stored: turning text into a `Date` and back need not give the same text. */
export const DEFAULT_DATES: DateReading = 'text'

/** The names that SQL has: nothing to translate in one's head. */
export const DEFAULT_NAMING: Naming = 'stored'

/** A program whose types are a little behind should rather run. */
export const DEFAULT_DRIFT: DriftReaction = 'warn'

/** A quarter past three at night: few visitors, and not the full hour at which everything else runs. */
export const DEFAULT_BACKUP_SCHEDULE = '15 3 * * *'

/** Backups: a week of nights. */
export const DEFAULT_KEEP_LAST = 7

/** Days and weeks: what somebody deleted is often missed within two weeks, and sometimes within two months. */
export const DEFAULT_KEEP_DAILY = 14
export const DEFAULT_KEEP_WEEKLY = 8

/** Backups: a hundred years of days are no more. */
export const MAX_KEPT_BACKUPS = 36_525

/** Milliseconds: a mistake is most often seen within a day. */
export const DEFAULT_POINT_IN_TIME_MS = 86_400_000

/** Milliseconds: a year of commits; what is older is kept in backups. */
export const MAX_POINT_IN_TIME_MS = 366 * 86_400_000

/** Bytes: a store that is away for a while is caught up with; a disk that fills up is worse than a gap. */
export const DEFAULT_MAX_BACKLOG_BYTES = 1024 * MIB

/** Bytes: some segments of the archive. */
export const MIN_MAX_BACKLOG_BYTES = 16 * MIB

/** Whoever restores by hand needs nothing but the file. */
export const DEFAULT_COMPRESSION = 'none'

/** Bytes a second: slower, and a backup of a gigabyte takes hours. */
export const MIN_BACKUP_RATE_BYTES = 64 * 1024

/** SQLite keeps a cache size and a busy timeout in a signed 32-bit integer. */
export const MIN_INT32 = -(2 ** 31)
export const MAX_INT32 = 2 ** 31 - 1

/** Bytes: SQLite is compiled with this bound and silently takes it for anything larger. https://sqlite.org/mmap.html */
export const MAX_MMAP_SIZE_BYTES = 0x7fff_0000

/** Bytes: the sizes a page can have, in powers of two. https://sqlite.org/fileformat2.html#page_size */
export const MIN_PAGE_SIZE_BYTES = 512
export const MAX_PAGE_SIZE_BYTES = 65_536

/** Bytes: a smaller log would be restarted after a few commits, and hold up writes each time. */
export const MIN_WAL_LIMIT_BYTES = 4 * MIB

/** Rows: beyond a million a group is held in memory whole for no gain. */
export const MAX_BATCH_SIZE = 1_000_000

/** Threads: streams and snapshots may hold all but one, so one alone could serve neither of them. */
export const MIN_READERS = 2
/** Threads: more would only share the same processors. */
export const MAX_READERS = 64

/** Milliseconds: a longer read on the event loop's thread would block every other request. */
export const MAX_INLINE_READ_BUDGET_MS = 50

/** Bytes: a result may take a sixteenth of all; with less hardly any would be kept. */
export const MIN_MAX_CACHE_BYTES = MIB

/** Reads: a single one is no repetition. */
export const MIN_N_PLUS_ONE_THRESHOLD = 2

/** Milliseconds: a health check takes up to a tenth of it. */
export const MIN_HEALTH_INTERVAL_MS = 1_000

/** Milliseconds: one day. */
export const MAX_HEALTH_INTERVAL_MS = 86_400_000
export const MAX_SLOW_QUERY_THRESHOLD_MS = 86_400_000
export const MAX_STATEMENT_TIMEOUT_MS = 86_400_000
export const MAX_TRANSACTION_TIMEOUT_MS = 86_400_000

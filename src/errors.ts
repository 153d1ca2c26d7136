/**
 * The one catalogue of errors. Every error noormme throws is a {@link NoormmeError} that answers three questions:
 * what happened (`code`, `context`, `cause`), may I simply try again (`retryable`), and what to do now (`hint`).
 *
 * SQL may appear in a message, bound values never: messages end up in logs.
 *
 * An error is built from *facts*, a plain object that survives a thread boundary, so the same class with the same
 * message stands on both sides: {@link toWire} and {@link fromWire}.
 */

import { type AnyErrorClass, define, didYouMean, inSql, NoormmeError } from './error-base.ts'

export { type ErrorOrigin, NoormmeError } from './error-base.ts'

// ---------------------------------------------------------------------------------------------- configuration, opening

/** One thing wrong with a configuration. */
export interface ConfigProblem {
  /** Dotted path of the key: `optimization.cacheSize`. Empty for the configuration as a whole. */
  readonly path: string
  /** What is wrong, as a sentence without its subject: `must be an integer, got a string`. */
  readonly message: string
}

/** The configuration cannot be obeyed. All problems are reported at once, in `context.problems`. */
export class ConfigError extends define<{ readonly problems: readonly ConfigProblem[] }>('NOORMME_CONFIG', {
  message: ({ problems }) =>
    `invalid configuration: ${problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ')}`,
  hint: ({ problems }) =>
    problems.every(({ path }) => path === '')
      ? 'Pass a path (./app.db), a connection string (sqlite:./app.db) or an object, or set DATABASE_URL.'
      : 'Correct the named keys; docs/configuration.md lists every key with its type, range and default.',
}) {}

/** This Node.js is too old for the native driver, which would crash the process. */
export class NodeVersionError extends define<{ readonly found: string; readonly needed: string }>(
  'NOORMME_NODE_VERSION',
  {
    message: ({ found, needed }) => `noormme needs Node.js ${needed} or newer, this is ${found}`,
    hint: ({ needed }) => `Install Node.js ${needed} or newer (the npm package "node" brings one into a project).`,
  },
) {}

/** The SQLite library in use can corrupt a WAL database (https://sqlite.org/wal.html#walresetbug). */
export class SqliteVersionError extends define<{ readonly found: string }>('NOORMME_SQLITE_VERSION', {
  message: ({ found }) => `SQLite ${found} can corrupt a database in WAL mode (the WAL-reset bug)`,
  hint: 'Use a better-sqlite3 that carries SQLite 3.51.3 or newer (3.52.0 excepted): npm install better-sqlite3@latest.',
}) {}

/** The database file cannot be opened: it is a directory, not readable, its folder cannot be made, … */
export class ConnectionError extends define<{
  readonly path: string
  readonly reason: string
  readonly advice: string
}>('NOORMME_CONNECTION', {
  message: ({ path, reason }) => `cannot open ${path}: ${reason}`,
  hint: ({ advice }) => advice,
}) {}

/** The file exists but is not a SQLite database. It was left as it is. */
export class NotADatabaseError extends define<{ readonly path: string }>('NOORMME_NOT_A_DATABASE', {
  message: ({ path }) => `${path} is not a SQLite database`,
  hint: 'Check the path. An encrypted database needs a driver that knows its key; a damaged one has to be restored.',
}) {}

/** WAL mode is asked for on a file system whose locks and shared memory it cannot rely on. */
export class FileSystemError extends define<{
  readonly path: string
  readonly fileSystem: string
  readonly inWal: boolean
}>('NOORMME_FILE_SYSTEM', {
  message: ({ path, fileSystem, inWal }) =>
    inWal
      ? `${path} is in WAL mode on ${fileSystem}, where SQLite cannot share memory or rely on locks`
      : `WAL mode was asked for on ${fileSystem} (${path}), where SQLite cannot share memory or rely on locks`,
  hint: ({ inWal }) =>
    inWal
      ? 'Move the file to a local disk; or, with every program closed, switch it to DELETE mode with the sqlite3 shell.'
      : 'Move the file to a local disk, or set optimization.enableWALMode to false.',
}) {}

/** Opening went wrong after the file itself was found good: a setting that SQLite did not accept, an extension, `setup`. */
export class InitializationError extends define<{
  readonly connection: string
  readonly reason: string
  readonly advice: string
}>('NOORMME_INITIALIZATION', {
  message: ({ connection, reason }) => `connection ${connection}: ${reason}`,
  hint: ({ advice }) => advice,
}) {}

// ----------------------------------------------------------------------------------------------------- names and values

const meant = (nearest: readonly string[]): string => (nearest.length === 0 ? '' : `.${didYouMean(nearest)}`)

/** No table or view of this name. */
export class TableNotFoundError extends define<{
  readonly table: string
  readonly nearest: readonly string[]
  readonly sql?: string | undefined
}>('NOORMME_TABLE_NOT_FOUND', {
  message: ({ table, nearest, sql }) => `no table or view named "${table}"${inSql(sql)}${meant(nearest)}`,
  hint: 'Check the name; a table that another program has made since is known after refreshSchema().',
}) {}

/** The table has no column of this name. */
export class ColumnNotFoundError extends define<{
  readonly table: string
  readonly column: string
  readonly nearest: readonly string[]
  readonly sql?: string | undefined
}>('NOORMME_COLUMN_NOT_FOUND', {
  message: ({ table, column, nearest, sql }) =>
    `table "${table}" has no column "${column}"${inSql(sql)}${meant(nearest)}`,
  hint: 'Check the name; what another program has altered since is known after refreshSchema().',
}) {}

/** The table has no relation of this name. Relations come from foreign keys; `docs/relations.md` says how they are named. */
export class RelationshipNotFoundError extends define<{
  readonly table: string
  readonly relation: string
  readonly nearest: readonly string[]
  readonly relations: readonly string[]
}>('NOORMME_RELATIONSHIP_NOT_FOUND', {
  message: ({ table, relation, nearest }) => `"${table}" has no relation "${relation}".${didYouMean(nearest)}`,
  hint: ({ relations }) =>
    relations.length === 0
      ? 'No foreign key leads from or to it; a key that another program has made since is known after refreshSchema().'
      : `Its relations: ${relations.join(', ')}.`,
}) {}

/** The database is not the one that the generated types were made from, and `introspection.drift` is `'error'`. */
export class SchemaDriftError extends define<{ readonly changes: readonly string[] }>('NOORMME_SCHEMA_DRIFT', {
  message: ({ changes }) =>
    `the database differs from its generated types: ${changes.slice(0, 10).join('; ')}${changes.length > 10 ? `; and ${changes.length - 10} more` : ''}`,
  hint: 'Migrate the database, or run noormme generate again.',
}) {}

/** `update` or `increment` of a row that is not there. (Finders answer `null`, `delete` answers `false`.) */
export class NotFoundError extends define<{ readonly table: string }>('NOORMME_NOT_FOUND', {
  message: ({ table }) => `no row with this key in "${table}"`,
  hint: 'Check the key, or create the row first.',
}) {}

/** `update` of a row that was changed since it was read: its version is another one. Nothing was written. */
export class StaleRowError extends define<{ readonly table: string; readonly version: string }>('NOORMME_STALE', {
  message: ({ table, version }) => `the row of "${table}" was changed since it was read ("${version}" differs)`,
  hint: 'Read the row again, make the change to what it is now, and update it.',
}) {}

/**
 * A value, option or argument that cannot be used as given. Nothing was written. `issues`: what a validation schema said,
 * in its own words, which may quote what it was given; the message names the paths alone.
 */
export class ValidationError extends define<{
  readonly subject: string
  readonly reason: string
  readonly advice?: string
  readonly issues?: readonly { readonly path: string; readonly message: string }[]
}>('NOORMME_VALIDATION', {
  message: ({ subject, reason }) => `${subject} ${reason}`,
  hint: ({ advice }) => advice ?? 'Correct the call; nothing was written.',
}) {}

// ---------------------------------------------------------------------------------------------------------- constraints

interface ConstraintFacts {
  /** The table as SQLite named it; undefined where SQLite does not say (foreign keys). */
  readonly table?: string | undefined
  readonly columns: readonly string[]
  /** Name of the constraint or index, where SQLite reports one (CHECK, unique index on an expression). */
  readonly constraint?: string | undefined
  readonly sql?: string | undefined
}

const onColumns = ({ table, columns, constraint }: ConstraintFacts): string => {
  if (columns.length > 0)
    return ` on ${columns.map((column) => (table === undefined ? column : `${table}.${column}`)).join(', ')}`
  return constraint === undefined ? '' : ` "${constraint}"`
}

/** A row with the same unique or primary key exists. */
export class UniqueConstraintError extends define<ConstraintFacts>('NOORMME_UNIQUE', {
  message: (facts) => `unique constraint failed${onColumns(facts)}${inSql(facts.sql)}`,
  hint: 'A row with this key exists: update it, or choose another value.',
}) {}

/** The referenced row does not exist, or rows still refer to the one being removed. */
export class ForeignKeyConstraintError extends define<ConstraintFacts>('NOORMME_FOREIGN_KEY', {
  message: (facts) => `foreign key constraint failed${inSql(facts.sql)}`,
  hint: 'Create the referenced row first, or remove the rows that refer to this one.',
}) {}

/** A column that must have a value was given none. */
export class NotNullConstraintError extends define<ConstraintFacts>('NOORMME_NOT_NULL', {
  message: (facts) => `a value is required${onColumns(facts)}${inSql(facts.sql)}`,
  hint: 'Give the column a value.',
}) {}

/** A CHECK constraint of the table refused the row. */
export class CheckConstraintError extends define<ConstraintFacts>('NOORMME_CHECK', {
  message: (facts) => `check constraint failed${onColumns(facts)}${inSql(facts.sql)}`,
  hint: 'The row breaks a rule that the table states; see its CREATE TABLE.',
}) {}

/** Any other constraint: a trigger's RAISE, a value of the wrong type in a STRICT table, … */
export class ConstraintError extends define<ConstraintFacts & { readonly reason: string }>('NOORMME_CONSTRAINT', {
  message: (facts) => `constraint failed: ${facts.reason}${inSql(facts.sql)}`,
  hint: 'The table or one of its triggers refused the row; see its definition.',
}) {}

// ------------------------------------------------------------------------------------------------- statements and calls

/** SQLite refused a statement: a syntax error, a table or column it does not know, too many parameters. */
export class StatementError extends define<{ readonly reason: string; readonly sql?: string | undefined }>(
  'NOORMME_STATEMENT',
  {
    message: ({ reason, sql }) => `${reason}${inSql(sql)}`,
    hint: 'Correct the statement.',
  },
) {}

/** A statement that would act on a connection it must not act on: BEGIN, ATTACH, setting a PRAGMA, … */
export class RefusedError extends define<{ readonly statement: string; readonly instead: string }>('NOORMME_REFUSED', {
  message: ({ statement }) => `${statement} is refused here`,
  hint: ({ instead }) => instead,
}) {}

/** Another process held the database for the whole of `busyTimeout`. */
export class BusyError extends define<{
  readonly connection: string
  readonly waitedMs: number
  readonly holder?: string | undefined
}>('NOORMME_BUSY', {
  message: ({ connection, waitedMs, holder }) =>
    `the database stayed locked for ${waitedMs} ms (${connection}); ${holder === undefined ? 'the holder is unknown' : `held by ${holder}`}`,
  hint: 'Shorten the other program’s transactions, or raise optimization.busyTimeout.',
  retryable: true,
}) {}

interface CallFacts {
  readonly what: string
  /** Where in the caller's code it began. */
  readonly origin?: string | undefined
  readonly sql?: string | undefined
}

const began = (origin: string | undefined): string => (origin === undefined ? '' : `; it began ${origin}`)

/** A time limit ran out. `setting`: the configuration key that set it, where it was not the call itself. */
export class TimeoutError extends define<CallFacts & { readonly limitMs: number; readonly setting?: string }>(
  'NOORMME_TIMEOUT',
  {
    message: ({ what, limitMs, origin, sql }) => `${what} ran out of its ${limitMs} ms${began(origin)}${inSql(sql)}`,
    hint: ({ setting }) => `Do less inside it, or raise ${setting ?? 'the limit'}.`,
    retryable: true,
  },
) {}

/** The signal of a call aborted; its reason is the `cause`. A write was not done, a transaction was rolled back. */
export class AbortedError extends define<CallFacts>('NOORMME_ABORTED', {
  message: ({ what, origin, sql }) => `${what} was aborted${began(origin)}${inSql(sql)}`,
  hint: 'Nothing is wrong: whoever holds the AbortController of this call has aborted it.',
}) {}

/** A read, snapshot or stream was ended because it stayed open while the log had to be restarted. */
export class ReaderExpiredError extends define<CallFacts & { readonly ageMs: number }>('NOORMME_READER_EXPIRED', {
  message: ({ what, ageMs, origin }) =>
    `this ${what} was ended after ${ageMs} ms, because the write-ahead log had to be restarted${began(origin)}`,
  hint: 'Read in shorter pieces, and do slow work after reading instead of between.',
  retryable: true,
}) {}

/** More writes are waiting than the queue may hold. The write was not queued. */
export class QueueFullError extends define<{ readonly depth: number; readonly bytes: number; readonly limit: string }>(
  'NOORMME_QUEUE_FULL',
  {
    message: ({ depth, bytes, limit }) => `the write queue is full (${depth} writes, ${bytes} bytes; limit ${limit})`,
    hint: 'Await earlier writes before sending more, or raise performance.maxQueuedWrites or maxQueuedBytes.',
    retryable: true,
  },
) {}

/** The write-ahead log has reached its limit, and what reads from it keeps it from starting again. Nothing was written. */
export class LogFullError extends define<{ readonly limitBytes: number; readonly pinnedBy: readonly string[] }>(
  'NOORMME_LOG_FULL',
  {
    message: ({ limitBytes, pinnedBy }) =>
      `the write-ahead log has reached its limit of ${limitBytes} bytes, pinned by ${pinnedBy.join(', ') || 'an unknown reader'}`,
    hint: 'End the reader that is named, or make it shorter; a larger optimization.walLimit only puts this off.',
    retryable: true,
  },
) {}

/** A transaction, snapshot or savepoint used in a way it does not allow. */
export class TransactionError extends define<{ readonly reason: string; readonly advice: string }>(
  'NOORMME_TRANSACTION',
  {
    message: ({ reason }) => reason,
    hint: ({ advice }) => advice,
  },
) {}

/** A transaction or snapshot was used after its end. The statement was not run. */
export class TransactionEndedError extends define<{ readonly what: string; readonly how: string }>(
  'NOORMME_TRANSACTION_ENDED',
  {
    message: ({ what, how }) => `this ${what} has ended (${how}); the statement was not run`,
    hint: ({ how }) =>
      how === 'timed out'
        ? 'Do less inside it, or raise performance.transactionTimeout; what it did was undone.'
        : 'Await every call inside the callback, before it returns.',
  },
) {}

/** The outcome of a commit is unknown: the disk or the thread failed while it was under way. */
export class IndeterminateError extends define<{ readonly reason: string }>('NOORMME_INDETERMINATE', {
  message: ({ reason }) => `it is unknown whether the commit took place: ${reason}`,
  hint: 'Read back whether the write is there before repeating it. If the disk failed, check it first.',
}) {}

/** The database is closed, or closing. */
export class ClosedError extends define<{ readonly what: string }>('NOORMME_CLOSED', {
  message: ({ what }) => `${what} is closed`,
  hint: 'Call initialize() to open it again.',
}) {}

/** A database thread ended unexpectedly. Its unfinished work was not acknowledged. */
export class ThreadError extends define<{ readonly connection: string; readonly reason: string }>('NOORMME_THREAD', {
  message: ({ connection, reason }) => `the thread of connection ${connection} ended: ${reason}`,
  hint: 'The call may be repeated; a new thread has taken its place.',
  retryable: true,
}) {}

// ------------------------------------------------------------------------------------------------------ file and disk

/** SQLite found the file damaged. */
export class CorruptionError extends define<{ readonly reason: string }>('NOORMME_CORRUPT', {
  message: ({ reason }) => `the database file is damaged: ${reason}`,
  hint: 'Stop writing, keep a copy of all files, and restore the newest good backup.',
}) {}

/** No space left. The transaction was rolled back. */
export class DiskFullError extends define<{ readonly reason: string }>('NOORMME_DISK_FULL', {
  message: ({ reason }) => `no space left: ${reason}`,
  hint: 'Free disk space; writing resumes by itself.',
  retryable: true,
}) {}

/** The file, its folder or the connection does not allow writing. */
export class ReadOnlyError extends define<{ readonly reason: string }>('NOORMME_READ_ONLY', {
  message: ({ reason }) => `cannot write: ${reason}`,
  hint: 'Give the process write permission on the file and on its folder (SQLite creates files beside it).',
}) {}

/**
 * The file that is open, or its log, is no longer where it was: somebody removed it or put another in its place. Nothing
 * of this call was written: it would have gone to a file without a name, which is gone when it is closed.
 */
export class FileGoneError extends define<{
  readonly path: string
  readonly what: 'the file' | 'its log (-wal)'
  readonly how: 'removed' | 'replaced'
}>('NOORMME_FILE_GONE', {
  message: ({ path, what, how }) => `${path}: ${what} was ${how} while it was open`,
  hint: 'Put it back, and writing resumes; or close the database and initialize() again to use what is there now.',
}) {}

/** The operating system reported an error while reading or writing the file. */
export class IoError extends define<{ readonly reason: string }>('NOORMME_IO', {
  message: ({ reason }) => `reading or writing the file failed: ${reason}`,
  hint: 'Check the disk and the system log.',
}) {}

// ---------------------------------------------------------------------------------------------------------- migrations

/** A migration could not be applied. The database is as it was before that migration. */
export class MigrationError extends define<{
  readonly file: string
  readonly line?: number | undefined
  readonly statement?: string | undefined
  readonly reason: string
  readonly advice?: string | undefined
  /** Files of the same call that were applied before it, and stay applied. */
  readonly applied?: readonly string[] | undefined
}>('NOORMME_MIGRATION', {
  message: ({ file, line, statement, reason, applied = [] }) => {
    const before = applied.length === 0 ? '' : ` (applied before it: ${applied.join(', ')})`
    return `${file}${line === undefined ? '' : `:${line}`}: ${reason}${inSql(statement)}${before}`
  },
  hint: ({ advice, file }) => advice ?? `Correct ${file} and run it again; nothing of that file was applied.`,
}) {}

/** Every class above, by its code. */
export const ERROR_CATALOGUE: ReadonlyMap<string, AnyErrorClass> = new Map(
  [
    ConfigError,
    NodeVersionError,
    SqliteVersionError,
    ConnectionError,
    NotADatabaseError,
    FileSystemError,
    InitializationError,
    TableNotFoundError,
    ColumnNotFoundError,
    RelationshipNotFoundError,
    SchemaDriftError,
    NotFoundError,
    StaleRowError,
    ValidationError,
    UniqueConstraintError,
    ForeignKeyConstraintError,
    NotNullConstraintError,
    CheckConstraintError,
    ConstraintError,
    StatementError,
    RefusedError,
    BusyError,
    TimeoutError,
    AbortedError,
    ReaderExpiredError,
    QueueFullError,
    LogFullError,
    TransactionError,
    TransactionEndedError,
    IndeterminateError,
    ClosedError,
    ThreadError,
    CorruptionError,
    DiskFullError,
    ReadOnlyError,
    FileGoneError,
    IoError,
    MigrationError,
  ].map((errorClass: AnyErrorClass) => [errorClass.code, errorClass]),
)

/**
 * Whether `error` is one of ours, and, when a code is given, exactly that one. Works across copies of the package.
 *
 * @example
 * if (isNoormmeError(error, 'NOORMME_UNIQUE')) return conflict(error.context)
 */
export function isNoormmeError(error: unknown, code?: string): error is NoormmeError {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  return code === undefined ? ERROR_CATALOGUE.has(error.code) : error.code === code
}

/** An error as it travels between threads. */
export interface WireError {
  readonly code: string | null
  readonly facts: object
  readonly message: string
  readonly stack: string | undefined
  readonly sqliteCode: string | undefined
}

/** Takes an error apart for `postMessage`. Errors that are not ours keep message and stack only. */
export function toWire(error: unknown): WireError {
  if (error instanceof NoormmeError) {
    return {
      code: error.code,
      facts: error.context,
      message: error.message,
      stack: error.stack,
      sqliteCode: error.sqliteCode,
    }
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { code: null, facts: {}, message, stack, sqliteCode: undefined }
}

/** Puts it together again on the other side, the thread's own stack as its `cause`. */
export function fromWire(wire: WireError): Error {
  const cause = new Error(wire.message)
  if (wire.stack !== undefined) cause.stack = wire.stack
  const errorClass = wire.code === null ? undefined : ERROR_CATALOGUE.get(wire.code)
  return errorClass === undefined ? cause : new errorClass(wire.facts as never, { cause, sqliteCode: wire.sqliteCode })
}

/** Errors of configuring and opening. */
import { define } from '../error-base.ts'

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

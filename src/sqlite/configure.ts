/**
 * The one function that configures a connection, run for every connection that is opened. It sets, reads back what
 * SQLite reports, and fails when the two differ, so that a setting is either obeyed or an error.
 *
 * Order matters: `busy_timeout` first, so that nothing after it fails on a lock; `page_size` and `auto_vacuum` before
 * anything writes the first page; `journal_mode` before what depends on it. See https://sqlite.org/pragma.html.
 */
import type BetterSqlite3 from 'better-sqlite3'
import { InitializationError } from '../errors.ts'
import type {
  AutoVacuum,
  ConnectionPragmas,
  ConnectionRole,
  ConnectionSettings,
  Synchronous,
  TempStore,
} from './settings.ts'

const SYNCHRONOUS: readonly Synchronous[] = ['OFF', 'NORMAL', 'FULL', 'EXTRA']
const TEMP_STORE: readonly TempStore[] = ['DEFAULT', 'FILE', 'MEMORY']
const AUTO_VACUUM: readonly AutoVacuum[] = ['NONE', 'FULL', 'INCREMENTAL']

/** Applies `settings` and returns what SQLite reports afterwards. */
export function configureConnection(
  database: BetterSqlite3.Database,
  label: string,
  role: ConnectionRole,
  settings: ConnectionSettings,
): ConnectionPragmas {
  const pragma = (name: string, value?: string | number): unknown =>
    database.pragma(value === undefined ? name : `${name} = ${value}`, { simple: true })
  const obey = (
    name: string,
    value: string | number,
    advice = `See https://sqlite.org/pragma.html#pragma_${name}.`,
  ): void => {
    // To its last step: what changing the journal mode writes, and may fail at, comes after the row that one step reads.
    database.pragma(`${name} = ${value}`)
    const reported = pragma(name)
    if (String(reported).toLowerCase() !== String(value).toLowerCase()) {
      throw new InitializationError({
        connection: label,
        reason: `PRAGMA ${name} = ${value} was not obeyed: SQLite reports ${reported}`,
        advice,
      })
    }
  }

  // The inline connection runs on the event loop's thread: it waits for nobody.
  obey('busy_timeout', role === 'inline' ? 0 : settings.busyTimeout)
  if (role === 'writer') {
    configureFile(database, settings, obey, pragma)
  }
  obey('synchronous', SYNCHRONOUS.indexOf(settings.synchronous))
  if (process.platform === 'darwin' && SYNCHRONOUS.indexOf(settings.synchronous) >= SYNCHRONOUS.indexOf('FULL')) {
    // Without these fsync() on macOS leaves data in the drive's cache: https://sqlite.org/pragma.html#pragma_fullfsync
    obey('fullfsync', 1)
    obey('checkpoint_fullfsync', 1)
  }
  obey('foreign_keys', settings.enableForeignKeys ? 1 : 0)
  if (settings.cacheSize !== null) obey('cache_size', settings.cacheSize)
  if (settings.tempStore !== null) obey('temp_store', TEMP_STORE.indexOf(settings.tempStore))
  // An in-memory database has no file to map and answers nothing.
  if (settings.mmapSize !== null && !database.memory) obey('mmap_size', settings.mmapSize)
  if (settings.journalSizeLimit !== null) obey('journal_size_limit', settings.journalSizeLimit)
  // A commit that checkpoints makes its caller wait for it: https://sqlite.org/wal.html#automatic_checkpoint
  if (settings.checkpoint !== 'sqlite') obey('wal_autocheckpoint', 0)
  obey('query_only', role === 'writer' ? 0 : 1)
  // The first read opens the log, or makes it: from here on it can be told whether it is still the same.
  if (role === 'writer' && !database.memory) database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
  // The writer's thread polls by itself, in fair turns with other processes; see engine/writer/poll-while-busy.ts.
  if (role === 'writer') obey('busy_timeout', 0)

  return readPragmas(pragma)
}

/** What is stored in the file rather than in the connection: only the writer sets it. */
function configureFile(
  database: BetterSqlite3.Database,
  settings: ConnectionSettings,
  obey: (name: string, value: string | number, advice?: string) => void,
  pragma: (name: string, value?: string | number) => unknown,
): void {
  const advice =
    'It can only be chosen before the first table. With every program closed, set it with the sqlite3 shell in DELETE mode and run VACUUM.'
  if (settings.pageSize !== null) obey('page_size', settings.pageSize, advice)
  if (settings.autoVacuum !== null) obey('auto_vacuum', AUTO_VACUUM.indexOf(settings.autoVacuum), advice)
  if (database.memory) return

  const journalMode = settings.enableWALMode ? 'wal' : 'delete'
  if (pragma('journal_mode') !== journalMode) {
    obey('journal_mode', journalMode, 'Another program may have the file open: close it and try again.')
  }
}

function readPragmas(pragma: (name: string) => unknown): ConnectionPragmas {
  return {
    journal_mode: String(pragma('journal_mode')),
    synchronous: SYNCHRONOUS[Number(pragma('synchronous'))] ?? 'FULL',
    cache_size: Number(pragma('cache_size')),
    temp_store: TEMP_STORE[Number(pragma('temp_store'))] ?? 'DEFAULT',
    foreign_keys: pragma('foreign_keys') === 1,
    busy_timeout: Number(pragma('busy_timeout')),
    mmap_size: Number(pragma('mmap_size') ?? 0),
    journal_size_limit: Number(pragma('journal_size_limit')),
    wal_autocheckpoint: Number(pragma('wal_autocheckpoint')),
    query_only: pragma('query_only') === 1,
    page_size: Number(pragma('page_size')),
    auto_vacuum: AUTO_VACUUM[Number(pragma('auto_vacuum'))] ?? 'NONE',
  }
}

/** The settings that noormme has by default, for every other contestant, and better-sqlite3 opened with them. */
import Database from 'better-sqlite3'
import type { Awaitable, Pragmas, Synchronous } from './types.ts'

/** How long all wait for a lock that another process holds. */
export const BUSY_TIMEOUT_MS = 5000

export function settingsFor(synchronous: Synchronous): readonly string[] {
  return [
    'journal_mode = WAL',
    `synchronous = ${synchronous}`,
    'foreign_keys = ON',
    'cache_size = -64000',
    'temp_store = MEMORY',
    'mmap_size = 0',
    `journal_size_limit = ${64 * 1024 * 1024}`,
  ]
}

export function openDriver(path: string, synchronous: Synchronous): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  applySettings(database, synchronous)
  return database
}

/** For those that open better-sqlite3 themselves. */
export function applySettings(database: Database.Database, synchronous: Synchronous): void {
  for (const setting of settingsFor(synchronous)) database.pragma(setting)
}

export function driverPragmas(database: Database.Database): Promise<Pragmas> {
  return readPragmas((name) => database.pragma(name, { simple: true }))
}

/** @param read Returns what SQLite reports for `PRAGMA name`. */
export async function readPragmas(read: (name: string) => Awaitable<unknown>): Promise<Pragmas> {
  return {
    journal_mode: String(await read('journal_mode')),
    synchronous: Number(await read('synchronous')) === 2 ? 'FULL' : 'NORMAL',
    cache_size: Number(await read('cache_size')),
    foreign_keys: Number(await read('foreign_keys')) === 1,
    mmap_size: Number(await read('mmap_size')),
    journal_size_limit: Number(await read('journal_size_limit')),
    page_size: Number(await read('page_size')),
  }
}

/** The one value of a row such as `{ timeout: 5000 }`, whatever it is called. */
export function onlyValue(row: unknown): unknown {
  return typeof row === 'object' && row !== null ? Object.values(row)[0] : row
}

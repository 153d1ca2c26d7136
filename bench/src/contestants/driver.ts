/** Opens better-sqlite3 with the settings that noormme has by default: the driver under every other contestant. */
import Database from 'better-sqlite3'
import type { Pragmas, Synchronous } from './types.ts'

export function openDriver(path: string, synchronous: Synchronous): Database.Database {
  const database = new Database(path, { timeout: 5000 })
  database.pragma('journal_mode = WAL')
  database.pragma(`synchronous = ${synchronous}`)
  database.pragma('foreign_keys = ON')
  database.pragma('cache_size = -64000')
  database.pragma('temp_store = MEMORY')
  database.pragma('mmap_size = 0')
  database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`)
  return database
}

export function driverPragmas(database: Database.Database): Pragmas {
  const value = (name: string): unknown => database.pragma(name, { simple: true })
  return {
    journal_mode: String(value('journal_mode')),
    synchronous: value('synchronous') === 2 ? 'FULL' : 'NORMAL',
    cache_size: Number(value('cache_size')),
    foreign_keys: value('foreign_keys') === 1,
    mmap_size: Number(value('mmap_size')),
    journal_size_limit: Number(value('journal_size_limit')),
    page_size: Number(value('page_size')),
  }
}

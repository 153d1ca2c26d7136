/**
 * A lock between processes that ends with its process, however that ends: SQLite's exclusive lock on an empty file. Nothing is
 * written to it, so nothing of it can be damaged; it stays when the lock is released, because whoever removed it could not know
 * who has just opened it.
 */
import { readFileSync, statSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { sqliteCodeOf, translateError } from './result-codes.ts'

export interface ExclusiveLock {
  release(): void
}

/**
 * @returns who holds it when somebody does: `process 4711`, or nothing where it cannot be known.
 * @throws ConnectionError, ReadOnlyError when the file cannot be made or locked.
 */
export function lockExclusively(path: string): ExclusiveLock | string {
  let database: BetterSqlite3.Database | undefined
  try {
    database = new BetterSqlite3(path, { timeout: 0 })
    // Else SQLite would make a journal beside it.
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
    const held = database
    return { release: () => void held.close() }
  } catch (error) {
    database?.close()
    if (sqliteCodeOf(error)?.startsWith('SQLITE_BUSY') === true) return holderOf(path)
    throw translateError(error, { connection: 'lock', path, phase: 'preparing' })
  }
}

/** Linux only: https://man7.org/linux/man-pages/man5/proc_locks.5.html */
function holderOf(path: string): string {
  try {
    const inode = String(statSync(path, { bigint: true }).ino)
    const locks = readFileSync('/proc/locks', 'utf8').split('\n')
    const pid = locks.map((line) => line.trim().split(/\s+/)).find((fields) => fields[5]?.split(':')[2] === inode)?.[4]
    if (pid === undefined) return ''
    return Number(pid) === process.pid ? 'this process' : `process ${pid}`
  } catch {
    return ''
  }
}

/**
 * Holds a database file so that no other process can use it, to put another in its place. SQLite's own lock on the whole file
 * is asked for, under a second name of the file: opened by its own name, SQLite would at the end copy the log into the file and
 * remove it by name, which may then be the log of the file that has come.
 */
import { linkSync, rmSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { sqliteCodeOf } from './result-codes.ts'

export interface ExclusiveUse {
  release(): void
}

/**
 * @returns `busy` when another connection has it open; `null` where no lock can be had: the file is damaged, or its file
 *   system has no second names.
 */
export function useExclusively(path: string, secondName: string): ExclusiveUse | 'busy' | null {
  const remove = (): void => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(secondName + suffix, { force: true })
  }
  let database: BetterSqlite3.Database | undefined
  try {
    remove()
    linkSync(path, secondName)
    const opened = new BetterSqlite3(secondName, { timeout: 0, fileMustExist: true })
    database = opened
    // Before the first read: in WAL mode it is this that locks the file and not only its log.
    opened.pragma('locking_mode = EXCLUSIVE')
    opened.exec('BEGIN EXCLUSIVE')
    const release = (): void => {
      opened.close()
      remove()
    }
    return { release }
  } catch (error) {
    database?.close()
    remove()
    return sqliteCodeOf(error)?.startsWith('SQLITE_BUSY') === true ? 'busy' : null
  }
}

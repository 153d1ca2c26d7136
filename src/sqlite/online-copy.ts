/**
 * SQLite's online backup of one connection's database, step by step: https://sqlite.org/backup.html
 *
 * What the same connection writes between two steps SQLite writes to the copy as well. A write by another connection makes it
 * begin again with the next step, and so does a ROLLBACK of a transaction that had written.
 *
 * The driver's `backup()` takes its steps whenever its event loop turns, and nobody can tell it to wait. The engine decides
 * when one is taken, so the object underneath is used; a test holds that it is there.
 */
import type BetterSqlite3 from 'better-sqlite3'
import { InitializationError } from '../errors.ts'
import { translateError } from './result-codes.ts'

interface DriverBackup {
  transfer(pages: number): { readonly totalPages: number; readonly remainingPages: number }
  close(): unknown
}

interface DriverDatabase {
  backup(database: BetterSqlite3.Database, schema: string, path: string, removeUnfinished: boolean): DriverBackup
}

export class OnlineCopy {
  readonly #backup: DriverBackup
  readonly #path: string
  #pages = 0
  #remaining = 0

  /** @param path of a file that does not exist. It is removed when the copy is closed before its end. */
  constructor(database: BetterSqlite3.Database, path: string) {
    this.#path = path
    this.#backup = this.#translated(() => driverOf(database).backup(database, 'main', path, true))
  }

  /** How many pages there are, and how many of them have not been copied; of the last step. */
  get progress(): { readonly pages: number; readonly remaining: number } {
    return { pages: this.#pages, remaining: this.#remaining }
  }

  /** Copies so many pages more; 0: only looks how many there are. With the last ones, the copy is on the disk when this returns. */
  step(pages: number): void {
    const { totalPages, remainingPages } = this.#translated(() => this.#backup.transfer(pages))
    this.#pages = totalPages
    this.#remaining = remainingPages
  }

  close(): void {
    this.#backup.close()
  }

  /** What fails is the copy's file, as far as anybody can tell. */
  #translated<T>(run: () => T): T {
    try {
      return run()
    } catch (error) {
      throw translateError(error, { connection: 'backup', path: this.#path, phase: 'preparing' })
    }
  }
}

function driverOf(database: BetterSqlite3.Database): DriverDatabase {
  const own = database as unknown as Record<symbol, Partial<DriverDatabase> | undefined>
  for (const symbol of Object.getOwnPropertySymbols(database)) {
    if (typeof own[symbol]?.backup === 'function') return own[symbol] as DriverDatabase
  }
  throw new InitializationError({
    connection: 'writer',
    reason: 'this version of better-sqlite3 does not let a copy be made step by step',
    advice: 'Install the version that noormme names among its dependencies.',
  })
}

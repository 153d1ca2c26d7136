/**
 * Keeps the write-ahead log readable: as long as it is held, no frame can be lost before its file has been read, whoever writes.
 *
 * What is held is a read transaction. SQLite gives it one of two kinds of lock (https://sqlite.org/walformat.html#wal_locks):
 *
 *  - on a read mark, when frames are left to be copied into the file: the log cannot start again.
 *  - on mark 0, when all frames are in the file: the log may start again *once*, exactly behind the frames that are there
 *    now; nothing can be copied into the file, so it cannot start again a second time.
 *
 * Either way all that is committed after the hold was taken stands in the log until it is released. So the next hold is
 * taken before the last is released, and in between the log is read. A hold that is never moved on keeps checkpoints from
 * their end.
 *
 *     released ──take()──▶ held ──take()──▶ held twice ──settle()──▶ held
 */
import type BetterSqlite3 from 'better-sqlite3'
import { openDatabase } from './open-database.ts'

/** How long another process's recovery of the log is waited for (ms). */
const WAIT_MS = 100

export class LogHold {
  /** Two of them, so that there is always one that holds. */
  readonly #holders: [BetterSqlite3.Database, BetterSqlite3.Database]

  private constructor(open: () => BetterSqlite3.Database) {
    this.#holders = [open(), open()]
  }

  /** @throws ConnectionError, BusyError */
  static open(path: string): LogHold {
    const settings = { busyTimeout: WAIT_MS }
    return new LogHold(() => openDatabase(path, { label: 'archive', role: 'reader', settings }))
  }

  /** Takes the next hold beside the one that there is. */
  take(): void {
    const [free] = this.#holders
    // An attempt before may have failed behind it.
    if (free.inTransaction) return
    free.exec('BEGIN')
    // BEGIN alone takes nothing; the first read does.
    free.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
  }

  /** Releases the former of two. */
  settle(): void {
    const [, former] = this.#holders
    if (former.inTransaction) former.exec('COMMIT')
    this.#holders.reverse()
  }

  /** Releases all. */
  close(): void {
    for (const database of this.#holders) database.close()
  }
}

/**
 * Looking at a database file with clean hands: the listing of its folder, the bytes and the times of every file stay as
 * they were. An ordinary read-only connection does not promise that: it makes `-wal` and `-shm`, and writes into `-shm`.
 *
 *     direct      DELETE mode                     a read-only connection, which takes locks and nothing else
 *     immutable   WAL, no log                     read without locks (https://sqlite.org/uri.html); that it did not change
 *                                                 meanwhile is checked after each statement
 *     shared      WAL, a log and its index        the index is mapped read-only; after a crash SQLite rebuilds it in memory
 *     copy        a log without its index, or     the files are copied to a private folder, which is removed when closing
 *                 a journal to roll back
 *
 * For processes that do not have the file open otherwise, such as the command line: it reads the files with `node:fs`,
 * and closing a descriptor drops every lock that SQLite holds on the file in the same process
 * (https://sqlite.org/howtocorrupt.html#posix_advisory_locks_canceled_by_a_separate_thread_doing_close_). A connection
 * of the same process would also share its writable index with this one.
 */
import { statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import { ConnectionError, NoormmeError, NotADatabaseError, RefusedError } from '../errors.ts'
import { toObjects } from './connection.ts'
import { existingFile } from './existing-file.ts'
import { type FileUser, findFileUsers } from './file-users.ts'
import { journalModeOf } from './journal-mode.ts'
import { type LogFacts, readLogFacts } from './log-facts.ts'
import { copyToPrivateFolder, type PrivateCopy } from './private-copy.ts'
import { sqliteCodeOf, translateError } from './result-codes.ts'
import { fromDriver, type SqlValue, toDriver, toSqlValues } from './values.ts'
import { assertNodeVersion } from './version.ts'

export interface ReadOnlyFile extends Disposable {
  /** Absolute, symbolic links resolved. */
  readonly path: string
  readonly journalMode: 'wal' | 'delete'
  /** How it is read; see above. */
  readonly way: 'direct' | 'immutable' | 'shared' | 'copy'
  /** Whether another process has it open. Not on Linux: taken as such when its `-shm` exists. */
  readonly inUse: boolean
  /** The processes that have it open, where they are known. */
  readonly users: readonly FileUser[]
  readonly sizes: FileSizes
  /** `null` when there is no log file. */
  readonly log: LogFacts | null
  /** Runs one statement that reads, at the point in time of opening. */
  execute(statement: { readonly sql: string; readonly parameters?: readonly unknown[] }): Promise<ReadResult>
  /** Lets go of the file, and removes the copy if there is one. Calling it again does nothing. */
  close(): void
}

/** Bytes of each file; `null` for one that does not exist. */
export interface FileSizes {
  readonly database: number
  readonly wal: number | null
  readonly shm: number | null
  readonly journal: number | null
}

interface ReadResult {
  readonly rows: Record<string, SqlValue>[]
  readonly changes: 0
  readonly lastInsertRowid: null
}

const LABEL = 'read-only'
const ROLLBACK_NEEDED = new Set(['SQLITE_READONLY_ROLLBACK', 'SQLITE_READONLY_RECOVERY', 'SQLITE_READONLY_CANTINIT'])

/**
 * Opens a database file for looking at it, at one point in time; it is never made. Until it is closed it holds a read
 * lock, so keep it open briefly.
 *
 * @example
 * using file = openReadOnly('app.db')
 * const schema = await introspect(file)
 *
 * @throws ConnectionError when there is no such file or it cannot be read; NotADatabaseError; BusyError when another
 *   process keeps it locked for five seconds. Nothing is left open or behind then.
 */
export function openReadOnly(path: string): ReadOnlyFile {
  assertNodeVersion(process.versions)
  const file = existingFile(path)
  const sizes = sizesOf(file)
  const journalMode = journalModeOf(file)
  // A journal may hold the first page as it was before a crash.
  if (journalMode === null && sizes.database > 0 && sizes.journal === null) throw new NotADatabaseError({ path: file })

  const stamp = stampOf(file)
  const users = findFileUsers(file)
  const facts = {
    path: file,
    journalMode: journalMode ?? 'delete',
    inUse: users === null ? sizes.shm !== null : users.length > 0,
    users: users ?? [],
    sizes,
    log: readLogFacts(file),
    stamp,
  }
  return new OpenFile(facts, connect(facts))
}

interface Facts extends Pick<ReadOnlyFile, 'path' | 'journalMode' | 'inUse' | 'users' | 'sizes' | 'log'> {
  /** Size and time of the file before it was opened. */
  readonly stamp: string
}

interface Opened {
  readonly way: ReadOnlyFile['way']
  readonly database: BetterSqlite3.Database
  readonly copy: PrivateCopy | null
}

class OpenFile implements ReadOnlyFile {
  readonly path: string
  readonly journalMode: 'wal' | 'delete'
  readonly way: ReadOnlyFile['way']
  readonly inUse: boolean
  readonly users: readonly FileUser[]
  readonly sizes: FileSizes
  readonly log: LogFacts | null
  readonly #opened: Opened
  readonly #stamp: string

  constructor(facts: Facts, opened: Opened) {
    this.path = facts.path
    this.journalMode = facts.journalMode
    this.way = opened.way
    this.inUse = facts.inUse
    this.users = facts.users
    this.sizes = facts.sizes
    this.log = facts.log
    this.#opened = opened
    this.#stamp = facts.stamp
  }

  async execute({
    sql,
    parameters = [],
  }: {
    readonly sql: string
    readonly parameters?: readonly unknown[]
  }): Promise<ReadResult> {
    const values = toSqlValues(parameters).map(toDriver)
    try {
      const statement = this.#opened.database.prepare(sql)
      if (!statement.readonly || !statement.reader) {
        throw new RefusedError({
          statement: 'a statement that returns no rows, or writes,',
          instead: 'The file is open for looking only.',
        })
      }
      const rows = statement
        .raw(true)
        .safeIntegers(true)
        .all(...values) as unknown[][]
      if (this.way === 'immutable' && stampOf(this.path) !== this.#stamp) throw changedMeanwhile(this.path)
      const columns = statement.columns().map(({ name }) => name)
      return {
        rows: toObjects({ columns, rows: rows.map((row) => row.map(fromDriver)) }),
        changes: 0,
        lastInsertRowid: null,
      }
    } catch (error) {
      throw translateError(error, { connection: LABEL, path: this.path, sql, phase: 'preparing' })
    }
  }

  close(): void {
    this.#opened.database.close()
    this.#opened.copy?.remove()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

function sizesOf(path: string): FileSizes {
  const size = (suffix: string): number | null => statSync(path + suffix, { throwIfNoEntry: false })?.size ?? null
  return { database: size('') ?? 0, wal: size('-wal'), shm: size('-shm'), journal: size('-journal') }
}

function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return `${stat?.ino} ${stat?.size} ${stat?.mtimeNs}`
}

function changedMeanwhile(path: string): ConnectionError {
  return new ConnectionError({ path, reason: 'another process began to write to it meanwhile', advice: 'Try again.' })
}

function connect(facts: Facts): Opened {
  const { path, journalMode, sizes, inUse } = facts
  if (journalMode === 'delete') return openOrCopy('direct', path, ['-journal'])
  if (sizes.wal !== null && sizes.shm !== null) {
    if (understandsUris()) return openOrCopy('shared', path, ['-wal'])
    // Without its parameters nothing keeps SQLite from writing into the index; what is live must be shared all the same.
    return inUse ? open('shared', path) : openCopy(path, ['-wal'])
  }
  if (sizes.wal !== null && sizes.wal > 0) return openCopy(path, ['-wal'])
  return understandsUris() ? open('immutable', path) : openCopy(path, [])
}

/** SQLite itself knows best whether something has to be rolled back or recovered first; only a copy may be. */
function openOrCopy(way: 'direct' | 'shared', path: string, companions: readonly string[]): Opened {
  try {
    return open(way, path)
  } catch (error) {
    if (!(error instanceof NoormmeError) || !ROLLBACK_NEEDED.has(error.sqliteCode ?? '')) throw error
    return openCopy(path, companions)
  }
}

const PARAMETERS = { direct: '?mode=ro', shared: '?readonly_shm=1', immutable: '?immutable=1' } as const

function open(way: 'direct' | 'shared' | 'immutable', path: string): Opened {
  const name = understandsUris() ? pathToFileURL(path).href + PARAMETERS[way] : path
  return { way, database: openAtOnePoint(name, path, 'reading'), copy: null }
}

function openCopy(path: string, companions: readonly string[]): Opened {
  const copy = copyToPrivateFolder(path, companions)
  try {
    return { way: 'copy', database: openAtOnePoint(copy.path, path, 'recovering'), copy }
  } catch (error) {
    copy.remove()
    throw error
  }
}

/** `recovering`: the connection may write, because rolling back a journal and recovering a log do. */
function openAtOnePoint(name: string, path: string, purpose: 'reading' | 'recovering'): BetterSqlite3.Database {
  let database: BetterSqlite3.Database | null = null
  try {
    database = new BetterSqlite3(name, { readonly: purpose === 'reading', fileMustExist: true })
    // BEGIN alone takes no snapshot; the first read does (https://sqlite.org/isolation.html).
    database.exec('PRAGMA query_only = 1; BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1')
    return database
  } catch (error) {
    database?.close()
    throw translateError(error, { connection: LABEL, path, phase: 'preparing' })
  }
}

/**
 * Whether the driver takes `file:` names as URIs. It does when `SQLITE_USE_URI=1` stood in the environment as it was
 * loaded, which the command line sees to. Where it does not, nothing is created by asking.
 */
function understandsUris(): boolean {
  try {
    new BetterSqlite3('file:noormme?mode=memory', { readonly: true, fileMustExist: true }).close()
    return true
  } catch (error) {
    if (sqliteCodeOf(error) === 'SQLITE_CANTOPEN') return false
    throw error
  }
}

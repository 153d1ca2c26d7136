/**
 * One configured SQLite connection: statements kept by text, values converted exactly, errors of the catalogue.
 * Synchronous; which thread it lives on is the engine's business.
 *
 * Rows come in two shapes: as objects for the thread that uses them ({@link Connection.objects}), and as arrays with
 * their column names for a trip between threads ({@link Connection.arrays}).
 */
import BetterSqlite3 from 'better-sqlite3'
import { NoormmeError, StatementError } from '../errors.ts'
import { type ConnectionPragmas, type ConnectionRole, type ConnectionSettings, configureConnection } from './configure.ts'
import { applyExtensions, type Extensions } from './extensions.ts'
import { findLockHolder } from './lock-holder.ts'
import { translateError } from './result-codes.ts'
import { insertTarget, RowidReport } from './rowid-report.ts'
import { StatementCache } from './statement-cache.ts'
import { fromDriver, mayBeRounded, type SqlValue, toDriver } from './values.ts'
import { assertNodeVersion, assertSqliteVersion } from './version.ts'

export interface ConnectionOptions {
  readonly label: string
  readonly role: ConnectionRole
  /** Absolute path, or `:memory:`. */
  readonly path: string
  readonly settings: ConnectionSettings
  readonly extensions: Extensions
}

/** Rows by position, with the names of the positions. */
export interface ArrayRows {
  readonly columns: readonly string[]
  readonly rows: SqlValue[][]
}

export interface WriteOutcome extends ArrayRows {
  readonly changes: number
  readonly lastInsertRowid: number | bigint | null
}

interface Prepared {
  readonly statement: BetterSqlite3.Statement
  readonly reader: boolean
  readonly readonly: boolean
  /** Whether the last INSERT's rowid is certainly this statement's own; `null` when it is no INSERT. */
  readonly rowid: 'own' | 'uncertain' | null
  /** A column named `__proto__` cannot be a property of the driver's row objects. */
  readonly viaArrays: boolean
  /** It has returned an integer that a number cannot hold: read with exact integers from now on. */
  exact: boolean
  columns: readonly string[]
  columnsVersion: number
}

const NO_ROWS: ArrayRows = { columns: [], rows: [] }

export class Connection {
  readonly label: string
  readonly path: string
  readonly sqliteVersion: string
  readonly pragmas: ConnectionPragmas
  readonly #database: BetterSqlite3.Database
  readonly #statements = new StatementCache<Prepared>()
  readonly #schemaVersion: BetterSqlite3.Statement
  readonly #rowids: RowidReport | null

  /** Opens and configures. Whatever fails, nothing is left open. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    assertNodeVersion(process.versions.node)
    const database = openDatabase(options)
    try {
      assertSqliteVersion(String(database.prepare('SELECT sqlite_version()').pluck().get()))
      await applyExtensions(database, options.label, options.extensions)
      const pragmas = configureConnection(database, options.label, options.role, options.settings)
      return new Connection(database, options, pragmas)
    } catch (error) {
      database.close()
      throw translateError(error, {
        connection: options.label,
        path: options.path,
        phase: 'preparing',
        waitedMs: options.settings.busyTimeout,
        holder: findLockHolder(options.path),
      })
    }
  }

  private constructor(database: BetterSqlite3.Database, options: ConnectionOptions, pragmas: ConnectionPragmas) {
    this.#database = database
    this.label = options.label
    this.path = options.path
    this.pragmas = pragmas
    this.sqliteVersion = String(database.prepare('SELECT sqlite_version()').pluck().get())
    this.#schemaVersion = database.prepare('PRAGMA schema_version').pluck()
    this.#rowids = options.role === 'writer' ? new RowidReport(database) : null
    // A reader steps a stream's statement and answers other reads of the same snapshot in between. The driver's guard
    // against that protects writes made while iterating, which a read-only connection cannot make.
    if (options.role === 'reader') database.unsafeMode(true)
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  /** Whether SQLite says that this statement changes nothing (https://sqlite.org/c3ref/stmt_readonly.html). */
  isReadonly(sql: string): boolean {
    return this.#prepare(sql).readonly
  }

  /** Runs a reading statement and returns its rows as objects. */
  objects(sql: string, parameters: readonly SqlValue[]): Record<string, SqlValue>[] {
    const prepared = this.#prepare(sql)
    if (prepared.viaArrays) return toObjects(this.arrays(sql, parameters))
    return this.#running(sql, () => {
      const bound = parameters.map(toDriver)
      if (!prepared.exact) {
        const rows = prepared.statement.raw(false).safeIntegers(false).all(...bound) as Record<string, SqlValue>[]
        if (!rows.some(needsExactness)) return rows
        prepared.exact = true
      }
      const rows = prepared.statement.raw(false).safeIntegers(true).all(...bound) as Record<string, SqlValue>[]
      for (const row of rows) for (const name of Object.keys(row)) row[name] = fromDriver(row[name])
      return rows
    })
  }

  /** Runs a reading statement and returns its rows by position. */
  arrays(sql: string, parameters: readonly SqlValue[]): ArrayRows {
    const prepared = this.#prepare(sql)
    return this.#running(sql, () => {
      const bound = parameters.map(toDriver)
      let rows = prepared.exact ? null : (prepared.statement.raw(true).safeIntegers(false).all(...bound) as SqlValue[][])
      if (rows?.some((row) => row.some(mayBeRounded)) ?? true) {
        prepared.exact = true
        rows = (prepared.statement.raw(true).safeIntegers(true).all(...bound) as unknown[][]).map((row) => row.map(fromDriver))
      }
      return { columns: this.#columnsOf(prepared), rows: rows ?? [] }
    })
  }

  /** Runs a statement of any kind, with exact integers, and reports what it changed. */
  write(sql: string, parameters: readonly SqlValue[]): WriteOutcome {
    const prepared = this.#prepare(sql)
    const outcome = this.#running(sql, () => {
      const bound = parameters.map(toDriver)
      if (prepared.rowid === 'uncertain') this.#rowids?.reset()
      if (!prepared.reader) {
        const { changes, lastInsertRowid } = prepared.statement.safeIntegers(true).run(...bound)
        return { ...NO_ROWS, changes, lastInsertRowid: prepared.readonly ? null : lastInsertRowid }
      }
      const rows = (prepared.statement.raw(true).safeIntegers(true).all(...bound) as unknown[][]).map((row) => row.map(fromDriver))
      const columns = this.#columnsOf(prepared)
      if (prepared.readonly) return { columns, rows, changes: 0, lastInsertRowid: null }
      return { columns, rows, ...this.#rowidReport().read() }
    })
    const inserted = prepared.rowid !== null && outcome.changes > 0 && !this.#rowids?.isReset(outcome.lastInsertRowid)
    return { ...outcome, lastInsertRowid: inserted ? (fromDriver(outcome.lastInsertRowid) as number | bigint) : null }
  }

  /** Steps through a reading statement; the statement is released when iteration ends, however it ends. */
  *iterate(sql: string, parameters: readonly SqlValue[]): Generator<SqlValue[], void> {
    // Not from the cache: a statement that is being stepped cannot be run a second time.
    const statement = this.#prepareNew(sql).statement.raw(true).safeIntegers(true)
    const rows = this.#running(sql, () => statement.iterate(...parameters.map(toDriver)) as IterableIterator<unknown[]>)
    try {
      for (;;) {
        const next = this.#running(sql, () => rows.next())
        if (next.done === true) return
        yield next.value.map(fromDriver)
      }
    } finally {
      rows.return?.()
    }
  }

  /** Column names of a reading statement, in order. */
  columns(sql: string): readonly string[] {
    return this.#columnsOf(this.#prepare(sql))
  }

  /** Runs a statement of the engine's own that returns nothing: BEGIN, COMMIT, SAVEPOINT, … */
  control(sql: string): void {
    this.#running(sql, () => this.#prepare(sql).statement.run())
  }

  /** Reads or sets one PRAGMA for the engine itself. */
  pragma(text: string): unknown {
    return this.#running(`PRAGMA ${text}`, () => this.#database.pragma(text, { simple: true }))
  }

  /** All columns of a PRAGMA's first row, in order: `wal_checkpoint` answers three numbers. */
  pragmaRow(text: string): SqlValue[] {
    return this.#running(`PRAGMA ${text}`, () => (this.#database.prepare(`PRAGMA ${text}`).raw().get() ?? []) as SqlValue[])
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #prepare(sql: string): Prepared {
    return this.#statements.get(sql, (text) => this.#prepareNew(text))
  }

  #prepareNew(sql: string): Prepared {
    try {
      const statement = this.#database.prepare(sql)
      const columns = statement.reader ? statement.columns().map(({ name }) => name) : []
      return {
        statement,
        reader: statement.reader,
        readonly: statement.readonly,
        rowid: this.#rowids === null || statement.readonly ? null : this.#rowids.certainty(insertTarget(sql)),
        viaArrays: columns.includes('__proto__'),
        exact: false,
        columns,
        columnsVersion: Number(this.#schemaVersion.get()),
      }
    } catch (error) {
      throw this.#translate(error, sql, 'preparing')
    }
  }

  /** Names are cached with the schema they were read under: asking the driver each time costs more than the read. */
  #columnsOf(prepared: Prepared): readonly string[] {
    const version = Number(this.#schemaVersion.get())
    if (prepared.columnsVersion !== version) {
      prepared.columns = prepared.statement.columns().map(({ name }) => name)
      prepared.columnsVersion = version
    }
    return prepared.columns
  }

  #rowidReport(): RowidReport {
    if (this.#rowids === null) throw new StatementError({ reason: `connection ${this.label} cannot write` })
    return this.#rowids
  }

  #running<T>(sql: string, run: () => T): T {
    const start = performance.now()
    try {
      return run()
    } catch (error) {
      throw this.#translate(error, sql, 'running', performance.now() - start)
    }
  }

  #translate(error: unknown, sql: string, phase: 'preparing' | 'running', waitedMs = 0): NoormmeError {
    if (error instanceof NoormmeError) return error
    return translateError(error, {
      connection: this.label,
      path: this.path,
      sql,
      phase,
      waitedMs,
      holder: undefined,
      isTable: (name) => this.#database.prepare('SELECT 1 FROM pragma_table_list WHERE name = ?').get(name) !== undefined,
    })
  }
}

function openDatabase({ path, role, label, settings }: ConnectionOptions): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(path, {
      readonly: role !== 'writer',
      fileMustExist: role !== 'writer',
      timeout: role === 'inline' ? 0 : settings.busyTimeout,
    })
  } catch (error) {
    throw translateError(error, { connection: label, path, phase: 'preparing' })
  }
}

const needsExactness = (row: Record<string, SqlValue>): boolean => {
  for (const name of Object.keys(row)) {
    const value = row[name]
    if (mayBeRounded(value)) return true
    if (value instanceof Uint8Array) row[name] = fromDriver(value)
  }
  return false
}

/** Builds row objects from rows by position; of two columns with one name the last wins, as in SQLite's shell. */
export function toObjects({ columns, rows }: ArrayRows): Record<string, SqlValue>[] {
  const hostile = columns.includes('__proto__')
  return rows.map((values) => {
    const row: Record<string, SqlValue> = {}
    for (let index = 0; index < columns.length; index++) {
      const name = columns[index] as string
      const value = values[index] as SqlValue
      if (hostile) Object.defineProperty(row, name, { value, writable: true, enumerable: true, configurable: true })
      else row[name] = value
    }
    return row
  })
}

/**
 * One configured SQLite connection: statements kept by text, values converted exactly, errors of the catalogue.
 * Synchronous; which thread it lives on is the engine's business.
 *
 * Rows come in two shapes: as objects for the thread that uses them ({@link Connection.objects}), and as arrays with
 * their column names for a trip between threads ({@link Connection.arrays}).
 */
import type BetterSqlite3 from 'better-sqlite3'
import { NoormmeError } from '../errors.ts'
import { allOrNothing } from './all-or-nothing.ts'
import { configureConnection } from './configure.ts'
import type { Extensions } from './connection-setup.ts'
import { applyExtensions } from './extensions.ts'
import { type FilePlace, findMissing, placeOf } from './file-identity.ts'
import { HalfDone } from './half-done.ts'
import { findLockHolder } from './lock-holder.ts'
import { loadNative, type NativeLoad } from './native.ts'
import type { NativeBinary } from './native-binary.ts'
import type { NativeConnection, NativeFacts } from './native-types.ts'
import { OnlineCopy } from './online-copy.ts'
import { openDatabase } from './open-database.ts'
import { parameterNames, toBound } from './parameters.ts'
import { namesOf, type Prepared, prepareStatement, shaped } from './prepared.ts'
import { Repeatable } from './repeatable.ts'
import { translateError } from './result-codes.ts'
import { NO_PLAN, type RowidPlan, RowidReport } from './rowid-report.ts'
import { type ArrayRows, arrayNeedsExactness, exactRows, needsExactness, toObjects } from './rows.ts'
import { SchemaNames } from './schema-names.ts'
import type { ConnectionPragmas, ConnectionRole, ConnectionSettings } from './settings.ts'
import { StatementCache } from './statement-cache.ts'
import { fromDriver, type SqlValue } from './values.ts'
import { assertNodeVersion, assertSqliteVersion } from './version.ts'

export { type ArrayRows, toObjects } from './rows.ts'

export interface ConnectionOptions {
  readonly label: string
  readonly role: ConnectionRole
  /** Absolute path, or `:memory:`. */
  readonly path: string
  readonly settings: ConnectionSettings
  readonly extensions: Extensions
  /** A missing file is an error instead of being made. Default: `true` for those that only read. */
  readonly mustExist?: boolean
  /** What the engine's first connection found: another file at the path is an error. */
  readonly place?: FilePlace | null
  /** The extension in C. Default: none. */
  readonly native?: NativeBinary
}

export interface WriteOutcome extends ArrayRows {
  /** How long SQLite took for this very statement (ms). */
  readonly ms: number
  readonly changes: number
  readonly lastInsertRowid: number | bigint | null
}

const NO_NATIVE: NativeBinary = { file: null, reason: 'it was not asked for' }

const NO_ROWS: ArrayRows = { columns: [], rows: [] }

const OBJECTS = { arrays: false, bigints: false }
const EXACT_OBJECTS = { arrays: false, bigints: true }
const ARRAYS = { arrays: true, bigints: false }
const EXACT_ARRAYS = { arrays: true, bigints: true }

export class Connection {
  readonly label: string
  readonly path: string
  readonly sqliteVersion: string
  readonly pragmas: ConnectionPragmas
  /** The extension in C; `null` where it is not loaded, and {@link Connection.nativeFacts} say why. */
  readonly native: NativeConnection | null
  readonly nativeFacts: NativeFacts
  readonly #database: BetterSqlite3.Database
  readonly #statements = new StatementCache<Prepared>()
  readonly #dataVersion: BetterSqlite3.Statement
  readonly #schemaVersion: BetterSqlite3.Statement
  readonly #schemaTouch: BetterSqlite3.Statement
  readonly #rowids: RowidReport | null
  readonly #halfDone: HalfDone
  readonly #names: SchemaNames
  readonly #repeatable: Repeatable
  readonly #place: FilePlace | null
  /** The version of the schema when it was last looked at. */
  #seenVersion: number | null = null

  /** Opens and configures. Whatever fails, nothing is left open. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    assertNodeVersion(process.versions)
    assertSameFile(options)
    const database = openDatabase(options.path, options)
    try {
      assertSqliteVersion(String(database.prepare('SELECT sqlite_version()').pluck().get()))
      await applyExtensions(database, options.label, options.extensions)
      assertSameFile(options)
      const pragmas = configureConnection(database, options.label, options.role, options.settings)
      // Last, so that no function of the user's stands in its place.
      const native = loadNative(database, options.native ?? NO_NATIVE, options.settings)
      return new Connection(database, options, pragmas, native)
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

  private constructor(
    database: BetterSqlite3.Database,
    options: ConnectionOptions,
    pragmas: ConnectionPragmas,
    native: NativeLoad,
  ) {
    this.#database = database
    this.native = native.connection
    this.nativeFacts = native.facts
    this.label = options.label
    this.path = options.path
    this.pragmas = pragmas
    this.sqliteVersion = String(database.prepare('SELECT sqlite_version()').pluck().get())
    this.#dataVersion = database.prepare('PRAGMA data_version').pluck()
    this.#schemaVersion = database.prepare('PRAGMA schema_version').pluck()
    this.#schemaTouch = database.prepare('SELECT 1 FROM main.sqlite_schema LIMIT 1')
    this.#rowids = options.role === 'writer' ? new RowidReport(database) : null
    this.#halfDone = new HalfDone(database)
    this.#names = new SchemaNames(database)
    this.#repeatable = new Repeatable(database)
    this.#place = options.role === 'writer' ? placeOf(options.path, { wal: pragmas.journal_mode === 'wal' }) : null
    // A reader steps a stream's statement and answers other reads of the same snapshot in between. The driver's guard
    // against that protects writes made while iterating, which a read-only connection cannot make.
    if (options.role === 'reader') database.unsafeMode(true)
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  /** Whether this statement changes nothing. */
  isReadonly(sql: string): boolean {
    return this.#prepare(sql).readonly
  }

  /** Runs a reading statement and returns its rows as objects. */
  objects(sql: string, parameters: readonly SqlValue[]): Record<string, SqlValue>[] {
    const prepared = this.#prepare(sql)
    if (prepared.viaArrays) return toObjects(this.arrays(sql, parameters))
    try {
      const bound = toBound(prepared.parameterNames, parameters, sql)
      if (!prepared.exact) {
        const rows = shaped(prepared, OBJECTS).all(...bound) as Record<string, SqlValue>[]
        if (!rows.some(needsExactness)) return rows
        prepared.exact = true
      }
      const rows = shaped(prepared, EXACT_OBJECTS).all(...bound) as Record<string, SqlValue>[]
      for (const row of rows) for (const name of Object.keys(row)) row[name] = fromDriver(row[name])
      return rows
    } catch (error) {
      throw this.#translate(error, sql, 'running')
    }
  }

  /** Runs a reading statement and returns its rows by position. */
  arrays(sql: string, parameters: readonly SqlValue[]): ArrayRows {
    const prepared = this.#prepare(sql)
    return this.#running(sql, () => {
      const bound = toBound(prepared.parameterNames, parameters, sql)
      let rows = prepared.exact ? null : (shaped(prepared, ARRAYS).all(...bound) as SqlValue[][])
      if (rows?.some(arrayNeedsExactness) ?? true) {
        prepared.exact = true
        rows = exactRows(prepared, bound)
      }
      return { columns: this.#columnsOf(prepared), rows: rows ?? [] }
    })
  }

  /**
   * Runs a reading statement and hands its rows to `take` as they are read, integers as bigints; `take` runs nothing on
   * this connection. Returns the names of the columns.
   */
  each(sql: string, parameters: readonly SqlValue[], take: (row: unknown[]) => void): readonly string[] {
    const prepared = this.#prepare(sql)
    return this.#running(sql, () => {
      const bound = toBound(prepared.parameterNames, parameters, sql)
      for (const row of shaped(prepared, EXACT_ARRAYS).iterate(...bound)) take(row as unknown[])
      return this.#columnsOf(prepared)
    })
  }

  /** Column names of a statement while {@link Connection.each} runs it. */
  columnsOfRun(sql: string): readonly string[] {
    return namesOf(this.#prepare(sql).statement)
  }

  /**
   * Runs a statement of any kind, with exact integers, and reports what it changed. Inside a transaction one that fails
   * has changed nothing.
   */
  write(sql: string, parameters: readonly SqlValue[]): WriteOutcome {
    const prepared = this.#prepare(sql)
    return this.#running(sql, () => {
      const bound = toBound(prepared.parameterNames, parameters, sql)
      const plan = this.#planOf(prepared, sql)
      const run = (): WriteOutcome => this.#write(prepared, plan, bound)
      return prepared.mayStopHalfway && this.inTransaction ? allOrNothing(this, run) : run()
    })
  }

  /**
   * Steps through a reading statement; the statement is released when iteration ends, however it ends. The first step
   * is taken at once, so that {@link Connection.columns} asked next speaks of the same schema.
   */
  iterate(sql: string, parameters: readonly SqlValue[]): Generator<SqlValue[], void> {
    const rows = this.#step(sql, parameters)
    rows.next()
    return rows as Generator<SqlValue[], void>
  }

  /** Column names of a reading statement, in order, as the schema is now. */
  columns(sql: string): readonly string[] {
    // A connection notices a changed schema when it runs a statement, not when it prepares one.
    this.#running(sql, () => this.#schemaTouch.get())
    return this.#prepareNew(sql).columns
  }

  /**
   * Another number than at the call before when another connection, of this process or any other, has committed in
   * between; often also when the log was restarted. https://sqlite.org/pragma.html#pragma_data_version
   */
  dataVersion(): number {
    return this.#running('PRAGMA data_version', () => this.#dataVersion.get() as number)
  }

  /** Another number whenever the schema has changed. */
  schemaVersion(): number {
    return this.#running('PRAGMA schema_version', () => this.#lookAtSchema())
  }

  /** Whether a reading statement returns the same rows again for as long as nothing is committed. */
  isRepeatable(sql: string, parameters: readonly SqlValue[]): boolean {
    return this.#running(sql, () => {
      // Compiling by itself would not notice that the schema has changed.
      this.#schemaTouch.get()
      return this.#repeatable.check(sql, toBound(parameterNames(sql), parameters, sql))
    })
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
    const sql = `PRAGMA ${text}`
    return this.#running(sql, () => (shaped(this.#prepare(sql), ARRAYS).get() ?? []) as SqlValue[])
  }

  /** Begins a copy of the database into a new file, to be taken step by step. */
  openCopy(path: string): OnlineCopy {
    return new OnlineCopy(this.#database, path)
  }

  /** @throws FileGoneError when the file or its log is no longer where it was when this connection was opened. */
  assertInPlace(): void {
    const missing = this.#place === null ? null : findMissing(this.#place)
    if (missing !== null) throw missing
  }

  /**
   * Lets the next statement read the schema again, and the statistics with it: a connection keeps those it has when
   * another one gathers new ones. Needs no lock and writes nothing: https://sqlite.org/pragma.html#pragma_writable_schema
   */
  reloadSchema(): void {
    this.pragma('writable_schema = RESET')
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #write(prepared: Prepared, plan: RowidPlan, bound: readonly unknown[]): WriteOutcome {
    this.#rowids?.prepare(plan)
    const start = performance.now()
    if (!prepared.reader) {
      const { changes, lastInsertRowid } = shaped(prepared, EXACT_OBJECTS).run(...bound)
      const ms = performance.now() - start
      return { ...NO_ROWS, changes, lastInsertRowid: this.#ownRowid(plan, changes, lastInsertRowid as bigint), ms }
    }
    const rows = exactRows(prepared, bound)
    const ms = performance.now() - start
    const columns = this.#columnsOf(prepared)
    if (prepared.readonly || this.#rowids === null) return { columns, rows, changes: 0, lastInsertRowid: null, ms }
    const { changes, lastInsertRowid } = this.#rowids.read()
    return { columns, rows, changes, lastInsertRowid: this.#ownRowid(plan, changes, lastInsertRowid), ms }
  }

  #prepare(sql: string): Prepared {
    const prepared = this.#statements.get(sql, (text) => this.#prepareNew(text))
    if (!prepared.explains) return prepared
    this.#running(sql, () => this.#schemaTouch.get())
    return this.#prepareNew(sql)
  }

  #prepareNew(sql: string): Prepared {
    try {
      return prepareStatement(this.#database, sql)
    } catch (error) {
      throw this.#translate(error, sql, 'preparing')
    }
  }

  /**
   * Names of the columns of the run that has just ended. Asking the driver each time costs more than a short read, so
   * they are kept with the version of the schema; but only when it was the same before that run, because otherwise
   * nobody knows on which side of the change the run was.
   */
  #columnsOf(prepared: Prepared): readonly string[] {
    const before = this.#seenVersion
    const version = this.#lookAtSchema()
    if (prepared.columnsVersion !== version) {
      prepared.columns = namesOf(prepared.statement)
      prepared.columnsVersion = before === version ? version : null
    }
    return prepared.columns
  }

  #planOf(prepared: Prepared, sql: string): RowidPlan {
    if (this.#rowids === null) return NO_PLAN
    const version = this.#lookAtSchema()
    if (prepared.planVersion !== version) {
      prepared.plan = this.#rowids.plan(sql, version)
      prepared.mayStopHalfway = !prepared.readonly && this.#halfDone.possible(sql, version)
      prepared.planVersion = version
    }
    return prepared.plan
  }

  #ownRowid(plan: RowidPlan, changes: number, lastInsertRowid: bigint): number | bigint | null {
    const rowid = this.#rowids?.ownRowid(plan, changes, lastInsertRowid) ?? null
    return rowid === null ? null : (fromDriver(rowid) as number | bigint)
  }

  #lookAtSchema(): number {
    this.#seenVersion = this.#schemaVersion.get() as number
    return this.#seenVersion
  }

  /** Yields an empty row first, once the statement has taken its first step, then the rows. */
  *#step(sql: string, parameters: readonly SqlValue[]): Generator<SqlValue[], void> {
    // Not from the cache: a statement that is being stepped cannot be run a second time.
    const prepared = this.#prepareNew(sql)
    const statement = shaped(prepared, EXACT_ARRAYS)
    const bound = toBound(prepared.parameterNames, parameters, sql)
    this.#running(sql, () => this.#rowids?.prepare(this.#planOf(prepared, sql)))
    const rows = this.#running(sql, () => statement.iterate(...bound) as IterableIterator<unknown[]>)
    try {
      let next = this.#running(sql, () => rows.next())
      yield []
      while (next.done !== true) {
        yield next.value.map(fromDriver)
        next = this.#running(sql, () => rows.next())
      }
    } finally {
      rows.return?.()
    }
  }

  #running<T>(sql: string, run: () => T): T {
    try {
      return run()
    } catch (error) {
      throw this.#translate(error, sql, 'running')
    }
  }

  #translate(error: unknown, sql: string, phase: 'preparing' | 'running'): NoormmeError {
    if (error instanceof NoormmeError) return error
    return translateError(error, {
      connection: this.label,
      path: this.path,
      sql,
      phase,
      // SQLite has waited as long as it was told to.
      waitedMs: this.pragmas.busy_timeout,
      holder: undefined,
      schema: this.#names,
    })
  }
}

/** Before opening, because what is missing cannot be opened, and after it, because it may have been replaced meanwhile. */
function assertSameFile({ place }: ConnectionOptions): void {
  const missing = place == null ? null : findMissing({ ...place, logInode: null })
  if (missing !== null) throw missing
}

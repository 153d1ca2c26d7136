/** A statement as a connection keeps it: prepared once, with what its runs need to know. */
import type BetterSqlite3 from 'better-sqlite3'
import { StatementError } from '../errors.ts'
import { type ParameterNames, parameterNames } from './parameters.ts'
import { NO_PLAN, type RowidPlan } from './rowid-report.ts'
import { firstWord } from './tokenizer.ts'

export interface Prepared {
  readonly statement: BetterSqlite3.Statement
  readonly reader: boolean
  /** It changes nothing. */
  readonly readonly: boolean
  /** It runs nothing, and so never notices that the schema has changed: each run needs a new one. */
  readonly explains: boolean
  readonly parameterNames: ParameterNames | null
  /** A column named `__proto__` cannot be a property of the driver's row objects. */
  readonly viaArrays: boolean
  /** What the driver's statement is set to return now: arrays instead of objects, bigints instead of numbers. */
  arrays: boolean
  bigints: boolean
  /** It has returned an integer that a number cannot hold: read with exact integers from now on. */
  exact: boolean
  columns: readonly string[]
  /** The version of the schema for which `columns` is certainly right; `null` when that is not sure of any. */
  columnsVersion: number | null
  plan: RowidPlan
  /** It can fail and leave rows that it wrote before. */
  mayStopHalfway: boolean
  /** The version of the schema that both hold for. */
  planVersion: number | null
}

/**
 * SQLite itself (https://sqlite.org/c3ref/stmt_readonly.html) says that EXPLAIN of a write and `PRAGMA journal_mode`
 * without a value are writes. PRAGMAs that set something were refused before; see `classify.ts`.
 */
const ONLY_LOOKS = new Set(['EXPLAIN', 'PRAGMA'])

/** @throws StatementError for text that SQLite would not read as it stands; otherwise what the driver throws. */
export function prepareStatement(database: BetterSqlite3.Database, sql: string): Prepared {
  assertReadable(sql)
  const statement = database.prepare(sql)
  const columns = statement.reader ? namesOf(statement) : []
  const word = firstWord(sql)
  return {
    statement,
    reader: statement.reader,
    readonly: statement.readonly || ONLY_LOOKS.has(word),
    explains: word === 'EXPLAIN',
    parameterNames: parameterNames(sql),
    viaArrays: columns.includes('__proto__'),
    arrays: false,
    bigints: false,
    exact: false,
    columns,
    // Preparing does not check whether the connection's picture of the schema is up to date; running does.
    columnsVersion: null,
    plan: NO_PLAN,
    mayStopHalfway: false,
    planVersion: null,
  }
}

/** The driver's statement, set to return rows of this shape; setting it anew costs as much as a third of a point read. */
export function shaped(
  prepared: Prepared,
  { arrays, bigints }: Pick<Prepared, 'arrays' | 'bigints'>,
): BetterSqlite3.Statement {
  const { statement } = prepared
  if (prepared.arrays !== arrays) statement.raw(arrays)
  if (prepared.bigints !== bigints) statement.safeIntegers(bigints)
  prepared.arrays = arrays
  prepared.bigints = bigints
  return statement
}

/** Names of the columns of the statement's last run. */
export function namesOf(statement: BetterSqlite3.Statement): string[] {
  return statement.columns().map(({ name }) => name)
}

/** SQLite stops reading at a NUL: `DELETE FROM t\0 WHERE id = 1` would delete every row. */
function assertReadable(sql: string): void {
  if (sql.includes('\0')) {
    throw new StatementError({ reason: 'the statement contains a NUL character', sql: sql.replaceAll('\0', '␀') })
  }
  if (!sql.isWellFormed()) {
    throw new StatementError({ reason: 'the statement contains half of a surrogate pair', sql: sql.toWellFormed() })
  }
}

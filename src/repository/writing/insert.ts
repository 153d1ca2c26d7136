/** INSERT statements, and reading back the row that one has stored. */
import type { Executor, ResultSet, Row, Statement, Transaction } from '../../engine/types.ts'
import { ConstraintError } from '../../errors.ts'
import { quoteIdentifier } from '../../schema/naming.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import type { RowData } from '../row-data.ts'
import type { TableModel } from '../table-model.ts'

export interface InsertOptions {
  /** A list of columns, or nothing. */
  readonly returning: string | null
  /** Rows whose unique key is taken are left out instead of being an error. */
  readonly skipDuplicates?: boolean
}

/** The last text for one row of these columns. */
const texts = new WeakMap<RowData['columns'], InsertOptions & { readonly sql: string }>()

/** One INSERT of rows that have the same columns. */
export function insertStatement(model: TableModel, rows: readonly RowData[], options: InsertOptions): Statement {
  const [row, second] = rows
  if (row === undefined || second !== undefined) return newStatement(model, rows, options)
  const known = texts.get(row.columns)
  const { returning, skipDuplicates } = options
  if (known?.returning === returning && known.skipDuplicates === skipDuplicates) {
    return { sql: known.sql, parameters: row.values }
  }
  const statement = newStatement(model, rows, options)
  texts.set(row.columns, { ...options, sql: statement.sql })
  return statement
}

function newStatement(model: TableModel, rows: readonly RowData[], options: InsertOptions): Statement {
  const { returning, skipDuplicates = false } = options
  const columns = rows[0]?.columns ?? []
  const end = returning === null ? '' : ` RETURNING ${returning}`
  if (columns.length === 0) return { sql: `INSERT INTO ${model.sql} DEFAULT VALUES${end}`, parameters: [] }
  const tail = `${skipDuplicates ? ' ON CONFLICT DO NOTHING' : ''}${end}`

  const places = `(${columns.map(() => '?').join(', ')})`
  const parameters: SqlValue[] = []
  for (const { values } of rows) for (const value of values) parameters.push(value)
  const list = columns.map(({ sql }) => sql).join(', ')
  const tuples = Array(rows.length).fill(places).join(', ')
  return { sql: `INSERT INTO ${model.sql} (${list}) VALUES ${tuples}${tail}`, parameters }
}

/**
 * Inserts one row and returns it as it stands in the table after the triggers of its INSERT.
 *
 * @throws ConstraintError when the table or a trigger ignored or removed the row; nothing is stored then.
 */
export async function insertOne(executor: Executor, model: TableModel, row: RowData): Promise<Row> {
  if (model.hasTriggersOrModule) {
    const [stored] = await executor.transaction((tx) => insertAndRead(tx, model, [row]))
    return stored as Row
  }
  const { rows } = await executor.execute(insertStatement(model, [row], { returning: model.selectList }))
  if (rows[0] === undefined) throw ignored(model)
  return rows[0]
}

/**
 * Inserts rows one by one and returns each as it stands after the triggers of its own INSERT; with `skipDuplicates`
 * without those that were not inserted. It looks at the rows when they are stored already, so an error of it has to undo
 * the transaction.
 *
 * @throws ConstraintError when the table or a trigger ignored or removed a row.
 */
export async function insertAndRead(
  tx: Transaction,
  model: TableModel,
  rows: readonly RowData[],
  skipDuplicates = false,
): Promise<Row[]> {
  const stored = await insertEach(tx, model, rows, skipDuplicates)
  return stored.flatMap(({ inserted, found }) => {
    if (inserted === 0 && skipDuplicates) return []
    return [storedRow(model, inserted, found)]
  })
}

interface Inserted {
  /** Rows that the INSERT stored. */
  readonly inserted: number
  readonly found: ResultSet
}

async function insertEach(
  tx: Transaction,
  model: TableModel,
  rows: readonly RowData[],
  skipDuplicates: boolean,
): Promise<Inserted[]> {
  const insert = (row: RowData, returning: string | null) =>
    insertStatement(model, [row], { returning, skipDuplicates })
  if (model.readBack.by === 'returning') {
    const results = await tx.batch(rows.map((row) => insert(row, model.selectList)))
    return results.map((found) => ({ inserted: found.rows.length, found }))
  }

  const rereads = rows.map((row) => rereadStatement(model, row))
  if (rereads.some((reread) => reread === null)) return insertEachByReturnedKey(tx, model, rows, insert)
  const results = await tx.batch(rows.flatMap((row, index) => [insert(row, null), rereads[index] as Statement]))
  return rows.map((_, index) => ({
    inserted: (results[2 * index] as ResultSet).changes,
    found: results[2 * index + 1] as ResultSet,
  }))
}

/** The SELECT that finds the row just inserted; `null` when its key is neither its rowid nor known from the data. */
function rereadStatement(model: TableModel, { columns, values }: RowData): Statement | null {
  if (model.readBack.by === 'rowid') {
    return {
      sql: `SELECT ${model.selectList} FROM ${model.sql} WHERE ${model.readBack.rowid} = last_insert_rowid()`,
      parameters: [],
    }
  }
  const key = model.key.map((column) => values[columns.indexOf(column)] ?? null)
  return key.includes(null) ? null : { sql: model.selectByKey, parameters: key }
}

/** A key without rowid that a DEFAULT makes: RETURNING tells it, and the row is read afterwards. */
async function insertEachByReturnedKey(
  tx: Transaction,
  model: TableModel,
  rows: readonly RowData[],
  insert: (row: RowData, returning: string) => Statement,
): Promise<Inserted[]> {
  const key = model.key.map(({ sql }, index) => `${sql} AS ${quoteIdentifier(`key ${index}`)}`).join(', ')
  const stored: Inserted[] = []
  for (const row of rows) {
    const result = await tx.execute(insert(row, key))
    const parameters = Object.values(result.rows[0] ?? {})
    const { length: inserted } = result.rows
    const found = inserted === 0 ? result : await tx.execute({ sql: model.selectByKey, parameters })
    stored.push({ inserted, found })
  }
  return stored
}

function storedRow(model: TableModel, inserted: number, { rows: [row] }: ResultSet): Row {
  if (inserted === 0) throw ignored(model)
  if (row === undefined) throw removed(model)
  return row
}

/** `ON CONFLICT IGNORE` in the table, or `RAISE(IGNORE)` in a trigger: no error for SQLite, but no row either. */
export function ignored({ table }: TableModel): ConstraintError {
  return new ConstraintError({
    table: table.name,
    columns: [],
    reason: `a constraint or trigger of "${table.name}" ignored the row, and nothing was stored`,
  })
}

/** A trigger deleted the row that was just written, or gave it another key, so that it cannot be returned. */
export function removed({ table }: TableModel): ConstraintError {
  return new ConstraintError({
    table: table.name,
    columns: [],
    reason: `a trigger of "${table.name}" removed the row or changed its key, and nothing was stored`,
  })
}

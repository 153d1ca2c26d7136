/**
 * Adding to a number where it is stored: one statement, so that two at once both count.
 *
 * SQLite makes a REAL of an integer sum beyond 64 bits, and a 0 of a text that is no number. Neither is stored here: the
 * statement changes the row only where the sum is exact.
 */
import type { Executor, Row } from '../../engine/types.ts'
import { ValidationError } from '../../errors.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { buildWithDateFormats } from '../date-column.ts'
import { refuse } from '../refusals.ts'
import { columnToWrite } from '../row-data.ts'
import type { ColumnModel } from '../row-decoder.ts'
import { keyValues, nameOf } from '../row-key.ts'
import { changeBy, versionOf } from './change.ts'
import { updateByKey } from './update-row.ts'
import type { WriteContext } from './write-context.ts'

/** As far as every integer is a REAL exactly. */
const EXACT = `BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`

/**
 * `increment(id, column, by)`; NULL counts as 0.
 *
 * @throws NotFoundError; ValidationError for a column or a row without a number, and for a sum beyond 64 bits.
 */
export async function increment(context: WriteContext, id: unknown, name: unknown, by: unknown): Promise<Row> {
  const { executor, model } = context
  model.requireKey('increment')
  if (typeof name !== 'string') throw refuse('increment', `needs the name of a column, got ${nameOf(name)}`)
  const column = countedColumn(context, name)
  const step = stepOf(column, by)
  const stored = `coalesce(${column.sql}, 0)`
  const guard = ` AND ${exactSum(stored, step)}`
  const { key, change } = await buildWithDateFormats(executor, () => ({
    key: keyValues(model, id, 'increment'),
    change: changeBy(
      context,
      { columns: [column], values: [] },
      { sql: [`${column.sql} = ${stored} + ?`], bound: [step] },
    ),
  }))
  const guardBound = typeof step === 'bigint' ? [step] : []
  return updateByKey(context, { key, version: undefined }, change, {
    guard,
    guardBound,
    whyNot: (inside) => explain(inside, context, { key, column, guard, guardBound }),
  })
}

/** Whether the column holds a number here, and the sum is stored exactly. Binds the step where that is an integer. */
function exactSum(stored: string, step: bigint | number): string {
  if (typeof step === 'number')
    return `(typeof(${stored}) = 'real' OR typeof(${stored}) = 'integer' AND ${stored} ${EXACT})`
  return `(typeof(${stored}) = 'real' OR typeof(${stored}) = 'integer' AND typeof(${stored} + ?) = 'integer')`
}

async function explain(
  executor: Executor,
  { model }: WriteContext,
  row: {
    readonly key: readonly SqlValue[]
    readonly column: ColumnModel
    readonly guard: string
    readonly guardBound: readonly SqlValue[]
  },
): Promise<void> {
  const { column, guard, guardBound, key } = row
  const { rows } = await executor.execute({
    sql: `SELECT typeof(${column.sql}) AS "type", (TRUE${guard}) AS "exact" FROM ${model.sql} WHERE ${model.whereKey}`,
    parameters: [...guardBound, ...key],
  })
  const [found] = rows
  if (found === undefined || found.exact === 1) return
  const holdsNumber = found.type === 'integer' || found.type === 'null'
  throw new ValidationError({
    subject: column.path,
    reason: holdsNumber
      ? 'would leave what an integer can hold exactly'
      : `holds a ${found.type} in this row, no number`,
  })
}

function countedColumn(context: WriteContext, name: string): ColumnModel {
  const { model } = context
  const column = columnToWrite(model, name, 'increment')
  const { info, codec, path } = column
  if (info.generated !== null || info.hidden) throw refuse(path, 'is a column that cannot be written')
  if (model.key.includes(column))
    throw refuse(path, 'is part of the primary key', 'Give the row another key with update().')
  if (column === versionOf(context)) throw refuse(path, "is the row's version, which counts by itself")
  const counts = codec.kind === 'number' || codec.kind === 'bigint' || codec.kind === 'any'
  if (counts && info.affinity !== 'TEXT') return column
  throw refuse(path, `is declared ${info.type}, which is no number`)
}

/** Integers as bigint, so that they are added as integers, however large. */
function stepOf(column: ColumnModel, by: unknown): bigint | number {
  if (typeof by !== 'number' && typeof by !== 'bigint')
    throw refuse('increment', `needs a number to add, got ${nameOf(by)}`)
  if (typeof by === 'number' && !Number.isFinite(by)) throw refuse('increment', 'needs a finite number to add')
  column.codec.store(by, column.path)
  if (typeof by === 'bigint' || !Number.isInteger(by)) return by
  const step = BigInt(by)
  if (BigInt.asIntN(64, step) === step) return step
  if (column.info.affinity === 'REAL') return by
  throw refuse('increment', 'needs a number of at most 64 bits')
}

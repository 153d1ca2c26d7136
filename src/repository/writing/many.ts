/** Many rows at once: those that a `where` finds are changed or removed, in one statement. */
import type { Executor, Statement } from '../../engine/types.ts'
import { ValidationError } from '../../errors.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { buildWithDateFormats } from '../date-column.ts'
import { checkOptions, compileCount, whereSql } from '../find-options.ts'
import { isPlainObject } from '../json-text.ts'
import { refuse, refuseUndefined } from '../refusals.ts'
import { RowReader } from '../row-data.ts'
import type { TableModel } from '../table-model.ts'
import { changeOf, refuseVersion } from './change.ts'
import { validatePatch } from './validation.ts'
import type { WriteContext } from './write-context.ts'

/** `updateMany(where, patch)`: how many rows were changed. */
export async function updateMany(
  context: WriteContext,
  where: unknown,
  patch: unknown,
  options: unknown,
): Promise<{ count: number }> {
  const { executor, model, rules } = context
  requireConditions(model, 'updateMany', where, options)
  const validated = await validatePatch({ model, schema: rules.updateSchema, subject: 'updateMany' }, patch)
  const reader = new RowReader(model, 'updateMany')
  const statement = await buildWithDateFormats(executor, (): Statement | null => {
    const data = reader.read(validated)
    refuseVersion(context, data, 'updateMany', 'To change rows of one version only, put it into the where.')
    const change = changeOf(context, data)
    const parameters: SqlValue[] = [...change.parameters]
    const sql = `UPDATE ${model.sql} SET ${change.set}${whereSql(model, where, parameters)}`
    return data.columns.length === 0 ? null : { sql, parameters }
  })
  return { count: statement === null ? 0 : await countChanges(executor, model, statement, where) }
}

/** `deleteMany(where)`: how many rows were removed. */
export async function deleteMany(
  { executor, model }: WriteContext,
  where: unknown,
  options: unknown,
): Promise<{ count: number }> {
  requireConditions(model, 'deleteMany', where, options)
  const statement = await buildWithDateFormats(executor, (): Statement => {
    const parameters: SqlValue[] = []
    return { sql: `DELETE FROM ${model.sql}${whereSql(model, where, parameters)}`, parameters }
  })
  return { count: await countChanges(executor, model, statement, where) }
}

/** SQLite counts what happens in tables; what a view's trigger takes over counts as none, so those rows are counted first. */
async function countChanges(
  executor: Executor,
  model: TableModel,
  statement: Statement,
  where: unknown,
): Promise<number> {
  if (model.table.kind !== 'view') return (await executor.execute(statement)).changes
  const counting = await buildWithDateFormats(executor, () => compileCount(model, where))
  const [counted] = await executor.batch([counting, statement])
  return Number(counted?.rows[0]?.count)
}

/**
 * A list of conditions that turned out empty must not change every row.
 *
 * @throws ValidationError for a where that holds for every row, unless `{ all: true }` says that this is meant.
 */
function requireConditions(model: TableModel, method: string, where: unknown, options: unknown): void {
  const { all } = checkOptions(model, method, options, ['all'])
  if (all !== undefined && typeof all !== 'boolean') throw refuse('all', 'must be true or false')
  if (where === undefined) throw refuseUndefined('where')
  if (all === true || !holdsForAll(where)) return
  throw new ValidationError({
    subject: `the where of ${method}`,
    reason: 'holds for every row',
    advice: `Add a condition; for every row of "${model.table.name}" pass { all: true } as the last argument.`,
  })
}

/** Whether the conditions leave out no row, whatever is stored: `{}`, `{ and: [] }`, `{ id: { notIn: [] } }`, … */
function holdsForAll(where: unknown): boolean {
  if (!isPlainObject(where)) return false
  return Object.entries(where).every(([key, value]) => {
    if (key === 'and' && Array.isArray(value)) return value.every(holdsForAll)
    if (key === 'or' && Array.isArray(value)) return value.some(holdsForAll)
    if (key === 'not') return holdsForNone(value)
    return isPlainObject(value) && operators(value).length > 0 && operators(value).every(leavesOutNothing)
  })
}

function holdsForNone(where: unknown): boolean {
  if (!isPlainObject(where)) return false
  return Object.entries(where).some(([key, value]) => {
    if (key === 'and' && Array.isArray(value)) return value.some(holdsForNone)
    if (key === 'or' && Array.isArray(value)) return value.every(holdsForNone)
    if (key === 'not') return holdsForAll(value)
    if (Array.isArray(value)) return value.length === 0
    return isPlainObject(value) && operators(value).some(leavesOutEverything)
  })
}

/** What a condition on a column or a relation asks; `path` only says of what. */
const operators = (condition: Record<string, unknown>): [string, unknown][] =>
  Object.entries(condition).filter(([name]) => name !== 'path')
const isEmpty = (list: unknown): boolean => Array.isArray(list) && list.length === 0
function leavesOutEverything([name, operand]: [string, unknown]): boolean {
  return name === 'some' ? holdsForNone(operand) : name === 'in' && isEmpty(operand)
}

function leavesOutNothing([name, operand]: [string, unknown]): boolean {
  if (name === 'notIn') return isEmpty(operand)
  if (name === 'every') return holdsForAll(operand)
  return name === 'none' && holdsForNone(operand)
}

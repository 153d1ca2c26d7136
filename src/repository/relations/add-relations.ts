/** `loadRelationships`: relations for rows that are there already. */
import type { Executor } from '../../engine/types.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { buildWithDateFormats } from '../date-column.ts'
import { callLimits } from '../find-options.ts'
import { refuse } from '../refusals.ts'
import { rowObject } from '../row-data.ts'
import { keyValues, nameOf } from '../row-key.ts'
import type { TableModel } from '../table-model.ts'
import { toJsonElement } from '../value-list.ts'
import { setOwn } from './assemble-rows.ts'
import { compileLoad } from './compile-load.ts'
import { type LoadNode, readTree } from './read-tree.ts'
import { relationPaths } from './relation-paths.ts'

interface Request {
  readonly rows: unknown
  readonly relations: unknown
  readonly options: Record<string, unknown>
}

/** Finds the rows by their keys, as they are stored now, and sets what belongs to each on the rows given. */
export async function addRelations(
  executor: Executor,
  model: TableModel,
  { rows, relations, options }: Request,
): Promise<object[]> {
  const method = 'loadRelationships'
  model.requireKey(method)
  if (!Array.isArray(rows)) throw refuse(method, `needs an array of rows, got ${nameOf(rows)}`)
  const given = rows.map((row: unknown, index) => rowObject(row, `row ${index + 1} of ${method}`))
  const node: LoadNode = { ...readTree(model, { with: relationPaths(relations) }), columns: [] }
  const { statement, read, assemble } = await buildWithDateFormats(executor, () => {
    const keys = given.map((row) => keyValues(model, keyOfRow(model, row), method))
    const tail = { sql: givenRows(model), parameters: [keysAsJson(keys)] }
    return compileLoad({ node, tail, extra: { sql: '§key', parameters: [] } }, callLimits(options))
  })
  if (given.length === 0) return given
  const { objects, extras } = await assemble((await executor.execute(statement, read)).rows)
  for (const row of given) {
    for (const { relation } of node.relations) setOwn(row, relation.name, relation.many ? [] : null)
  }
  for (const [index, object] of objects.entries()) {
    const row = given[Number(extras[index])] as object
    for (const [name, value] of Object.entries(object)) setOwn(row, name, value)
  }
  return given
}

function keyOfRow(model: TableModel, row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(model.key.map(({ name }) => [name, row[name]]))
}

/** One parameter for any number of rows: each is a JSON array of its key's values. */
function keysAsJson(keys: readonly (readonly SqlValue[])[]): string {
  return `[${keys.map((values) => `[${values.map(toJsonElement).join(',')}]`).join(',')}]`
}

/** The rows of the table that have these keys, with the place of each key in the list. */
function givenRows({ sql, keySql }: TableModel): string {
  const values = keySql.map((_, place) => {
    const path = `'$[${place}]'`
    const bytes = `unhex("value" ->> '$[${place}].x')`
    return `CASE json_type("value", ${path}) WHEN 'object' THEN ${bytes} ELSE json_extract("value", ${path}) END AS §v${place}`
  })
  const list = `(SELECT "key" AS §key, ${values.join(', ')} FROM json_each(?)) AS §given`
  return ` FROM ${list} CROSS JOIN ${sql} WHERE ${keySql.map((side, place) => `${side} = §v${place}`).join(' AND ')}`
}

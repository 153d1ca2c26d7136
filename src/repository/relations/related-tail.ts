/** Which rows a relation to many brings: the end of its SELECT, from FROM on. */
import type { SqlValue } from '../../sqlite/values.ts'
import { limitSql, orderTerms } from '../find-options.ts'
import { completeOrder, orderBySql } from '../order-by.ts'
import { refuse } from '../refusals.ts'
import { rowidName, type TableModel } from '../table-model.ts'
import { compileWhere } from '../where.ts'
import type { Fragment } from './fragment.ts'
import type { RelatedNode } from './read-tree.ts'

/**
 * The rows that belong to those of `parents` by the condition `belongs`.
 *
 * With a limit, as many for each: the rows are found by a subquery that SQLite runs for each parent and that stops at the
 * limit, by an index on the key and the order where there is one. A window function would read all of them to number
 * them: measured with 30 comments a post, of which 3 were wanted, it took five times as long.
 */
export function relatedTail(node: RelatedNode, parents: string, belongs: string): Fragment {
  const { model, options, path, limit, offset } = node
  const parameters: SqlValue[] = []
  const where = options.where === undefined ? null : compileWhere({ model, parameters }, options.where, `${path}.where`)
  const matches = where === null ? belongs : `${belongs} AND (${where})`
  // By key where nothing else is said: SQLite would give them as its plan has them, often the last first.
  const order = orderBySql(completeOrder(model, orderTerms(model, options)))
  const cut = limit !== null || offset > 0
  const from = ` FROM ${parents} CROSS JOIN ${model.sql} WHERE `
  const last = order === '' ? '' : `${order} LIMIT -1`
  if (!cut) return { sql: `${from}${matches}${last}`, parameters }

  const { here, alone } = rowIdentity(model, path)
  const chosen = `SELECT ${alone} FROM ${model.sql} WHERE ${matches}${order}${limitSql(limit, offset, parameters)}`
  return { sql: `${from}${here} IN (${chosen})${last}`, parameters }
}

/** What tells the rows of a table apart, as it is spelt beside other tables and alone. */
function rowIdentity(model: TableModel, path: string): { readonly here: string; readonly alone: string } {
  const rowid = model.table.withoutRowid ? null : rowidName(model.table)
  const parts = rowid !== null ? [rowid] : model.key.map(({ sql }) => sql)
  if (parts.length === 0) throw refuse(path, 'cannot have a limit: nothing tells the rows of the table apart')
  const here = parts.map((part) => `${model.sql}.${part}`).join(', ')
  return { here: parts.length === 1 ? here : `(${here})`, alone: parts.join(', ') }
}

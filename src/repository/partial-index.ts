/**
 * SQLite uses a partial index (`… WHERE status = 'open'`) for `status = ?` only by looking at the bound value, which it does
 * not with stable plans, and otherwise by preparing the statement anew (https://sqlite.org/partialindex.html). A value that
 * stands in the index's own definition is therefore written into the statement: it is the schema's, so no value of a user's
 * gets into a text, and there are no more texts than the schema has such values.
 */
import type { TableInfo } from '../schema/types.ts'
import type { SqlValue } from '../sqlite/values.ts'

/** The value as SQL where a partial index of the table may be for it, otherwise `null`. */
export function partialIndexLiteral(
  { indexes }: Pick<TableInfo, 'indexes'>,
  column: string,
  value: SqlValue,
): string | null {
  for (const { partial, sql } of indexes) {
    if (!partial || sql === null) continue
    const condition = /\bwhere\b(.*)$/is.exec(sql)?.[1]
    const literal = literalOf(value)
    if (condition === undefined || literal === null) continue
    const isAbout = condition.toLowerCase().includes(column.toLowerCase())
    if (isAbout && standsIn(condition, literal)) return literal
  }
  return null
}

function literalOf(value: SqlValue): string | null {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
  return null
}

/** By itself, not as a part of another number or text. */
function standsIn(condition: string, literal: string): boolean {
  const at = condition.indexOf(literal)
  if (at === -1) return false
  return !/[\w.']/.test(condition.charAt(at - 1)) && !/[\w.']/.test(condition.charAt(at + literal.length))
}

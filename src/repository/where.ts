/**
 * `where` objects as SQL. Texts depend on the shape of the object alone, so that the same search with other values is
 * the same prepared statement.
 */
import { compileJsonCondition, isJsonCondition } from './json-condition.ts'
import { isPlainObject } from './json-text.ts'
import { type Binding, compileCondition } from './operators.ts'
import { refuse, refuseUndefined } from './refusals.ts'
import { compileRelationFilter } from './relations/relation-filter.ts'
import { nameOf } from './row-key.ts'
import type { TableModel } from './table-model.ts'

/** Keys that combine conditions. A column of such a name is written in double quotes, as in SQL: `{ '"or"': 5 }`. */
const COMBINING: readonly string[] = ['or', 'and', 'not']

/**
 * SQL for a `where` object, or `null` when it states nothing; appends to `binding.parameters` in the order of the text.
 *
 * @throws ValidationError for `undefined` anywhere, an unknown operator, a value that cannot be bound.
 * @throws ColumnNotFoundError for an unknown column.
 */
export function compileWhere(binding: Binding, where: unknown, path = 'where'): string | null {
  if (where === undefined) throw refuseUndefined(path)
  if (!isPlainObject(where)) throw refuse(path, `must be an object of conditions, got ${nameOf(where)}`)
  const conditions: string[] = []
  for (const key of Object.keys(where)) {
    const value = where[key]
    const at = `${path}.${key}`
    if (value === undefined) throw refuseUndefined(at)
    if (key === 'or' || key === 'and') conditions.push(combine(binding, key, value, at))
    else if (key === 'not') conditions.push(`(${compileWhere(binding, value, at) ?? 'TRUE'}) IS NOT TRUE`)
    else if (!binding.model.has(key) && binding.model.relations.has(key))
      conditions.push(
        compileRelationFilter(binding, binding.model.relations.get(key), value, { path: at, compileWhere }),
      )
    else conditions.push(...columnConditions(binding, key, value, at))
  }
  return conditions.length === 0 ? null : join(conditions, 'AND')
}

function columnConditions(binding: Binding, key: string, value: unknown, path: string): string[] {
  const column = binding.model.column(columnName(binding.model, key, path))
  return isJsonCondition(value)
    ? compileJsonCondition(binding, column, value, path)
    : compileCondition(binding, column, value, path)
}

function combine(binding: Binding, key: 'or' | 'and', value: unknown, path: string): string {
  if (!Array.isArray(value)) {
    const column = binding.model.has(key) ? `The column "${key}" is written '"${key}"' in a where.` : undefined
    throw refuse(path, `must be an array of conditions, got ${nameOf(value)}`, column)
  }
  const parts = value.map((part: unknown, index) => compileWhere(binding, part, `${path}[${index}]`) ?? 'TRUE')
  if (parts.length === 0) return key === 'or' ? 'FALSE' : 'TRUE'
  return `(${join(parts, key === 'or' ? 'OR' : 'AND')})`
}

function columnName(model: TableModel, key: string, path: string): string {
  const bare = key.slice(1, -1)
  if (!COMBINING.includes(bare) || key !== `"${bare}"` || !model.has(bare)) return key
  if (model.has(key)) throw refuse(path, `could mean the column ${bare} or the column ${key}`, 'Use Kysely for it.')
  return bare
}

/** The key under which a `where` names this column. */
export function whereKey(column: string): string {
  return COMBINING.includes(column) ? `"${column}"` : column
}

/** Joined as a balanced tree: SQLite refuses expressions nested deeper than 1,000, and a list nests once an element. */
function join(parts: readonly string[], operator: 'AND' | 'OR'): string {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return operator === 'AND' ? only : `(${only})`
  if (parts.length <= 8) return parts.map((part) => `(${part})`).join(` ${operator} `)
  const middle = parts.length >> 1
  return `(${join(parts.slice(0, middle), operator)}) ${operator} (${join(parts.slice(middle), operator)})`
}

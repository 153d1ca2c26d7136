/** `orderBy` in all its spellings as SQL. NULLs stand where SQLite puts them: first ascending, last descending. */
import { isPlainObject } from './json-text.ts'
import { refuse, refuseUndefined } from './operators.ts'
import type { ColumnModel } from './row-decoder.ts'
import { nameOf } from './row-key.ts'
import { rowidName, type TableModel } from './table-model.ts'

interface Term {
  readonly column: ColumnModel
  readonly descending: boolean
}

/**
 * Reads `'likes'`, `{ likes: 'desc', id: 'asc' }`, `{ column: 'likes', direction: 'desc' }` and arrays of these;
 * `direction` belongs to a single column name. A column that comes a second time decides nothing and is left out.
 *
 * @throws ValidationError for anything else, ColumnNotFoundError for an unknown column.
 */
export function parseOrderBy(model: TableModel, orderBy: unknown, direction?: unknown): readonly Term[] {
  if (direction !== undefined && typeof orderBy !== 'string') {
    throw refuse('orderDirection', 'needs an orderBy that is the name of one column')
  }
  const terms =
    typeof orderBy === 'string'
      ? [term(model, orderBy, direction ?? 'asc', 'orderDirection')]
      : Array.isArray(orderBy)
        ? orderBy.flatMap((part: unknown, index) => parsePart(model, part, `orderBy[${index}]`))
        : parsePart(model, orderBy, 'orderBy')
  return terms.filter(({ column }, index) => terms.findIndex((each) => each.column === column) === index)
}

function parsePart(model: TableModel, part: unknown, path: string): Term[] {
  if (typeof part === 'string') return [term(model, part, 'asc', path)]
  if (part === undefined) throw refuseUndefined(path)
  if (!isPlainObject(part)) throw refuse(path, `must be a column, an object or an array of these, got ${nameOf(part)}`)

  if (isColumnAndDirection(model, part)) {
    return [term(model, String(part.column), part.direction ?? 'asc', `${path}.direction`)]
  }
  return Object.keys(part).map((name) => term(model, name, part[name], `${path}.${name}`))
}

/** `{ column, direction }` names a column, unless the table has one that is itself called `column`. */
function isColumnAndDirection(model: TableModel, part: Record<string, unknown>): boolean {
  if (model.has('column') || typeof part.column !== 'string') return false
  return Object.keys(part).every((key) => key === 'column' || key === 'direction')
}

function term(model: TableModel, name: string, direction: unknown, path: string): Term {
  const column = model.column(name)
  const word = typeof direction === 'string' ? direction.toLowerCase() : undefined
  if (word !== 'asc' && word !== 'desc') throw refuse(path, "must be 'asc' or 'desc'")
  return { column, descending: word === 'desc' }
}

export interface Ordering {
  readonly terms: readonly Term[]
  /** Break ties by the primary key, so that the order is the same each time. */
  readonly total: boolean
}

/** ` ORDER BY …`, or nothing when there is nothing to order by. */
export function orderBySql(model: TableModel, { terms, total }: Ordering): string {
  const parts = terms.map(({ column, descending }) => `${column.sql}${descending ? ' DESC' : ''}`)
  if (total && !terms.some(({ column }) => model.isUnique(column) && column.info.notNull)) {
    const ordered = new Set(terms.map(({ column }) => column))
    parts.push(...tieBreakers(model).filter((sql) => ![...ordered].some((column) => column.sql === sql)))
  }
  return parts.length === 0 ? '' : ` ORDER BY ${parts.join(', ')}`
}

/** The primary key; without one the rowid, which only decides between rows that are otherwise equal. */
function tieBreakers({ table, key }: TableModel): readonly string[] {
  if (key.length > 0) return key.map(({ sql }) => sql)
  const rowid = table.kind === 'view' ? null : rowidName(table)
  return rowid === null ? [] : [rowid]
}

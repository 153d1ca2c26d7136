/**
 * `orderBy` in all its spellings as terms of an ORDER BY. NULLs stand where SQLite puts them, first ascending and last
 * descending, unless `nulls` says otherwise.
 */

import { jsonPath } from './json-path.ts'
import { isPlainObject } from './json-text.ts'
import { refuse, refuseUndefined } from './refusals.ts'
import type { ColumnModel } from './row-decoder.ts'
import { nameOf } from './row-key.ts'
import { rowidName, type TableModel } from './table-model.ts'

export interface OrderTerm {
  /** What is sorted by: a column, with another collation where its key has one, or a part of its JSON, or the rowid. */
  readonly sql: string
  readonly descending: boolean
  readonly nullsFirst: boolean
  readonly nullable: boolean
  /** The column whose value it is; `null` where it is none. */
  readonly column: ColumnModel | null
}

const PARTS: readonly string[] = ['column', 'path', 'direction', 'nulls']

/**
 * Reads `'likes'`, `{ likes: 'desc', id: 'asc' }`, `{ column: 'likes', direction: 'desc', nulls: 'last' }` and arrays of
 * these; `direction` belongs to a single column name. What comes a second time decides nothing and is left out.
 *
 * @throws ValidationError for anything else, ColumnNotFoundError for an unknown column.
 */
export function parseOrderBy(model: TableModel, orderBy: unknown, direction?: unknown): readonly OrderTerm[] {
  if (direction !== undefined && typeof orderBy !== 'string') {
    throw refuse('orderDirection', 'needs an orderBy that is the name of one column')
  }
  const terms =
    typeof orderBy === 'string'
      ? [columnTerm(model, orderBy, direction ?? 'asc', 'orderDirection')]
      : Array.isArray(orderBy)
        ? orderBy.flatMap((part: unknown, index) => parsePart(model, part, `orderBy[${index}]`))
        : parsePart(model, orderBy, 'orderBy')
  return withoutRepeats(terms)
}

function parsePart(model: TableModel, part: unknown, path: string): OrderTerm[] {
  if (typeof part === 'string') return [columnTerm(model, part, 'asc', path)]
  if (part === undefined) throw refuseUndefined(path)
  if (!isPlainObject(part)) throw refuse(path, `must be a column, an object or an array of these, got ${nameOf(part)}`)

  if (isSpelledOut(model, part)) return [spelledOut(model, part, path)]
  return Object.keys(part).map((name) => columnTerm(model, name, part[name], `${path}.${name}`))
}

/** `{ column, direction }` names a column, unless the table has one that is itself called `column`. */
function isSpelledOut(model: TableModel, part: Record<string, unknown>): boolean {
  if (model.has('column') || typeof part.column !== 'string') return false
  return Object.keys(part).every((key) => PARTS.includes(key))
}

function spelledOut(model: TableModel, part: Record<string, unknown>, path: string): OrderTerm {
  const term = columnTerm(model, String(part.column), part.direction ?? 'asc', `${path}.direction`)
  const { nulls } = part
  if (nulls !== undefined && nulls !== 'first' && nulls !== 'last')
    throw refuse(`${path}.nulls`, "must be 'first' or 'last'")
  const nullsFirst = nulls === undefined ? term.nullsFirst : nulls === 'first'
  if (part.path === undefined || term.column === null) return { ...term, nullsFirst }
  const sql = `json_extract(${term.sql}, ${jsonPath(term.column, part.path, `${path}.path`)})`
  return { ...term, sql, nullsFirst, nullable: true, column: null }
}

function columnTerm(model: TableModel, name: string, direction: unknown, path: string): OrderTerm {
  const column = model.column(name)
  const word = typeof direction === 'string' ? direction.toLowerCase() : undefined
  if (word !== 'asc' && word !== 'desc') throw refuse(path, "must be 'asc' or 'desc'")
  return ordinary(column.sql, column, model.isNullable(column), word === 'desc')
}

function ordinary(sql: string, column: ColumnModel | null, nullable: boolean, descending: boolean): OrderTerm {
  return { sql, column, nullable, descending, nullsFirst: !descending }
}

function withoutRepeats(terms: readonly OrderTerm[]): OrderTerm[] {
  return terms.filter(({ sql }, index) => terms.findIndex((each) => each.sql === sql) === index)
}

/**
 * The order completed so that no two rows are equal: by the primary key, or else by the rowid, in the direction of the
 * last term, in which an index on that term has them already. Without either it stays as it is.
 */
export function completeOrder(model: TableModel, terms: readonly OrderTerm[]): readonly OrderTerm[] {
  const unique = terms.findIndex(({ column, nullable }) => column !== null && !nullable && model.isUnique(column))
  if (unique !== -1) return terms.slice(0, unique + 1)
  const descending = terms.at(-1)?.descending ?? false
  const key = model.key.map((column, index) =>
    ordinary(model.keySql[index] ?? column.sql, column, model.isNullable(column), descending),
  )
  const rowid = model.hasWholeKey ? null : rowidOf(model)
  return withoutRepeats([...terms, ...key, ...(rowid === null ? [] : [ordinary(rowid, null, false, descending)])])
}

/** Whether some order of this table's rows can be complete. */
export function hasCompleteOrder(model: TableModel): boolean {
  return model.hasWholeKey || rowidOf(model) !== null
}

function rowidOf({ table }: TableModel): string | null {
  return table.kind === 'view' || table.withoutRowid ? null : rowidName(table)
}

/** ` ORDER BY …`, or nothing when there is nothing to order by. */
export function orderBySql(terms: readonly OrderTerm[]): string {
  return terms.length === 0 ? '' : ` ORDER BY ${terms.map(termSql).join(', ')}`
}

function termSql({ sql, descending, nullsFirst, nullable }: OrderTerm): string {
  const direction = descending ? `${sql} DESC` : sql
  // Only where it is not SQLite's own place for them: with these words no index is used.
  return nullable && nullsFirst === descending ? `${direction} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}` : direction
}

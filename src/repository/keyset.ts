/**
 * Pages by key: the rows that come after a place in a complete order, found by searching for the place instead of counting
 * up to it.
 *
 * The rows after `(a, b) = (5, 7)` are those with `a = 5 AND b > 7`, then those with `a > 5`: a few ranges one behind
 * another, each of which an index on the order finds and sorts by itself. One condition with OR would not: SQLite would
 * begin at `a = 5` and pass over all its rows again for each page. NULLs, which compare with nothing, are ranges of
 * their own, and directions may differ from term to term.
 */
import type { Row } from '../engine/types.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { callLimits, type Selection, selectedColumns, whereSql } from './find-options.ts'
import { type OrderTerm, orderBySql } from './order-by.ts'
import { rowDecoder, selectList } from './row-decoder.ts'
import type { TableModel } from './table-model.ts'

export interface KeysetParts {
  readonly options: Record<string, unknown>
  /** Complete: no two rows are equal in it. */
  readonly terms: readonly OrderTerm[]
  /** The place, as values of the terms: rows after it are read. `null`: from the beginning. */
  readonly after: readonly SqlValue[] | null
  readonly limit: number
  /** Also tell, in each row, whether there are rows at or before the place. */
  readonly lookBack?: boolean
}

export interface Keyset extends Selection {
  /** Takes the place of a row, and what else is no part of it, out of the row. Before it is decoded. */
  readonly take: (row: Row) => { readonly place: SqlValue[]; readonly hasBefore: boolean }
}

/** Rows of one range: they are equal in the terms before `order`, which need not be sorted by. */
interface Range {
  readonly conditions: readonly string[]
  readonly values: readonly SqlValue[]
  readonly order: readonly OrderTerm[]
}

export function compileKeyset(model: TableModel, parts: KeysetParts): Keyset {
  const { options, terms, after, limit, lookBack = false } = parts
  const columns = selectedColumns(model, options.select)
  const places = terms.map(({ sql, column }, index) =>
    column !== null && columns.includes(column) && column.name !== '__proto__'
      ? { name: column.name, added: null }
      : placeColumn(model.freeName(`place ${index}`), sql),
  )
  const list = [selectList(columns), ...places.flatMap(({ added }) => added ?? [])].join(', ')
  const flag = lookBack && after !== null ? model.freeName('has before') : null

  const parameters: SqlValue[] = []
  const before =
    flag === null || after === null ? '' : `, ${beforeSql(model, parts, after, parameters)} AS ${quoteIdentifier(flag)}`
  const ranges = after === null ? [{ conditions: [], values: [], order: terms }] : rangesAfter(model, terms, after)
  const selects = ranges.map((range) => {
    const where = rangeWhere(model, options.where, range, parameters)
    parameters.push(limit)
    return `SELECT ${list} FROM ${model.sql}${where}${orderBySql(range.order)} LIMIT +?`
  })
  const [only = `SELECT ${list} FROM ${model.sql} WHERE FALSE`, ...others] = selects
  let sql = others.length === 0 ? only : oneAfterAnother(selects, limit, parameters)
  if (before !== '') sql = `SELECT *${before} FROM (${sql})`

  return {
    statement: { sql, parameters },
    decode: columns === model.columns ? model.decode : rowDecoder(columns),
    read: callLimits(options),
    take(row) {
      const place = places.map(({ name }) => row[name] as SqlValue)
      const hasBefore = flag !== null && row[flag] === 1
      for (const { name, added } of places) if (added !== null) delete row[name]
      if (flag !== null) delete row[flag]
      return { place, hasBefore }
    },
  }
}

/** The same order from the other end. */
export function reversed(terms: readonly OrderTerm[]): readonly OrderTerm[] {
  return terms.map((term) => ({ ...term, descending: !term.descending, nullsFirst: !term.nullsFirst }))
}

function placeColumn(name: string, sql: string): { readonly name: string; readonly added: string } {
  return { name, added: `${sql} AS ${quoteIdentifier(name)}` }
}

/** SQLite runs the parts of UNION ALL in turn, and LIMIT ends it before those that are not needed. */
function oneAfterAnother(selects: readonly string[], limit: number, parameters: SqlValue[]): string {
  parameters.push(limit)
  return `${selects.map((select) => `SELECT * FROM (${select})`).join(' UNION ALL ')} LIMIT +?`
}

/** Whether a row that the `where` finds stands at the place or before it. */
function beforeSql(
  model: TableModel,
  { options, terms }: KeysetParts,
  place: readonly SqlValue[],
  parameters: SqlValue[],
): string {
  const at: Range = {
    conditions: terms.map((term, index) => equalSql(model, term, place[index])),
    values: place.filter((value) => value !== null),
    order: [],
  }
  const found = [at, ...rangesAfter(model, reversed(terms), place)].map(
    (range) => `EXISTS (SELECT 1 FROM ${model.sql}${rangeWhere(model, options.where, range, parameters)})`,
  )
  return `(${found.join(' OR ')})`
}

function rangeWhere(model: TableModel, where: unknown, { conditions, values }: Range, parameters: SqlValue[]): string {
  const own = conditions.join(' AND ')
  parameters.push(...values)
  const asked = whereSql(model, where, parameters)
  if (own === '') return asked
  return asked === '' ? ` WHERE ${own}` : ` WHERE ${own} AND (${asked.slice(' WHERE '.length)})`
}

/** Nearest first. */
function rangesAfter(model: TableModel, terms: readonly OrderTerm[], place: readonly SqlValue[]): Range[] {
  return terms
    .flatMap((term, index) => {
      const equal = terms.slice(0, index).map((before, position) => equalSql(model, before, place[position]))
      const equalTo = place.slice(0, index).filter((value) => value !== null)
      return beyond(model, term, place[index] as SqlValue).map(({ sql, values, constant }) => ({
        distance: terms.length - index,
        conditions: [...equal, sql],
        values: [...equalTo, ...values],
        order: terms.slice(constant ? index + 1 : index),
      }))
    })
    .sort((a, b) => a.distance - b.distance)
}

interface Beyond {
  readonly sql: string
  readonly values: readonly SqlValue[]
  /** All its rows are equal in this term. */
  readonly constant: boolean
}

function beyond(model: TableModel, term: OrderTerm, value: SqlValue): Beyond[] {
  const { sql, descending, nullsFirst, nullable } = term
  const nulls = { sql: `${sql} IS NULL`, values: [], constant: true }
  if (value === null) return nullsFirst ? [{ sql: `${sql} IS NOT NULL`, values: [], constant: false }] : []
  const more = { sql: `${compared(model, term)} ${descending ? '<' : '>'} +?`, values: [value], constant: false }
  return nullable && !nullsFirst ? [more, nulls] : [more]
}

function equalSql(model: TableModel, term: OrderTerm, value: SqlValue | undefined): string {
  return value === null ? `${term.sql} IS NULL` : `${compared(model, term)} = +?`
}

/**
 * The columns of a view, and of a table that a module makes up, hold values that their declared type has not converted,
 * while comparing would convert the place: they are compared as they are (https://sqlite.org/datatype3.html#comparisons).
 */
function compared({ table }: TableModel, { sql, column }: OrderTerm): string {
  return table.kind === 'table' || column === null ? sql : `+${sql}`
}

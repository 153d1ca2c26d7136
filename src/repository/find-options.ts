/** The options of the reading methods: checked, then compiled to one SELECT. */
import type { CallLimits, ReadOptions, Statement } from '../engine/types.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { nearest } from '../util/nearest.ts'
import { isPlainObject } from './json-text.ts'
import { completeOrder, type OrderTerm, orderBySql, parseOrderBy } from './order-by.ts'
import { refuse } from './refusals.ts'
import { type ColumnModel, type RowDecoder, rowDecoder, selectList } from './row-decoder.ts'
import { nameOf } from './row-key.ts'
import type { TableModel } from './table-model.ts'
import { compileWhere } from './where.ts'

/** A SELECT, what to do with its rows, and how the engine may run it. */
export interface Selection {
  readonly statement: Statement
  readonly decode: RowDecoder | null
  readonly read: ReadOptions | undefined
}

/** What may end a call before it is done. */
export const LIMITS = ['signal', 'timeout'] as const
const LOADING = ['with', 'withCount'] as const
export const FIND_OPTIONS = [
  'where',
  'orderBy',
  'orderDirection',
  'limit',
  'offset',
  'select',
  ...LOADING,
  ...LIMITS,
] as const
export const FIND_BY_ID_OPTIONS = ['select', ...LOADING, ...LIMITS] as const
export const FIND_ONE_OPTIONS = FIND_OPTIONS.filter((name) => name !== 'limit')
export const PAGINATE_OPTIONS = ['page', ...FIND_OPTIONS.filter((name) => name !== 'offset')] as const

/**
 * The options as an object, each of them known.
 *
 * @throws ValidationError naming the unknown key: a misspelt `where` must not find everything.
 */
export function checkOptions(
  model: TableModel,
  method: string,
  options: unknown,
  known: readonly string[],
): Record<string, unknown> {
  if (options === undefined) return {}
  const subject = `the options of ${method}`
  if (!isPlainObject(options)) throw refuse(subject, `must be an object, got ${nameOf(options)}`)
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    const meant = ELSEWHERE.has(key) && known.includes('with') ? 'with' : nearest(key, known)[0]
    throw refuse(
      subject,
      `have no "${key}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
      placeOf(model, key, known) ?? `Options: ${known.join(', ')}.`,
    )
  }
  return options
}

/** What `with` is called in other libraries. */
const ELSEWHERE: ReadonlySet<string> = new Set(['include', 'relations'])

/** Where a name stands that was given as an option. */
function placeOf(model: TableModel, key: string, known: readonly string[]): string | null {
  if (known.includes('where') && model.has(key)) return `Conditions stand under where: { where: { ${key}: … } }.`
  if (known.includes('with') && model.relations.has(key))
    return `Relations stand under with: { with: { ${key}: true } }.`
  return null
}

/** A whole number from `min` to `max`, or `fallback` where the option is not given. */
export function wholeNumber(
  value: unknown,
  {
    name,
    min,
    max,
    fallback,
  }: { readonly name: string; readonly min: number; readonly max: number; readonly fallback: number },
): number {
  if (value === undefined) return fallback
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  throw refuse(name, `must be a whole number ${range}`)
}

/** Rows a page unless the caller says otherwise. */
const DEFAULT_PAGE_ROWS = 20
/** A page is for looking at; more rows are findAll's and stream's. */
const MAX_PAGE_ROWS = 1000

/** The `limit` of a page. */
export function pageRows(limit: unknown): number {
  return wholeNumber(limit, { name: 'limit', min: 1, max: MAX_PAGE_ROWS, fallback: DEFAULT_PAGE_ROWS })
}

export interface SelectParts {
  readonly options: Record<string, unknown>
  /** Rows at most; `null`: all. `1` is written into the text, so that SQLite plans for it. */
  readonly limit: number | null
  readonly offset: number
  /** Complete the order with the primary key. */
  readonly totalOrder: boolean
  /** A further column of this name with the number of all rows that match, the same in each row. */
  readonly countAs?: string
}

/** Compiles the SELECT of `findAll`, `findOne` and `paginate`. */
export function compileSelect(model: TableModel, parts: SelectParts): Selection {
  const { options, countAs } = parts
  const parameters: SqlValue[] = []
  const { columns, decode } = selected(model, options.select)
  const counted =
    countAs === undefined ? '' : `, ${countAllSql(model, options.where, parameters)} AS ${quoteIdentifier(countAs)}`
  const tail = selectTail(model, parts, parameters)
  const point = tail.findsOne ? model.point : undefined
  const limits = callLimits(options)
  return {
    statement: { sql: `SELECT ${columns}${counted}${tail.sql}`, parameters },
    decode,
    read: limits === undefined ? point : { ...point, ...limits },
  }
}

/** The number of all rows that match. Depends on nothing of a row, so SQLite computes it once. */
export function countAllSql(model: TableModel, where: unknown, parameters: SqlValue[]): string {
  return `(SELECT count(*) FROM ${model.sql}${whereSql(model, where, parameters)})`
}

/** A SELECT from FROM on. `findsOne`: at most one row can match, by a unique column. */
export function selectTail(
  model: TableModel,
  { options, limit, offset, totalOrder }: SelectParts,
  parameters: SqlValue[],
): { readonly sql: string; readonly findsOne: boolean } {
  const where = whereSql(model, options.where, parameters)
  const terms = orderTerms(model, options)
  const findsOne = limit === 1 && offset === 0 && isUniqueSearch(model, options.where)
  const order = findsOne ? '' : orderBySql(totalOrder ? completeOrder(model, terms) : terms)
  return { sql: ` FROM ${model.sql}${where}${order}${limitSql(limit, offset, parameters)}`, findsOne }
}

/** ` LIMIT … OFFSET …`, or nothing. Behind a sign SQLite does not look at the bound value, for which it would prepare anew. */
export function limitSql(limit: number | null, offset: number, parameters: SqlValue[]): string {
  if (limit === null && offset === 0) return ''
  let sql = limit === 1 ? ' LIMIT 1' : ' LIMIT +?'
  if (limit !== 1) parameters.push(limit ?? -1)
  if (offset > 0) {
    sql += ' OFFSET +?'
    parameters.push(offset)
  }
  return sql
}

/** What `orderBy` and `orderDirection` say; nothing where neither is given. */
export function orderTerms(
  model: TableModel,
  { orderBy, orderDirection }: Record<string, unknown>,
): readonly OrderTerm[] {
  return orderBy === undefined && orderDirection === undefined ? [] : parseOrderBy(model, orderBy, orderDirection)
}

/** What may end the call before it is done; the engine checks that they are what they should be. */
export function callLimits({ signal, timeout }: Record<string, unknown>): CallLimits | undefined {
  return signal === undefined && timeout === undefined ? undefined : ({ signal, timeout } as CallLimits)
}

export function compileCount(model: TableModel, where: unknown): Statement {
  const parameters: SqlValue[] = []
  return { sql: `SELECT count(*) AS "count" FROM ${model.sql}${whereSql(model, where, parameters)}`, parameters }
}

/** ` WHERE …`, or nothing. */
export function whereSql(model: TableModel, where: unknown, parameters: SqlValue[]): string {
  const sql = where === undefined ? null : compileWhere({ model, parameters }, where)
  return sql === null ? '' : ` WHERE ${sql}`
}

/** Whether a `where` is one value for one unique column, so that it finds at most one row. */
function isUniqueSearch(model: TableModel, where: unknown): boolean {
  if (!isPlainObject(where)) return false
  const [name, ...others] = Object.keys(where)
  if (name === undefined || others.length > 0 || !model.has(name) || !model.isUnique(model.column(name))) return false
  const value = where[name]
  return value !== null && (typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array)
}

function selected(
  model: TableModel,
  select: unknown,
): { readonly columns: string; readonly decode: RowDecoder | null } {
  if (select === undefined) return { columns: model.selectList, decode: model.decode }
  const columns = selectedColumns(model, select)
  return { columns: selectList(columns), decode: rowDecoder(columns) }
}

/** The columns that `select` names; all of the row where it is not given. */
export function selectedColumns(model: TableModel, select: unknown, path = 'select'): readonly ColumnModel[] {
  if (select === undefined) return model.columns
  if (!Array.isArray(select) || select.length === 0) throw refuse(path, 'must be an array of at least one column')
  const columns = new Set<ColumnModel>()
  for (const [index, name] of (select as unknown[]).entries()) {
    if (typeof name !== 'string') throw refuse(`${path}[${index}]`, `must be the name of a column, got ${nameOf(name)}`)
    columns.add(model.column(name))
  }
  return [...columns]
}

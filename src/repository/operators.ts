/**
 * The conditions on one column. Every condition is true or false, never SQL's "unknown": `{ ne: 5 }`, `{ notIn: [5] }`
 * and `{ notLike: 'x' }` hold for NULL too, because NULL is not 5.
 */
import type { SqlValue } from '../sqlite/values.ts'
import { nearest } from '../util/nearest.ts'
import { isPlainObject } from './json-text.ts'
import { partialIndexLiteral } from './partial-index.ts'
import { type PatternKind, patternRange } from './pattern-range.ts'
import { escapeWildcards, textPattern } from './patterns.ts'
import { refuse, refuseUndefined } from './refusals.ts'
import type { ColumnModel } from './row-decoder.ts'
import { nameOf } from './row-key.ts'
import type { TableModel } from './table-model.ts'
import { inList } from './value-list.ts'

/** Collects what a statement binds, in the order of its text. */
export interface Binding {
  readonly model: TableModel
  readonly parameters: SqlValue[]
  /** What the rows of the table are called in the statement. Default: the table's name. */
  readonly alias?: string
}

type Operator = (binding: Binding, column: ColumnModel, operand: unknown, path: string) => string

const OPERATORS: Readonly<Record<string, Operator>> = {
  eq: (binding, column, operand, path) =>
    operand === null ? `${column.sql} IS NULL` : `${column.sql} = ${bindEqual(binding, column, operand, path)}`,
  ne: (binding, column, operand, path) =>
    operand === null ? `${column.sql} IS NOT NULL` : `${column.sql} IS NOT ${bind(binding, column, operand, path)}`,
  gt: comparison('>'),
  gte: comparison('>='),
  lt: comparison('<'),
  lte: comparison('<='),
  in: (binding, column, operand, path) => membership(binding, column, operand, path),
  notIn: (binding, column, operand, path) => `(${membership(binding, column, operand, path)}) IS NOT TRUE`,
  like: (binding, column, operand, path) => like(binding, column, textPattern(operand, path)),
  notLike: (binding, column, operand, path) => `(${like(binding, column, textPattern(operand, path))}) IS NOT TRUE`,
  glob: (binding, column, operand, path) => matches(binding, column, textPattern(operand, path), 'glob'),
  between: (binding, column, operand, path) => {
    if (!Array.isArray(operand) || operand.length !== 2) {
      throw refuse(path, 'must be an array of two values, the lowest and the highest')
    }
    const low = ordered(binding, column, operand[0], `${path}[0]`)
    return `${column.sql} BETWEEN ${low} AND ${ordered(binding, column, operand[1], `${path}[1]`)}`
  },
  isNull: (_, column, operand, path) => {
    if (typeof operand !== 'boolean') throw refuse(path, `must be true or false, got ${nameOf(operand)}`)
    return `${column.sql} IS ${operand ? '' : 'NOT '}NULL`
  },
  contains: (binding, column, operand, path) => literal(binding, column, `%${escapeWildcards(operand, path)}%`),
  startsWith: (binding, column, operand, path) => literal(binding, column, `${escapeWildcards(operand, path)}%`),
  endsWith: (binding, column, operand, path) => literal(binding, column, `%${escapeWildcards(operand, path)}`),
}

const NAMES = Object.keys(OPERATORS)
/** JSON is stored as text, and its text is compared as a whole: it has no order and no parts here. */
const JSON_OPERATORS: readonly string[] = ['eq', 'ne', 'in', 'notIn', 'isNull']

/** One entry of a `where`: a value, `null`, an array of values, or an object of operators, all of which must hold. */
export function compileCondition(binding: Binding, column: ColumnModel, condition: unknown, path: string): string[] {
  if (condition === undefined) throw refuseUndefined(path)
  if (Array.isArray(condition)) return [membership(binding, column, condition, path)]
  if (!isPlainObject(condition)) return [apply('eq', binding, column, condition, path)]

  const names = Object.keys(condition)
  if (names.length === 0) throw refuse(path, 'has no operator', `Operators: ${NAMES.join(', ')}.`)
  return names.map((name) => apply(name, binding, column, condition[name], `${path}.${name}`))
}

function apply(name: string, binding: Binding, column: ColumnModel, operand: unknown, path: string): string {
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
  if (operator === undefined) {
    const [meant] = nearest(name, NAMES)
    throw refuse(
      path,
      `is no operator.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
      `Operators: ${NAMES.join(', ')}.${column.codec.kind === 'json' ? ' A JSON object is compared with { eq: … }, a value in it with { path: […], eq: … }.' : ''}`,
    )
  }
  if (operand === undefined) throw refuseUndefined(path)
  if (column.codec.kind === 'json' && !JSON_OPERATORS.includes(name)) {
    throw refuse(
      path,
      'cannot be used on a JSON column',
      `JSON is compared whole: ${JSON_OPERATORS.join(', ')}; a value in it with { path: […], ${name}: … }.`,
    )
  }
  return operator(binding, column, operand, path)
}

function comparison(sign: string): Operator {
  return (binding, column, operand, path) => `${column.sql} ${sign} ${ordered(binding, column, operand, path)}`
}

/** Binds a value that is compared by order, which NULL has none of. */
function ordered(binding: Binding, column: ColumnModel, operand: unknown, path: string): string {
  if (operand === undefined) throw refuseUndefined(path)
  if (operand === null) throw refuse(path, 'is null, which is neither more nor less than anything')
  return bind(binding, column, operand, path)
}

function bind({ parameters }: Binding, column: ColumnModel, operand: unknown, path: string): string {
  parameters.push(column.codec.compare(operand, path))
  return '?'
}

/**
 * A unique column is searched the same way whatever the value, and behind a sign SQLite does not look at it: it would
 * prepare the statement anew for other values (https://sqlite.org/c3ref/prepare.html, on STAT4).
 */
function bindEqual(binding: Binding, column: ColumnModel, operand: unknown, path: string): string {
  const value = column.codec.compare(operand, path)
  const literal = partialIndexLiteral(binding.model.table, column.name, value)
  if (literal !== null) return literal
  binding.parameters.push(value)
  return binding.model.isUnique(column) ? '+?' : '?'
}

function membership(binding: Binding, column: ColumnModel, operand: unknown, path: string): string {
  if (!Array.isArray(operand)) throw refuse(path, `must be an array, got ${nameOf(operand)}`)
  const values: SqlValue[] = []
  let hasNull = false
  for (let index = 0; index < operand.length; index++) {
    const element: unknown = operand[index]
    if (element === undefined) throw refuseUndefined(`${path}[${index}]`)
    if (element === null) hasNull = true
    else values.push(column.codec.compare(element, `${path}[${index}]`))
  }
  const isNull = `${column.sql} IS NULL`
  if (values.length === 0) return hasNull ? isNull : 'FALSE'
  const isOneOf = inList(column.sql, values, binding.parameters)
  return hasNull ? `(${isOneOf} OR ${isNull})` : isOneOf
}

function like(binding: Binding, column: ColumnModel, text: string): string {
  return matches(binding, column, text, 'like')
}

function literal(binding: Binding, column: ColumnModel, text: string): string {
  return matches(binding, column, text, 'escaped')
}

/** The sign keeps SQLite from looking at the pattern, and so from preparing the statement anew for each. */
function matches({ model, parameters }: Binding, column: ColumnModel, text: string, kind: PatternKind): string {
  const range = patternRange(model, column, text, kind)
  const operator = kind === 'glob' ? 'GLOB +?' : kind === 'like' ? 'LIKE +?' : "LIKE +? ESCAPE '\\'"
  parameters.push(...(range === null ? [] : [range.low, range.high]), text)
  return range === null ? `${column.sql} ${operator}` : `(${range.sql} AND ${column.sql} ${operator})`
}

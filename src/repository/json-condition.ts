/**
 * Conditions on a value inside JSON: `{ path: ['size', 'width'], gte: 100 }`.
 *
 * JSON says of what type each value is, and values of two types are never equal, nor more or less than each other: each
 * comparison asks for the type as well. The value itself stands as `json_extract(column, path)` for an index on that
 * expression to be found. There are no types of "nothing": no such path, JSON's null and a column that is NULL are all
 * `null` here; `exists` tells the first from the second.
 */

import type { SqlValue } from '../sqlite/values.ts'
import { toSqlValue } from '../sqlite/values.ts'
import { nearest } from '../util/nearest.ts'
import { jsonPath } from './json-path.ts'
import { isPlainObject, toJsonText } from './json-text.ts'
import type { Binding } from './operators.ts'
import { escapeWildcards, textPattern } from './patterns.ts'
import { refuse, refuseUndefined } from './refusals.ts'
import type { ColumnModel } from './row-decoder.ts'
import { nameOf } from './row-key.ts'
import { inList } from './value-list.ts'

/** A place in a JSON column, as SQL. */
interface Place {
  readonly value: string
  readonly type: string
  /** The value as JSON again. */
  readonly json: string
  readonly parameters: SqlValue[]
}

type JsonOperator = (place: Place, operand: unknown, at: string) => string

const OPERATORS: Readonly<Record<string, JsonOperator>> = {
  eq: equal,
  ne: (place, operand, at) => `(${equal(place, operand, at)}) IS NOT TRUE`,
  gt: comparison('>'),
  gte: comparison('>='),
  lt: comparison('<'),
  lte: comparison('<='),
  between: (place, operand, at) => {
    if (!Array.isArray(operand) || operand.length !== 2) {
      throw refuse(at, 'must be an array of two values, the lowest and the highest')
    }
    return `(${ordered(place, '>=', operand[0], `${at}[0]`)}) AND (${ordered(place, '<=', operand[1], `${at}[1]`)})`
  },
  in: membership,
  notIn: (place, operand, at) => `(${membership(place, operand, at)}) IS NOT TRUE`,
  isNull: (place, operand, at) => `${place.value} IS ${isTrue(operand, at) ? '' : 'NOT '}NULL`,
  exists: (place, operand, at) => `${place.type} IS ${isTrue(operand, at) ? 'NOT ' : ''}NULL`,
  like: (place, operand, at) => like(place, textPattern(operand, at)),
  notLike: (place, operand, at) => `(${like(place, textPattern(operand, at))}) IS NOT TRUE`,
  glob: (place, operand, at) => {
    place.parameters.push(textPattern(operand, at))
    return `${place.type} = 'text' AND ${place.value} GLOB ?`
  },
  contains: (place, operand, at) => literal(place, `%${escapeWildcards(operand, at)}%`),
  startsWith: (place, operand, at) => literal(place, `${escapeWildcards(operand, at)}%`),
  endsWith: (place, operand, at) => literal(place, `%${escapeWildcards(operand, at)}`),
  arrayContains: (place, operand, at) => {
    const element = { ...place, value: 'e."value"', type: 'e."type"' }
    const equals = equal(element, operand, at)
    // In a scope of its own: json_each has columns that the column's name could mean, `json` and `value` among them.
    const array = `(SELECT ${place.json} AS "json") AS a`
    return `${place.type} = 'array' AND EXISTS (SELECT 1 FROM ${array}, json_each(a."json") AS e WHERE ${equals})`
  },
}

const NAMES = Object.keys(OPERATORS)

/** Whether a condition speaks of a value inside the column. */
export function isJsonCondition(condition: unknown): condition is Record<string, unknown> {
  return isPlainObject(condition) && Object.hasOwn(condition, 'path')
}

/** All operators beside `path` must hold. */
export function compileJsonCondition(
  { parameters }: Binding,
  column: ColumnModel,
  { path, ...operators }: Record<string, unknown>,
  at: string,
): string[] {
  const to = jsonPath(column, path, `${at}.path`)
  const place: Place = {
    value: `json_extract(${column.sql}, ${to})`,
    type: `json_type(${column.sql}, ${to})`,
    json: `${column.sql} -> ${to}`,
    parameters,
  }
  const names = Object.keys(operators)
  if (names.length === 0) throw refuse(at, 'has a path and no operator', `Operators: ${NAMES.join(', ')}.`)
  return names.map((name) => {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
    const [meant] = nearest(name, NAMES)
    if (operator === undefined) {
      const question = meant === undefined ? '' : ` Did you mean "${meant}"?`
      throw refuse(`${at}.${name}`, `is no operator.${question}`, `Operators: ${NAMES.join(', ')}.`)
    }
    if (operators[name] === undefined) throw refuseUndefined(`${at}.${name}`)
    return operator(place, operators[name], `${at}.${name}`)
  })
}

function equal({ value, type, parameters }: Place, operand: unknown, at: string): string {
  if (operand === undefined) throw refuseUndefined(at)
  // In json_each an element that is null is NULL as well.
  if (operand === null) return `${value} IS NULL`
  if (typeof operand === 'boolean') return `${type} = '${operand}'`
  if (Array.isArray(operand) || isPlainObject(operand)) {
    parameters.push(toJsonText(operand, at))
    return `${type} = '${Array.isArray(operand) ? 'array' : 'object'}' AND ${value} = ?`
  }
  parameters.push(scalar(operand, at))
  return `${typesOf(type, operand)} AND ${value} = ?`
}

function comparison(sign: string): JsonOperator {
  return (place, operand, at) => ordered(place, sign, operand, at)
}

function ordered({ value, type, parameters }: Place, sign: string, operand: unknown, at: string): string {
  if (operand === undefined) throw refuseUndefined(at)
  if (operand === null) throw refuse(at, 'is null, which is neither more nor less than anything')
  if (typeof operand === 'boolean') throw refuse(at, 'is a boolean, which is neither more nor less than anything')
  parameters.push(scalar(operand, at))
  return `${typesOf(type, operand)} AND ${value} ${sign} ?`
}

function membership(place: Place, operand: unknown, at: string): string {
  if (!Array.isArray(operand)) throw refuse(at, `must be an array, got ${nameOf(operand)}`)
  const numbers: SqlValue[] = []
  const texts: SqlValue[] = []
  const others = new Set<string>()
  for (let index = 0; index < operand.length; index++) {
    const element: unknown = operand[index]
    const where = `${at}[${index}]`
    if (element === undefined) throw refuseUndefined(where)
    if (element === null || typeof element === 'boolean') others.add(equal(place, element, where))
    else (isNumber(element) ? numbers : texts).push(scalar(element, where))
  }
  const parts = [...others]
  for (const [type, values] of [
    [`${place.type} IN ('integer', 'real')`, numbers],
    [`${place.type} = 'text'`, texts],
  ] as const) {
    if (values.length > 0) parts.push(`(${type} AND ${inList(place.value, values, place.parameters)})`)
  }
  return parts.length === 0 ? 'FALSE' : `(${parts.join(' OR ')})`
}

/** The types of JSON that a value of JavaScript is equal to some value of. */
function typesOf(type: string, operand: unknown): string {
  return isNumber(operand) ? `${type} IN ('integer', 'real')` : `${type} = 'text'`
}

function isNumber(operand: unknown): operand is number | bigint {
  return typeof operand === 'number' || typeof operand === 'bigint'
}

/** A number or a text; a Date is the text that `JSON.stringify` makes of it. */
function scalar(operand: unknown, at: string): SqlValue {
  if (isNumber(operand) || typeof operand === 'string' || operand instanceof Date) return toSqlValue(operand, at)
  throw refuse(at, `must be a text, a number or a boolean, got ${nameOf(operand)}`)
}

function isTrue(operand: unknown, at: string): boolean {
  if (typeof operand !== 'boolean') throw refuse(at, `must be true or false, got ${nameOf(operand)}`)
  return operand
}

function like({ value, type, parameters }: Place, text: string): string {
  parameters.push(text)
  return `${type} = 'text' AND ${value} LIKE +?`
}

function literal(place: Place, text: string): string {
  return `${like(place, text)} ESCAPE '\\'`
}

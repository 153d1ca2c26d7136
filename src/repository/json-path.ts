/** Paths into JSON, written by callers as arrays of keys and indexes, for SQLite: https://sqlite.org/json1.html#jpath */
import { refuse } from './refusals.ts'
import type { ColumnModel } from './row-decoder.ts'
import { nameOf } from './row-key.ts'

/** Kinds of columns that hold JSON, or may: STRICT tables keep it in TEXT, for want of a type of that name. */
const MAY_HOLD_JSON: readonly string[] = ['json', 'text', 'any', 'blob']
/** SQLite's own JSON is nested no deeper. */
const MAX_STEPS = 1000
const PLAIN_KEY = /^[A-Za-z_]\w*$/

/**
 * The path as an SQL literal: bound as a parameter it could not be found in an index on an expression.
 *
 * No step at all leads to the whole.
 *
 * @example
 * jsonPath(column, ['tags', 0], 'where.meta.path') // `'$.tags[0]'`
 * @throws ValidationError for a column of numbers, dates or booleans, and for a step that is neither key nor index.
 */
export function jsonPath(column: ColumnModel, path: unknown, at: string): string {
  if (!MAY_HOLD_JSON.includes(column.codec.kind)) {
    throw refuse(at, `cannot lead into ${column.path}, which is declared ${column.info.type} and holds no JSON`)
  }
  if (!Array.isArray(path)) throw refuse(at, `must be an array of keys and indexes, got ${nameOf(path)}`)
  if (path.length > MAX_STEPS) throw refuse(at, `has more than ${MAX_STEPS} steps`)
  const steps = path.map((step: unknown, index) => stepSql(step, `${at}[${index}]`))
  return `'$${steps.join('').replaceAll("'", "''")}'`
}

function stepSql(step: unknown, at: string): string {
  if (typeof step === 'string') {
    if (!step.isWellFormed()) throw refuse(at, 'is a string with half of a surrogate pair')
    // SQLite reads a quoted key as JSON reads a string, escapes included. Plain ones stand as everybody writes them: an
    // index on the expression is found by its text.
    return PLAIN_KEY.test(step) ? `.${step}` : `.${JSON.stringify(step)}`
  }
  if (typeof step !== 'number' || !Number.isSafeInteger(step)) {
    throw refuse(at, `must be a key or a whole number, got ${nameOf(step)}`)
  }
  return step < 0 ? `[#${step}]` : `[${step}]`
}

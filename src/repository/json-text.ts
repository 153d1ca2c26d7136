/**
 * Strict JSON for columns that are declared JSON: only what JSON gives back as it was given is written.
 *
 * `JSON.stringify` alone drops `undefined` and functions, turns NaN into null and a Map into `{}`, and calls `toJSON`;
 * each of these would come back as something else, so each is refused.
 */
import { ValidationError } from '../errors.ts'

/** SQLite's own JSON functions read no deeper (https://sqlite.org/json1.html); also where a cycle is noticed. */
const MAX_JSON_DEPTH = 1000

/**
 * The JSON text of `value`; `path` names the value in errors.
 *
 * @throws ValidationError naming the part that JSON cannot hold.
 */
export function toJsonText(value: unknown, path: string): string {
  check(value, path, 0)
  return JSON.stringify(value)
}

function check(value: unknown, path: string, depth: number): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return
    case 'number':
      if (!Number.isFinite(value)) throw refuse(path, `is ${value}, which JSON cannot hold`)
      return
    case 'object':
      break
    default:
      throw refuse(
        path,
        `is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}, which JSON cannot hold`,
      )
  }
  if (value === null) return
  if (depth > MAX_JSON_DEPTH) {
    throw new ValidationError({
      subject: 'a value for a JSON column',
      reason: `is nested deeper than ${MAX_JSON_DEPTH} levels, or refers to itself`,
    })
  }

  if (Array.isArray(value)) {
    // By index: forEach would skip holes, which JSON turns into null.
    for (let index = 0; index < value.length; index++) check(value[index], `${path}[${index}]`, depth + 1)
    return
  }
  if (!isPlainObject(value)) {
    throw refuse(
      path,
      `is ${value instanceof Date ? 'a Date' : 'an instance of a class'}, which JSON would give back as something else`,
    )
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw refuse(path, 'has a symbol as key, which JSON would drop')
  for (const key of Object.keys(value)) check(value[key], `${path}.${key}`, depth + 1)
}

/** Whether a value is an object literal (or one without prototype), not an instance of something. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function refuse(subject: string, reason: string): ValidationError {
  return new ValidationError({
    subject,
    reason,
    advice:
      'Give a JSON column plain objects, arrays, strings, finite numbers, booleans and null; write dates as text.',
  })
}

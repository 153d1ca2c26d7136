/**
 * Turning what a caller calls an id into the values of a primary key. Half a key is an error, never a wider search:
 * a `delete` by half a key would delete more than one row.
 */
import { ValidationError } from '../errors.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { isPlainObject } from './json-text.ts'
import type { TableModel } from './table-model.ts'

/**
 * The values of the key in key order: from a scalar where the key is one column, else from an object that names exactly
 * the columns of the key.
 *
 * @throws ValidationError for a missing, extra, NULL or undefined part, and for a table without a key.
 */
export function keyValues(model: TableModel, id: unknown, method: string): SqlValue[] {
  const [first, second] = model.key
  if (first !== undefined && second === undefined && !isPlainObject(id)) {
    if (id === undefined || id === null) throw refuseKey(model, method, `needs a value for "${first.name}", got ${id}`)
    return [first.codec.compare(id, first.path)]
  }
  model.requireKey(method)
  if (!isPlainObject(id))
    throw refuseKey(model, method, `needs an object with all columns of the key, got ${nameOf(id)}`)

  const named = new Map(Object.keys(id).map((name) => [model.column(name).info.name, name]))
  if (named.size < Object.keys(id).length) throw refuseKey(model, method, 'names a column of the key twice')
  const extra = [...named.keys()].find((name) => !model.table.primaryKey.includes(name))
  if (extra !== undefined) throw refuseKey(model, method, `was given "${extra}", which is not part of the key`)
  return model.key.map((column) => {
    const name = named.get(column.info.name)
    const value = name === undefined ? undefined : id[name]
    if (value === undefined || value === null) {
      throw refuseKey(model, method, `needs a value for "${column.name}", got ${value}`)
    }
    return column.codec.compare(value, column.path)
  })
}

function refuseKey({ table }: TableModel, method: string, reason: string): ValidationError {
  const columns = table.primaryKey.map((name) => JSON.stringify(name)).join(', ')
  return new ValidationError({
    subject: `${method} of "${table.name}"`,
    reason,
    advice: `The primary key is (${columns})${table.primaryKey.length > 1 ? '; pass an object with exactly these' : ''}.`,
  })
}

/** What kind of value it is, without showing it. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object') return `a ${typeof value}`
  if (isThenable(value)) return 'a Promise: a forgotten await?'
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name
  return isPlainObject(value) || typeof name !== 'string' || name === '' ? 'an object' : `an instance of ${name}`
}

export function isThenable(value: object): boolean {
  return 'then' in value && typeof value.then === 'function'
}

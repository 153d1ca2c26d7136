/**
 * "One of these values" in SQL. Short lists are bound one by one, padded to a power of two so that lists of five and of
 * eight share one prepared statement; longer ones travel as one JSON text, which SQLite's limit of 32,766 parameters
 * does not touch (https://sqlite.org/limits.html#max_variable_number) and which is one statement for any length.
 */
import type { SqlValue } from '../sqlite/values.ts'

/** Longer lists travel as JSON. */
const MAX_BOUND_VALUES = 64

/** `"column" IN (…)` for at least one value, none of them NULL; appends what it binds to `parameters`. */
export function inList(column: string, values: readonly SqlValue[], parameters: SqlValue[]): string {
  if (values.length > MAX_BOUND_VALUES) return inJson(column, values, parameters)
  let places = 1
  while (places < values.length) places *= 2
  for (let index = 0; index < places; index++) parameters.push(values[Math.min(index, values.length - 1)] as SqlValue)
  return `${column} IN (${Array(places).fill('?').join(', ')})`
}

/**
 * The expressions have no affinity of their own (a column of `json_each` would have), so that the values are compared
 * as bound ones are (https://sqlite.org/datatype3.html#comparisons). JSON has no bytes: those travel as `{"x": hex}`.
 */
function inJson(column: string, values: readonly SqlValue[], parameters: SqlValue[]): string {
  parameters.push(`[${values.map(toJsonElement).join(',')}]`)
  const value = values.some((element) => element instanceof Uint8Array)
    ? `CASE "type" WHEN 'object' THEN unhex("value" ->> 'x') ELSE "value" END`
    : '+"value"'
  return `${column} IN (SELECT ${value} FROM json_each(?))`
}

/** A value as an element of a JSON array, exactly. */
export function toJsonElement(value: SqlValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'bigint':
      return String(value)
    case 'number':
      if (Number.isSafeInteger(value)) return String(value)
      // With an exponent SQLite reads a REAL; 2^60 without one would become the INTEGER that its shortest digits name.
      return Number.isFinite(value) ? value.toExponential() : `${value > 0 ? '' : '-'}9e999`
    default:
      return value === null
        ? 'null'
        : `{"x":"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}"}`
  }
}

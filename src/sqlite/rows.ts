/** The shapes of rows: objects for the thread that uses them, arrays for a trip between threads. */
import { type Prepared, shaped } from './prepared.ts'
import { fromDriver, mayBeRounded, type SqlValue } from './values.ts'

/** Rows by position, with the names of the positions. */
export interface ArrayRows {
  readonly columns: readonly string[]
  readonly rows: SqlValue[][]
}

/** Runs a statement and returns its rows by position, integers exact. */
export function exactRows(prepared: Prepared, bound: readonly unknown[]): SqlValue[][] {
  const rows = shaped(prepared, { arrays: true, bigints: true }).all(...bound) as unknown[][]
  return rows.map((row) => row.map(fromDriver))
}

/** Whether a number of the row may have been rounded; makes its BLOBs plain bytes on the way. */
export function needsExactness(row: Record<string, SqlValue>): boolean {
  for (const name in row) {
    const value = row[name]
    if (mayBeRounded(value)) return true
    if (value instanceof Uint8Array) row[name] = fromDriver(value)
  }
  return false
}

/** {@link needsExactness} of a row by position. */
export function arrayNeedsExactness(row: SqlValue[]): boolean {
  for (let index = 0; index < row.length; index++) {
    const value = row[index]
    if (mayBeRounded(value)) return true
    if (value instanceof Uint8Array) row[index] = fromDriver(value)
  }
  return false
}

/** Builds row objects from rows by position; of two columns with one name the last wins, as in SQLite's shell. */
export function toObjects({ columns, rows }: ArrayRows): Record<string, SqlValue>[] {
  const hostile = columns.includes('__proto__')
  return rows.map((values) => {
    const row: Record<string, SqlValue> = {}
    for (let index = 0; index < columns.length; index++) {
      const name = columns[index] as string
      const value = values[index] as SqlValue
      if (hostile) Object.defineProperty(row, name, { value, writable: true, enumerable: true, configurable: true })
      else row[name] = value
    }
    return row
  })
}

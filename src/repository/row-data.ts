/**
 * What callers hand in as the data of a row, as columns and values to be stored. Columns come in the table's order
 * whatever the order of the keys, so that rows with the same columns are the same statement.
 */
import { ValidationError } from '../errors.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { isPlainObject } from './json-text.ts'
import type { ColumnModel } from './row-decoder.ts'
import { isThenable, nameOf } from './row-key.ts'
import type { TableModel } from './table-model.ts'

export interface RowData {
  /** The same array for each row with the same keys as the one before. */
  readonly columns: readonly ColumnModel[]
  readonly values: readonly SqlValue[]
}

interface Shape {
  readonly keys: readonly string[]
  readonly columns: readonly ColumnModel[]
  /** The key of each column, as the caller wrote it. */
  readonly names: readonly string[]
}

/** The shape of the row of a table that was read last: a program writes rows of few shapes, one call after another. */
const lastShapes = new WeakMap<TableModel, Shape>()

/** Whether a row with these keys has been read before, so that all of them are columns. */
export function isKnownShape(model: TableModel, keys: readonly string[]): boolean {
  const known = lastShapes.get(model)
  return known !== undefined && sameKeys(known.keys, keys)
}

/** Reads rows one after another; rows of one shape, which most lists have, are looked up once. */
export class RowReader {
  readonly #model: TableModel
  readonly #subject: string
  readonly #ignoresGenerated: boolean
  #shape: Shape | null = null

  constructor(model: TableModel, subject: string, options: { readonly ignoreGenerated?: boolean } = {}) {
    this.#model = model
    this.#subject = subject
    this.#ignoresGenerated = options.ignoreGenerated ?? false
  }

  /**
   * `undefined` leaves the column out.
   *
   * @throws ValidationError for anything but an object, generated and hidden columns, values that cannot be stored.
   * @throws ColumnNotFoundError for an unknown key.
   */
  read(data: unknown): RowData {
    const row = rowObject(data, this.#subject)
    const keys = Object.keys(row)
    if (this.#shape === null || !sameKeys(this.#shape.keys, keys)) this.#shape = this.#knownShape(keys)

    const { columns, names } = this.#shape
    const values: SqlValue[] = []
    let absent: Set<ColumnModel> | undefined
    for (let index = 0; index < names.length; index++) {
      const column = columns[index] as ColumnModel
      const value = row[names[index] as string]
      if (value === undefined) (absent ??= new Set()).add(column)
      else values.push(column.codec.store(value, column.path))
    }
    return { columns: absent === undefined ? columns : columns.filter((column) => !absent.has(column)), values }
  }

  #knownShape(keys: readonly string[]): Shape {
    if (this.#ignoresGenerated) return this.#shapeOf(keys)
    const known = lastShapes.get(this.#model)
    if (known !== undefined && sameKeys(known.keys, keys)) return known
    const shape = this.#shapeOf(keys)
    lastShapes.set(this.#model, shape)
    return shape
  }

  #shapeOf(keys: readonly string[]): Shape {
    const names = new Map<ColumnModel, string>()
    for (const key of keys) {
      const column = columnToWrite(this.#model, key, this.#subject)
      if (column.info.generated !== null && this.#ignoresGenerated) continue
      if (column.info.generated !== null) throw this.#refuse(column, 'is a generated column, which SQLite computes')
      if (column.info.hidden) throw this.#refuse(column, 'is a hidden column, which is no part of a row')
      if (names.has(column)) throw this.#refuse(column, `is given twice, as "${names.get(column)}" and as "${key}"`)
      names.set(column, key)
    }
    const sorted = [...names].sort(([a], [b]) => a.position - b.position)
    return { keys, columns: sorted.map(([column]) => column), names: sorted.map(([, name]) => name) }
  }

  #refuse(column: ColumnModel, reason: string): ValidationError {
    return new ValidationError({ subject: column.path, reason, advice: `Leave it out of ${this.#subject}.` })
  }
}

/**
 * The column that a key of some data names.
 *
 * @throws ColumnNotFoundError; ValidationError for a relation, whose rows only `create` makes.
 */
export function columnToWrite(model: TableModel, key: string, subject: string): ColumnModel {
  if (!model.has(key) && model.table.relations.some(({ name }) => name === key)) {
    throw new ValidationError({
      subject: `${model.table.name}.${key}`,
      reason: `is a relation, and ${subject} writes columns only`,
      advice: 'Rows are made together with their relations by create().',
    })
  }
  return model.column(key)
}

/**
 * The data as an object of columns: a plain object, or an instance of a class with data of its own. A Promise, a Map or a
 * Date has no columns either, and would be a row of defaults.
 */
export function rowObject(data: unknown, subject: string): Record<string, unknown> {
  if (isPlainObject(data)) return data
  if (typeof data !== 'object' || data === null || isOther(data)) {
    throw new ValidationError({ subject, reason: `needs an object of columns, got ${nameOf(data)}` })
  }
  return data as Record<string, unknown>
}

function isOther(data: object): boolean {
  return Array.isArray(data) || ArrayBuffer.isView(data) || isThenable(data) || Object.keys(data).length === 0
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

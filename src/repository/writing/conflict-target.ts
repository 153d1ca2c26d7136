/** The unique key by which `upsert` and `findOrCreate` find the row that is there already. */
import { ValidationError } from '../../errors.ts'
import { quoteIdentifier } from '../../schema/naming.ts'
import type { IndexInfo } from '../../schema/types.ts'
import { tokenize } from '../../sqlite/tokenizer.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { refuse } from '../refusals.ts'
import type { RowData } from '../row-data.ts'
import type { ColumnModel } from '../row-decoder.ts'
import { nameOf } from '../row-key.ts'
import type { TableModel } from '../table-model.ts'

export interface ConflictTarget {
  readonly columns: readonly ColumnModel[]
  /** Finds the row whose key has the bound values, one for each column. */
  readonly where: string
}

/** Chooses the target of one method's rows; names and unique keys are looked up once. */
export class ConflictTargets {
  readonly #model: TableModel
  readonly #method: string
  readonly #keys: readonly ConflictTarget[]
  readonly #chosen: ConflictTarget | null

  /** @throws ValidationError when `conflict` names no unique key of the table. */
  constructor(model: TableModel, method: string, conflict: unknown) {
    this.#model = model
    this.#method = method
    this.#keys = uniqueKeys(model, { partial: false })
    this.#chosen = conflict === undefined ? null : this.#named(conflict)
  }

  /**
   * The key that was named; else the primary key, or the only other unique key, that the row has values for.
   *
   * @throws ValidationError when there is none, or more than one.
   */
  of(row: RowData): ConflictTarget {
    if (this.#chosen !== null) {
      const missing = this.#chosen.columns.find((column) => !row.columns.includes(column))
      if (missing === undefined) return this.#chosen
      throw this.#refuse(`needs a value for "${missing.name}", by which it looks for the row`)
    }
    const covered = this.#keys.filter(({ columns }) => columns.every((column) => hasValue(row, column)))
    const [first, ...others] = covered
    if (first !== undefined && (others.length === 0 || isPrimary(this.#model, first))) return first
    const reason =
      first === undefined
        ? 'was given no value for any unique key, by which it could look for the row'
        : `could look for the row by ${covered.map(nameOfKey).join(' or ')}`
    throw this.#refuse(reason)
  }

  #named(conflict: unknown): ConflictTarget {
    const names: readonly unknown[] = Array.isArray(conflict) ? conflict : [conflict]
    const columns = names.map((name) => {
      if (typeof name !== 'string') throw refuse('conflict', `must name columns, got ${nameOf(name)}`)
      return this.#model.column(name)
    })
    const all = [...this.#keys, ...uniqueKeys(this.#model, { partial: true })]
    const target = all.find(
      (key) => key.columns.length === columns.length && key.columns.every((c) => columns.includes(c)),
    )
    if (target !== undefined) return target
    throw this.#refuse(
      `was told to look by (${columns.map(({ name }) => `"${name}"`).join(', ')}), which is no unique key`,
    )
  }

  #refuse(reason: string): ValidationError {
    const keys = [...this.#keys, ...uniqueKeys(this.#model, { partial: true })].map(nameOfKey)
    const known =
      keys.length === 0
        ? 'The table has no unique key; give it a UNIQUE constraint.'
        : `Unique keys: ${[...new Set(keys)].join(', ')}; name one as conflict.`
    return new ValidationError({ subject: `${this.#method} of "${this.#model.table.name}"`, reason, advice: known })
  }
}

/** The values that the row has for the columns of its target. */
export function valuesOf({ columns }: ConflictTarget, row: RowData): SqlValue[] {
  return columns.map((column) => row.values[row.columns.indexOf(column)] as SqlValue)
}

function uniqueKeys(model: TableModel, { partial }: { readonly partial: boolean }): ConflictTarget[] {
  const { table, key } = model
  const keys: ConflictTarget[] = []
  if (!partial && key.length > 0) keys.push({ columns: key, where: model.whereKey })
  for (const index of table.indexes) {
    if (!index.unique || index.origin === 'pk' || index.partial !== partial) continue
    const columns = index.columns.flatMap(({ name }) => (name === null ? [] : [model.column(name)]))
    const predicate = partial ? predicateOf(index) : ''
    // An index on an expression is no key of columns.
    if (columns.length !== index.columns.length || predicate === null) continue
    keys.push({ columns, where: `${conditions(index, columns)}${predicate}` })
  }
  return keys
}

/** `=` would compare by the column's collation, and the key is unique in its index's. */
function conditions(index: IndexInfo, columns: readonly ColumnModel[]): string {
  return columns
    .map(({ sql }, place) => {
      const collation = index.columns[place]?.collation ?? 'BINARY'
      return `${sql} COLLATE ${quoteIdentifier(collation)} = +?`
    })
    .join(' AND ')
}

/** ` AND (…)`: what stands behind the WHERE of a partial index, which is the first outside its list of columns. */
function predicateOf({ sql }: IndexInfo): string | null {
  let depth = 0
  for (const { kind, start, end } of tokenize(sql ?? '')) {
    const text = sql?.slice(start, end) ?? ''
    if (kind === 'symbol') depth += text === '(' ? 1 : text === ')' ? -1 : 0
    if (kind === 'word' && depth === 0 && text.toUpperCase() === 'WHERE') return ` AND (${sql?.slice(end)}\n)`
  }
  return null
}

function hasValue(row: RowData, column: ColumnModel): boolean {
  const place = row.columns.indexOf(column)
  return place !== -1 && row.values[place] !== null
}

function isPrimary({ key }: TableModel, { columns }: ConflictTarget): boolean {
  return key.length > 0 && columns === key
}

function nameOfKey({ columns }: ConflictTarget): string {
  return `(${columns.map(({ name }) => `"${name}"`).join(', ')})`
}

/** Whether an index has the rows of a table in a given order already. */
import type { IndexInfo } from '../schema/types.ts'
import type { OrderTerm } from './order-by.ts'
import type { TableModel } from './table-model.ts'

interface Sorted {
  readonly name: string | null
  readonly descending: boolean
}

/**
 * Whether reading on from any place in a complete order costs only the rows that are read: the key, or an index, has
 * all columns of the order one after another, forwards or backwards. Says no where it cannot be known.
 *
 * @example
 * hasIndexOrder(model, completeOrder(model, terms)) // CREATE INDEX … ON works (likes): yes for likes, id
 */
export function hasIndexOrder(model: TableModel, terms: readonly OrderTerm[]): boolean {
  const { table } = model
  if (table.kind !== 'table' || terms.length === 0) return false
  // NULLs elsewhere than SQLite has them are in no index.
  if (terms.some(({ nullable, nullsFirst, descending }) => nullable && nullsFirst === descending)) return false

  const ofKey = table.indexes.find(({ origin }) => origin === 'pk')?.columns
  const key: readonly Sorted[] = ofKey ?? model.key.map(({ info }) => ({ name: info.name, descending: false }))
  if (terms.every(({ sql }, index) => sql === model.keySql[index]) && isInOrder(terms, key)) return true
  return table.indexes
    .filter((index) => !index.partial && hasOwnCollations(model, index))
    .some(({ columns }) => {
      const names = new Set(columns.map(({ name }) => name))
      // SQLite completes an index by the rowid, or by what is not in it yet of the key that stands in its place.
      const completed =
        table.withoutRowid || table.rowidColumn !== null ? key.filter(({ name }) => !names.has(name)) : []
      return isInOrder(terms, [...columns, ...completed])
    })
}

/** Whether its columns are sorted as they are by themselves: so they are unless a COLLATE stands with them. */
function hasOwnCollations(model: TableModel, { sql }: IndexInfo): boolean {
  return sql === null ? !model.mentionsCollation : !/\bcollate\b/i.test(sql)
}

function isInOrder(terms: readonly OrderTerm[], sorted: readonly Sorted[]): boolean {
  const backward = terms[0]?.descending !== sorted[0]?.descending
  return terms.every(({ column, descending }, index) => {
    const at = sorted[index]
    return column !== null && at?.name === column.info.name && (at.descending !== descending) === backward
  })
}

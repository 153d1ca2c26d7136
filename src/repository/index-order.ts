/** Whether an index has the rows of a table in a given order already. */
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
  const key: readonly Sorted[] = ofKey ?? model.key.map(({ name }) => ({ name, descending: false }))
  if (table.rowidColumn !== null && isInOrder(terms, key)) return true
  // Of which collation a column is, is not known; where none is mentioned all are BINARY.
  if (model.mentionsCollation) return false
  return table.indexes
    .filter(({ partial, columns }) => !partial && columns.every(({ collation }) => collation === 'BINARY'))
    .some(({ columns }) => {
      const names = new Set(columns.map(({ name }) => name))
      // SQLite completes an index by the rowid, or by what is not in it yet of the key that stands in its place.
      const completed =
        table.withoutRowid || table.rowidColumn !== null ? key.filter(({ name }) => !names.has(name)) : []
      return isInOrder(terms, [...columns, ...completed])
    })
}

function isInOrder(terms: readonly OrderTerm[], sorted: readonly Sorted[]): boolean {
  const backward = terms[0]?.descending !== sorted[0]?.descending
  return terms.every(({ column, descending }, index) => {
    const at = sorted[index]
    return column !== null && at?.name === column.name && (at.descending !== descending) === backward
  })
}

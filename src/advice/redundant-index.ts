/**
 * Indexes that another one does the work of. `(a)` is redundant beside `(a, b)`: whatever is found by the first is found
 * by the second. Never the other way round, and never an index that keeps values unique.
 */
import { quoteIdentifier } from '../schema/naming.ts'
import type { IndexInfo, TableInfo } from '../schema/types.ts'
import type { AdviceFacts, Recommendation } from './types.ts'

export function adviseRedundantIndexes({ schema }: AdviceFacts): Recommendation[] {
  return schema.tables.flatMap((table) =>
    table.indexes.flatMap((index) => {
      const kept = replacementOf(index, table.indexes)
      return kept === undefined ? [] : recommend(table, index, kept)
    }),
  )
}

/** The widest index that replaces this one and is itself replaced by none: `replaces` is a strict order. */
function replacementOf(index: IndexInfo, indexes: readonly IndexInfo[]): IndexInfo | undefined {
  return indexes
    .filter((other) => replaces(other, index))
    .sort((a, b) => b.columns.length - a.columns.length || Number(replaces(b, a)) - Number(replaces(a, b)))[0]
}

function replaces(kept: IndexInfo, dropped: IndexInfo): boolean {
  if (kept === dropped || kept.partial || dropped.partial || dropped.origin !== 'c') return false
  if (!isPrefix(dropped, kept)) return false
  const duplicate = kept.columns.length === dropped.columns.length
  if (!duplicate) return !dropped.unique

  // Of two that are the same, what keeps values unique stays, then what belongs to a constraint, then the first name.
  if (kept.unique !== dropped.unique) return kept.unique
  return kept.origin !== 'c' || kept.name < dropped.name
}

/** Expressions cannot be compared by what is known of them, so an index with one is never redundant. */
function isPrefix(short: IndexInfo, long: IndexInfo): boolean {
  return short.columns.every((column, position) => {
    const other = long.columns[position]
    return (
      other !== undefined &&
      column.name !== null &&
      column.name === other.name &&
      column.descending === other.descending &&
      column.collation === other.collation
    )
  })
}

function recommend(table: TableInfo, index: IndexInfo, kept: IndexInfo): Recommendation {
  const duplicate = index.columns.length === kept.columns.length
  return {
    id: 'redundant-index',
    severity: 'low',
    title: `Drop the index ${index.name} of ${table.name}`,
    why: duplicate
      ? `${kept.name} is the same index. Every write of the table maintains both.`
      : `${kept.name} begins with the same columns and finds the same rows. Every write of the table maintains both. Keep it if a query sorts by the rowid after these columns.`,
    evidence: {
      table: table.name,
      index: index.name,
      columns: columnsOf(index),
      keptIndex: kept.name,
      keptColumns: columnsOf(kept),
    },
    sql: `DROP INDEX ${quoteIdentifier(index.name)}`,
    ...(index.sql === null ? {} : { undo: index.sql }),
  }
}

function columnsOf({ columns }: IndexInfo): string {
  return columns.map(({ name }) => name ?? 'expression').join(', ')
}

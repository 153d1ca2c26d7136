/** Finding tables and columns by the name a caller gave. */
import { ColumnNotFoundError, TableNotFoundError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'
import { foldName } from './naming.ts'
import type { ColumnInfo, SchemaInfo, TableInfo } from './types.ts'

/**
 * The table or view of this name: exactly, else in another case, as SQLite finds it. The tables of other tools are
 * found too, but never suggested.
 *
 * @throws TableNotFoundError with the nearest names.
 */
export function findTable(schema: SchemaInfo, name: string): TableInfo {
  const found = byName(schema.tables, name) ?? byName(schema.toolTables, name)
  if (found === undefined) throw new TableNotFoundError({ table: name, nearest: nearest(name, namesOf(schema.tables)) })
  return found
}

/**
 * The column of this name: exactly, else in another case, as SQLite finds it.
 *
 * @throws ColumnNotFoundError with the nearest names.
 */
export function findColumn(table: TableInfo, name: string): ColumnInfo {
  const found = byName(table.columns, name)
  if (found === undefined) {
    throw new ColumnNotFoundError({ table: table.name, column: name, nearest: nearest(name, namesOf(table.columns)) })
  }
  return found
}

function byName<T extends { readonly name: string }>(items: readonly T[], name: string): T | undefined {
  const exact = items.find((item) => item.name === name)
  if (exact !== undefined) return exact
  const folded = foldName(name)
  return items.find((item) => foldName(item.name) === folded)
}

function namesOf(items: readonly { readonly name: string }[]): string[] {
  return items.map((item) => item.name)
}

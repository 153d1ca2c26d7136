/** Finding tables and columns by the name a caller gave. */
import type { Naming } from '../config/types.ts'
import { ColumnNotFoundError, TableNotFoundError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'
import { foldName } from './naming.ts'
import { camelCaseNames, propertyName } from './property-names.ts'
import type { ColumnInfo, SchemaInfo, TableInfo } from './types.ts'

/**
 * The table or view of this name: exactly, else in another case, as SQLite finds it. The tables of other tools are
 * found too, but never suggested.
 *
 * @param naming how tables are called in JavaScript; their names in the database find them too.
 * @throws TableNotFoundError with the nearest names.
 */
export function findTable(schema: SchemaInfo, name: string, naming: Naming = 'stored'): TableInfo {
  const stored = naming === 'stored' ? name : storedTableName(schema, name)
  const found = byName(schema.tables, stored) ?? byName(schema.toolTables, stored)
  if (found !== undefined) return found
  const names = namesOf(schema.tables).map((table) => propertyName(table, naming))
  throw new TableNotFoundError({ table: name, nearest: nearest(name, names) })
}

/**
 * The column of this name: exactly, else in another case, as SQLite finds it.
 *
 * @param names what may be suggested. Default: the names of the columns.
 * @throws ColumnNotFoundError with the nearest names.
 */
export function findColumn(
  table: TableInfo,
  name: string,
  names: readonly string[] = namesOf(table.columns),
): ColumnInfo {
  const found = byName(table.columns, name)
  if (found === undefined) {
    throw new ColumnNotFoundError({ table: table.name, column: name, nearest: nearest(name, names) })
  }
  return found
}

function storedTableName(schema: SchemaInfo, name: string): string {
  const meant = [...(camelCaseNames(schema).stored.get(name) ?? [])].find(([stored, tables]) => tables.has(stored))
  return meant === undefined ? name : meant[0]
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

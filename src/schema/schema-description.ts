/**
 * A schema in a few words: what `noormme generate` writes into its file, so that a database can be compared with the
 * types made from it. It holds what the types depend on, and nothing else.
 */

import type { SchemaDescription } from '../config/types.ts'
import { allowedValues } from './allowed-values.ts'
import { foldName } from './naming.ts'
import type { ColumnInfo, SchemaInfo, TableInfo } from './types.ts'

/** Describes the tables whose columns are known, by their names in the database. */
export function describeSchema(
  schema: SchemaInfo,
  { naming, dates }: Omit<SchemaDescription, 'tables'>,
): SchemaDescription {
  const tables = schema.tables.filter(({ columns }) => columns.length > 0)
  return { naming, dates, tables: toObject(tables.map((table) => [table.name, describeColumns(table)])) }
}

function describeColumns(table: TableInfo): { readonly [column: string]: string } {
  const allowed = allowedValues(table)
  const shown = table.columns.filter(({ hidden }) => !hidden)
  return toObject(
    shown.map((column) => {
      const values = allowed.get(column.name)?.map((value) => (typeof value === 'number' ? value : sqlText(value)))
      const parts = [
        column.type.replace(/\s+/g, ' ').trim(),
        column.primaryKeyPosition > 0 ? 'PRIMARY KEY' : '',
        column.notNull ? 'NOT NULL' : '',
        isUnique(table, column) ? 'UNIQUE' : '',
        hasDefault(column) ? 'DEFAULT' : '',
        column.generated === null ? '' : 'GENERATED',
        ...table.foreignKeys
          .filter(({ columns }) => columns.includes(column.name))
          .map(({ referencedTable }) => `REFERENCES ${referencedTable}`),
        values === undefined ? '' : `IN (${values.join(', ')})`,
      ]
      return [column.name, parts.filter((part) => part !== '').join(' ')]
    }),
  )
}

/** Whether leaving the column out of an INSERT gives it a value: `DEFAULT NULL` does not. */
export function hasDefault({ defaultValue }: ColumnInfo): boolean {
  return defaultValue !== null && !/^[\s(]*null[\s)]*$/i.test(defaultValue)
}

function isUnique(table: TableInfo, { name, primaryKeyPosition }: ColumnInfo): boolean {
  if (primaryKeyPosition > 0) return false
  return table.indexes.some(
    ({ unique, partial, columns }) =>
      unique && !partial && columns.length === 1 && foldName(columns[0]?.name ?? '') === foldName(name),
  )
}

function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** An object whose every name is a property of its own, `__proto__` too. */
function toObject<T>(entries: readonly (readonly [string, T])[]): { readonly [name: string]: T } {
  return Object.fromEntries(entries)
}

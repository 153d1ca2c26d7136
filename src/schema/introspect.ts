/**
 * The schema of a database as SQLite itself reports it: nothing is guessed from the text of CREATE statements except
 * the module of a virtual table, which SQLite reports nowhere else.
 */

import type { Naming } from '../config/types.ts'
import type { Executor } from '../engine/types.ts'
import { columnAffinity } from './affinity.ts'
import {
  type Catalogue,
  type CatalogueColumn,
  type CatalogueIndexColumn,
  type CatalogueKeyColumn,
  type CatalogueTable,
  readCatalogue,
} from './catalogue.ts'
import { foldName } from './naming.ts'
import { findRelations, type TableFacts } from './relations.ts'
import { toolOf } from './tool-tables.ts'
import type { ColumnInfo, ForeignKeyInfo, IndexInfo, SchemaInfo } from './types.ts'
import { virtualModule } from './virtual-module.ts'

/**
 * Reads tables, views, keys, indexes and triggers, and derives the relations between them. One statement, whatever the
 * number of tables; no table of the user is read. A view whose definition is broken and a virtual table whose module
 * is not loaded are listed without columns.
 *
 * @param naming how relations are named: `introspection.naming`. Default: `'stored'`.
 * @example
 * const { tables } = await introspect(engine)
 *
 * @throws what the executor throws; never answers with a part of the schema.
 */
export async function introspect(executor: Pick<Executor, 'execute'>, naming: Naming = 'stored'): Promise<SchemaInfo> {
  const catalogue = await readCatalogue(executor)
  const facts = describeTables(catalogue)

  const tables = facts.filter(({ tool }) => tool === null)
  const relations = findRelations(tables, naming)
  return deepFreeze({
    tables: tables.map((table) => ({ ...table, relations: relations.get(table.name) ?? [] })),
    toolTables: facts.filter(({ tool }) => tool !== null).map((table) => ({ ...table, relations: [] })),
    version: catalogue.version,
  })
}

/** SQLite's `schema_version`: another one after each change of the schema. Short enough to be asked at any time. */
export async function schemaVersion(executor: Pick<Executor, 'execute'>): Promise<number> {
  const { rows } = await executor.execute({ sql: 'PRAGMA schema_version' }, { point: true })
  return Number(rows[0]?.schema_version)
}

function describeTables(catalogue: Catalogue): TableFacts[] {
  const columns = Map.groupBy(catalogue.columns, ({ table }) => table)
  const keyColumns = Map.groupBy(catalogue.keyColumns, ({ table }) => table)
  const indexColumns = Map.groupBy(catalogue.indexColumns, ({ table }) => table)
  const triggers = Map.groupBy(
    catalogue.objects.filter(({ type }) => type === 'trigger'),
    ({ table }) => foldName(table),
  )
  const statements = new Map(catalogue.objects.map(({ type, name, sql }) => [`${type} ${name}`, sql]))

  const tables = catalogue.tables.map((table): TableFacts => {
    const sql = statements.get(`${table.type === 'view' ? 'view' : 'table'} ${table.name}`) ?? ''
    const own = columns.get(table.name) ?? []
    const indexes = describeIndexes(indexColumns.get(table.name) ?? [], statements)
    return {
      name: table.name,
      kind: table.type,
      module: table.type === 'virtual' ? virtualModule(sql) : null,
      strict: table.strict === 1,
      withoutRowid: table.withoutRowid === 1,
      columns: own.map((column) => describeColumn(column, table)),
      primaryKey: primaryKeyOf(own),
      rowidColumn: rowidColumnOf(table, own, indexes),
      foreignKeys: describeForeignKeys(keyColumns.get(table.name) ?? []),
      indexes,
      triggers: (triggers.get(foldName(table.name)) ?? []).map(({ name, sql }) => ({ name, sql })),
      tool: toolOf(
        table.name,
        own.map(({ name }) => name),
      ),
      sql,
    }
  })
  return resolveReferences(tables)
}

function describeColumn(column: CatalogueColumn, table: CatalogueTable): ColumnInfo {
  return {
    name: column.name,
    type: column.type,
    affinity: columnAffinity(column.type, { strict: table.strict === 1 }),
    notNull: column.notNull === 1,
    defaultValue: column.defaultValue,
    primaryKeyPosition: column.primaryKeyPosition,
    generated: column.hidden === 2 ? 'virtual' : column.hidden === 3 ? 'stored' : null,
    hidden: column.hidden === 1,
  }
}

function primaryKeyOf(columns: readonly CatalogueColumn[]): string[] {
  return columns
    .filter(({ primaryKeyPosition }) => primaryKeyPosition > 0)
    .sort((a, b) => a.primaryKeyPosition - b.primaryKeyPosition)
    .map(({ name }) => name)
}

/**
 * Exactly INTEGER, alone in the key of a rowid table. `INTEGER PRIMARY KEY DESC` is the exception: there, as for every
 * key that is not the rowid, SQLite keeps an index of its own (https://sqlite.org/lang_createtable.html#rowid).
 */
function rowidColumnOf(
  table: CatalogueTable,
  columns: readonly CatalogueColumn[],
  indexes: readonly IndexInfo[],
): string | null {
  const [column, ...more] = columns.filter(({ primaryKeyPosition }) => primaryKeyPosition > 0)
  if (table.type !== 'table' || table.withoutRowid === 1 || column === undefined || more.length > 0) return null
  const isAlias = column.type.toUpperCase() === 'INTEGER' && !indexes.some(({ origin }) => origin === 'pk')
  return isAlias ? column.name : null
}

function describeIndexes(
  columns: readonly CatalogueIndexColumn[],
  statements: ReadonlyMap<string, string>,
): IndexInfo[] {
  return [...Map.groupBy(columns, ({ index }) => index).values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    return {
      name: first.index,
      unique: first.unique === 1,
      origin: first.origin,
      partial: first.partial === 1,
      columns: group.map(({ name, descending, collation }) => ({ name, descending: descending === 1, collation })),
      sql: statements.get(`index ${first.index}`) ?? null,
    }
  })
}

/** As declared: names of the other side are resolved once all tables are known. */
function describeForeignKeys(columns: readonly CatalogueKeyColumn[]): ForeignKeyInfo[] {
  return [...Map.groupBy(columns, ({ id }) => id).values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    return {
      columns: group.map(({ from }) => from),
      referencedTable: first.referencedTable,
      referencedColumns: group.flatMap(({ to }) => to ?? []),
      onDelete: first.onDelete,
      onUpdate: first.onUpdate,
    }
  })
}

/**
 * Names the other side of every foreign key as it is named there. A key without columns means the primary key; one
 * that SQLite could not follow (no such table, no such column, keys of different width) refers to no columns.
 */
function resolveReferences(tables: readonly TableFacts[]): TableFacts[] {
  const byName = new Map(tables.map((table) => [foldName(table.name), table]))

  const resolve = (key: ForeignKeyInfo): ForeignKeyInfo => {
    const target = byName.get(foldName(key.referencedTable))
    if (target === undefined) return { ...key, referencedColumns: [] }
    const named = key.referencedColumns.flatMap(
      (name) => target.columns.find((column) => foldName(column.name) === foldName(name))?.name ?? [],
    )
    const referenced = key.referencedColumns.length === 0 ? target.primaryKey : named
    return {
      ...key,
      referencedTable: target.name,
      referencedColumns: referenced.length === key.columns.length ? referenced : [],
    }
  }
  return tables.map((table) => ({ ...table, foreignKeys: table.foreignKeys.map(resolve) }))
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

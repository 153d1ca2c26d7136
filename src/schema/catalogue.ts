/**
 * What SQLite says about its schema, in one statement: the number of statements does not grow with the number of
 * tables, and everything comes from one point in time: reading `sqlite_schema` opens the statement's read transaction
 * before its first pragma runs, and they all run within it.
 *
 * Each part is a JSON array, so that facts of six shapes fit into one row. `ncol` is 0 for a view whose definition is
 * broken and for a virtual table whose module is not loaded; asking for the columns of such a table would be an error
 * (https://sqlite.org/pragma.html#pragma_table_list).
 */
import type { Executor } from '../engine/types.ts'
import { StatementError } from '../errors.ts'

export interface CatalogueTable {
  readonly name: string
  readonly type: 'table' | 'view' | 'virtual'
  readonly withoutRowid: 0 | 1
  readonly strict: 0 | 1
}

/** https://sqlite.org/pragma.html#pragma_table_xinfo */
export interface CatalogueColumn {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly notNull: 0 | 1
  readonly defaultValue: string | null
  readonly primaryKeyPosition: number
  /** 0: plain · 1: hidden column of a virtual table · 2: virtual generated · 3: stored generated. */
  readonly hidden: 0 | 1 | 2 | 3
}

/** One column of a foreign key, https://sqlite.org/pragma.html#pragma_foreign_key_list */
export interface CatalogueKeyColumn {
  readonly table: string
  readonly id: number
  readonly from: string
  readonly referencedTable: string
  readonly to: string | null
  readonly onUpdate: string
  readonly onDelete: string
}

/** One column of an index, https://sqlite.org/pragma.html#pragma_index_xinfo */
export interface CatalogueIndexColumn {
  readonly table: string
  readonly index: string
  readonly unique: 0 | 1
  readonly origin: 'c' | 'u' | 'pk'
  readonly partial: 0 | 1
  readonly name: string | null
  readonly descending: 0 | 1
  readonly collation: string
}

/** A row of https://sqlite.org/schematab.html that has a statement. */
export interface CatalogueObject {
  readonly type: 'table' | 'view' | 'index' | 'trigger'
  readonly name: string
  /** As written in the statement, so its case may differ from the table's. */
  readonly table: string
  readonly sql: string
}

export interface Catalogue {
  readonly version: number
  readonly tables: readonly CatalogueTable[]
  readonly columns: readonly CatalogueColumn[]
  readonly keyColumns: readonly CatalogueKeyColumn[]
  readonly indexColumns: readonly CatalogueIndexColumn[]
  readonly objects: readonly CatalogueObject[]
}

/** Foreign keys are numbered from the last declared to the first; `key` leaves out what an index adds by itself. */
const READ = `
WITH listed AS MATERIALIZED (
  SELECT name, type, ncol, wr, strict FROM pragma_table_list
  WHERE schema = 'main' AND type <> 'shadow' AND substr(name, 1, 7) <> 'sqlite_' COLLATE NOCASE
)
SELECT
  (SELECT schema_version FROM pragma_schema_version) AS version,
  (SELECT json_group_array(json_object('name', name, 'type', type, 'withoutRowid', wr, 'strict', strict) ORDER BY name)
     FROM listed) AS tables,
  (SELECT json_group_array(json_object('table', t.name, 'name', c.name, 'type', c.type, 'notNull', c."notnull",
       'defaultValue', c.dflt_value, 'primaryKeyPosition', c.pk, 'hidden', c.hidden) ORDER BY t.name, c.cid)
     FROM listed AS t CROSS JOIN pragma_table_xinfo(t.name, 'main') AS c WHERE t.ncol > 0) AS columns,
  (SELECT json_group_array(json_object('table', t.name, 'id', k.id, 'from', k."from", 'referencedTable', k."table",
       'to', k."to", 'onUpdate', k.on_update, 'onDelete', k.on_delete) ORDER BY t.name, k.id DESC, k.seq)
     FROM listed AS t CROSS JOIN pragma_foreign_key_list(t.name, 'main') AS k WHERE t.type = 'table') AS keyColumns,
  (SELECT json_group_array(json_object('table', t.name, 'index', i.name, 'unique', i."unique", 'origin', i.origin,
       'partial', i.partial, 'name', c.name, 'descending', c."desc", 'collation', c.coll)
       ORDER BY t.name, i.name, c.seqno)
     FROM listed AS t CROSS JOIN pragma_index_list(t.name, 'main') AS i
       CROSS JOIN pragma_index_xinfo(i.name, 'main') AS c WHERE t.type = 'table' AND c.key) AS indexColumns,
  (SELECT json_group_array(json_object('type', type, 'name', name, 'table', tbl_name, 'sql', sql) ORDER BY type, name)
     FROM main.sqlite_schema WHERE sql IS NOT NULL) AS objects`

/** Reads the whole catalogue of the main database. Looks at no table of the user. */
export async function readCatalogue(executor: Pick<Executor, 'execute'>): Promise<Catalogue> {
  const { rows } = await executor.execute({ sql: READ })
  const [row] = rows
  if (row === undefined) throw new StatementError({ reason: 'SQLite returned nothing about its schema', sql: READ })
  return {
    version: Number(row.version),
    tables: JSON.parse(String(row.tables)),
    columns: JSON.parse(String(row.columns)),
    keyColumns: JSON.parse(String(row.keyColumns)),
    indexColumns: JSON.parse(String(row.indexColumns)),
    objects: JSON.parse(String(row.objects)),
  }
}

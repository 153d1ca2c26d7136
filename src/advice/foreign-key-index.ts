/**
 * Foreign keys without an index. Whenever a referenced row is deleted or its key updated, SQLite looks for rows that
 * refer to it; without an index it reads the whole table each time (https://sqlite.org/foreignkeys.html#fk_indexes).
 *
 * SQLite searches by the collation and affinity of the *referenced* column, so an index counts only when it has that
 * collation, and none can help where a numeric key is kept in a column that is not numeric
 * (https://sqlite.org/datatype3.html#type_conversions_prior_to_comparison).
 */
import { foldName, quoteIdentifier } from '../schema/naming.ts'
import type { ColumnInfo, ForeignKeyInfo, IndexInfo, TableInfo } from '../schema/types.ts'
import { writerPragmas } from './applied-optimizations.ts'
import type { AdviceFacts, Recommendation } from './types.ts'

/** A column to be searched for. */
interface SearchColumn {
  readonly name: string
  /** The collation that the search compares by; `null` when it is the column's own, which is not known. */
  readonly collation: string | null
}

type IndexShape = Pick<IndexInfo, 'unique' | 'partial'> & {
  readonly columns: readonly { readonly name: string | null; readonly collation: string | null }[]
}

type Coverage = 'all' | 'part' | 'none'

const NUMERIC = new Set<ColumnInfo['affinity']>(['INTEGER', 'REAL', 'NUMERIC'])

export function adviseForeignKeyIndexes({ schema, stats, storage }: AdviceFacts): Recommendation[] {
  const tables = new Map(schema.tables.map((table) => [table.name, table]))
  const names = new Set(storage.names.map(foldName))
  const enforced = writerPragmas(stats.connections)?.foreign_keys ?? true

  return schema.tables.flatMap((table) => {
    // The widest first: an index for (a, b) serves a key on (a) as well.
    const keys = table.foreignKeys.toSorted((a, b) => b.columns.length - a.columns.length)
    const indexes: IndexShape[] = [...table.indexes]
    return keys.flatMap((key) => {
      const search = searchOf(key, table, tables.get(key.referencedTable))
      const covered = search === null ? 'all' : coverage(search, table, indexes)
      if (search === null || covered === 'all') return []
      indexes.push({ columns: search, unique: false, partial: false })
      return recommend({ table, key, search, enforced, covered, name: freeName(table, search, names) })
    })
  })
}

/** How SQLite looks for the rows that refer to one, or `null` where an index cannot help or nothing sure is known. */
function searchOf(key: ForeignKeyInfo, table: TableInfo, target: TableInfo | undefined): SearchColumn[] | null {
  if (target === undefined || key.referencedColumns.length === 0) return null
  const search = key.columns.map((name, position): SearchColumn | null => {
    const referenced = columnOf(target, key.referencedColumns[position])
    const own = columnOf(table, name)
    if (referenced === undefined || own === undefined) return null
    if (NUMERIC.has(referenced.affinity) && !NUMERIC.has(own.affinity)) return null
    const collation = collationOf(key, target, referenced.name, table)
    return collation === undefined ? null : { name: own.name, collation }
  })
  return search.every((column) => column !== null) ? search : null
}

/**
 * A rowid is compared by the referring column's own collation. Any other key is compared by the referenced column's,
 * which the unique index of the key shows; `undefined` when several do and differ.
 */
function collationOf(
  key: ForeignKeyInfo,
  target: TableInfo,
  column: string,
  table: TableInfo,
): string | null | undefined {
  if (target.rowidColumn === column) return mentionsCollation(table) ? null : 'BINARY'
  const referenced = new Set(key.referencedColumns)
  const collations = target.indexes
    .filter(({ unique, partial, columns }) => unique && !partial && columns.length === referenced.size)
    .filter(({ columns }) => columns.every(({ name }) => name !== null && referenced.has(name)))
    .map(({ columns }) => columns.find(({ name }) => name === column)?.collation)
  const [collation, ...more] = new Set(collations)
  return more.length === 0 ? collation : undefined
}

/**
 * How far the search gets without a scan: `all` the way by the rowid, by a unique key within its columns or by an index
 * that begins with them, in any order; in `part` by an index that begins with some of them.
 */
function coverage(search: readonly SearchColumn[], table: TableInfo, indexes: readonly IndexShape[]): Coverage {
  if (search.some(({ name }) => name === table.rowidColumn)) return 'all'
  const leads = indexes.map((index) => leadOf(index, search))
  if (leads.includes('all')) return 'all'
  return leads.includes('part') ? 'part' : 'none'
}

function leadOf({ columns, unique, partial }: IndexShape, search: readonly SearchColumn[]): Coverage {
  const end = columns.findIndex((column) => !search.some((searched) => serves(column, searched)))
  const leading = end === -1 ? columns : columns.slice(0, end)
  if (partial || leading.length === 0) return 'none'
  const complete = search.every(({ name }) => leading.some((column) => column.name === name))
  return complete || (unique && leading.length === columns.length) ? 'all' : 'part'
}

function serves(column: IndexShape['columns'][number], searched: SearchColumn): boolean {
  if (column.name !== searched.name) return false
  return searched.collation === null || column.collation === null || column.collation === searched.collation
}

function recommend(found: {
  readonly table: TableInfo
  readonly key: ForeignKeyInfo
  readonly search: readonly SearchColumn[]
  readonly enforced: boolean
  readonly covered: Coverage
  readonly name: string
}): Recommendation {
  const { table, key, search, enforced, covered, name } = found
  const columns = key.columns.join(', ')
  const indexed = search.map((column) => `${quoteIdentifier(column.name)}${collate(column, table)}`).join(', ')
  const reads =
    covered === 'part'
      ? `reads every row of ${table.name} that agrees in a part of the key`
      : `reads all of ${table.name}`
  return {
    id: 'foreign-key-index',
    severity: enforced && covered === 'none' ? 'medium' : 'low',
    title: `Create an index on ${table.name} (${columns})`,
    why: enforced
      ? `Whenever a row of ${key.referencedTable} is deleted, or its key updated, SQLite ${reads} to find those that refer to it. Joins along the key profit as well.`
      : `A join along this foreign key ${reads}, and so will its enforcement once it is switched on.`,
    evidence: {
      table: table.name,
      columns,
      referencedTable: key.referencedTable,
      referencedColumns: key.referencedColumns.join(', '),
    },
    sql: `CREATE INDEX ${quoteIdentifier(name)} ON ${quoteIdentifier(table.name)} (${indexed})`,
    undo: `DROP INDEX ${quoteIdentifier(name)}`,
  }
}

/** Written out only where the column's own collation may be another. */
function collate({ collation }: SearchColumn, table: TableInfo): string {
  if (collation === null || (collation === 'BINARY' && !mentionsCollation(table))) return ''
  return ` COLLATE ${quoteIdentifier(collation)}`
}

/** Introspection does not tell a column's collation; without the word in its table it is BINARY. */
function mentionsCollation({ sql }: TableInfo): boolean {
  return /collate/i.test(sql)
}

function columnOf(table: TableInfo, name: string | undefined): ColumnInfo | undefined {
  return table.columns.find((column) => name !== undefined && foldName(column.name) === foldName(name))
}

function freeName(table: TableInfo, search: readonly SearchColumn[], taken: Set<string>): string {
  const wanted = `idx_${[table.name, ...search.map(({ name }) => name)].join('_')}`
  let name = wanted
  for (let number = 2; taken.has(foldName(name)); number++) name = `${wanted}_${number}`
  taken.add(foldName(name))
  return name
}

/** The schema with its sizes: from SQLite's own statistics and `dbstat`, pure but for the two reads. */
import type { SchemaInfo, TableInfo } from '../schema/types.ts'
import type { SchemaSize } from './protocol.ts'

interface Reader {
  execute(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
}

/** Bytes by name of table or index, and estimated rows by table, both in lower case. */
export interface Sizes {
  /** `null` where nobody could say. */
  readonly bytes: ReadonlyMap<string, number> | null
  readonly rows: ReadonlyMap<string, number>
}

/** Reads each page's header: https://sqlite.org/dbstat.html. One row a table or index, its pages added up. */
const BYTES = 'SELECT lower(name) AS name, pgsize AS bytes FROM dbstat WHERE aggregate = TRUE'
const HAS_STATISTICS = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'sqlite_stat1'"
/** The first number is that of rows: https://sqlite.org/fileformat2.html#stat1tab */
const ROWS = `SELECT lower(tbl) AS name, max(CAST(stat AS INTEGER)) AS rows FROM sqlite_stat1
WHERE idx IS NULL OR idx NOT IN (SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %') GROUP BY 1`

/** @param measure whether to read every page's header, which takes long in a large file. */
export async function readSizes(reader: Reader, { measure }: { readonly measure: boolean }): Promise<Sizes> {
  const bytes = measure ? await readBytes(reader) : null
  const has = await reader.execute(HAS_STATISTICS)
  const rows = has.rows.length === 0 ? [] : (await reader.execute(ROWS)).rows
  return { bytes, rows: new Map(rows.map(({ name, rows: count }) => [String(name), Number(count)])) }
}

export function describeSizes({ tables, toolTables }: SchemaInfo, sizes: Sizes): SchemaSize[] {
  return [...tables, ...toolTables]
    .map((table) => describeTable(table, sizes))
    .sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0) || (a.table < b.table ? -1 : 1))
}

function describeTable(table: TableInfo, { bytes, rows }: Sizes): SchemaSize {
  const sizeOf = (name: string): number | null => bytes?.get(name.toLowerCase()) ?? null
  const own = [table.name, ...table.indexes.map(({ name }) => name)].map(sizeOf)
  const known = own.flatMap((size) => size ?? [])
  return {
    table: table.name,
    kind: table.kind,
    columns: table.columns.map(({ name, type, primaryKeyPosition, notNull }) => ({
      name,
      type,
      key: primaryKeyPosition > 0,
      notNull: notNull || table.rowidColumn === name,
    })),
    rows: rows.get(table.name.toLowerCase()) ?? null,
    bytes: table.kind !== 'table' || known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0),
    indexes: table.indexes.map(({ name, columns, unique }) => ({
      name,
      columns: columns.map((column) => column.name ?? '(expression)'),
      unique,
      bytes: sizeOf(name),
    })),
  }
}

async function readBytes(reader: Reader): Promise<Map<string, number> | null> {
  try {
    const { rows } = await reader.execute(BYTES)
    return new Map(rows.map(({ name, bytes }) => [String(name), Number(bytes)]))
  } catch {
    // SQLite without dbstat, or a file too large to be read through in time: sizes are left out.
    return null
  }
}

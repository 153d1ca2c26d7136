/** A hash of everything that a database holds: its schema, and of each row every value with its type. */
import { createHash, type Hash } from 'node:crypto'

type ReadRows = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

export async function stateOf(read: ReadRows): Promise<string> {
  const hash = createHash('sha256')
  const schema = await read(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
  )
  hash.update(JSON.stringify(schema))
  for (const { type, name } of schema) if (type === 'table') await addTable(hash, read, String(name))
  return hash.digest('hex')
}

async function addTable(hash: Hash, read: ReadRows, name: string): Promise<void> {
  const columns = (await read(`SELECT name FROM pragma_table_info('${name}')`)).map(
    (column) => `quote("${column.name}")`,
  )
  const rows = await read(
    `SELECT rowid AS at, ${columns.map((column, index) => `${column} AS c${index}`).join(', ')} FROM "${name}" ORDER BY rowid`,
  )
  hash.update(name)
  for (const row of rows) hash.update(JSON.stringify(Object.values(row).map(String)))
}

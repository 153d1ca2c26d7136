/** A schema as introspection sees it: made by SQL in a real file of its own, read on a second connection. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { introspect } from '../../src/schema/introspect.ts'
import type { SchemaInfo, TableInfo } from '../../src/schema/types.ts'
import { plainExecutor } from './plain-executor.ts'

/** Runs `sql` on a fresh file and introspects it read-only; nothing is left behind. */
export async function schemaOf(sql: string): Promise<SchemaInfo> {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-schema-'))
  try {
    const path = join(folder, 'app.db')
    const writer = new Database(path)
    // Nobody needs these files after a crash, and hundreds of them are made.
    writer.pragma('synchronous = OFF')
    writer.exec(sql)
    writer.close()

    const reader = new Database(path, { readonly: true })
    try {
      return await introspect(plainExecutor(reader))
    } finally {
      reader.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The table of exactly this name, among the application's and the tools'. */
export function tableNamed(schema: SchemaInfo, name: string): TableInfo {
  const table = [...schema.tables, ...schema.toolTables].find((candidate) => candidate.name === name)
  if (table === undefined) throw new Error(`the schema has no table ${JSON.stringify(name)}`)
  return table
}

/** The only table that `sql` makes. */
export async function tableOf(sql: string): Promise<TableInfo> {
  const [table, ...more] = (await schemaOf(sql)).tables
  if (table === undefined || more.length > 0) throw new Error(`not exactly one table comes of ${sql}`)
  return table
}

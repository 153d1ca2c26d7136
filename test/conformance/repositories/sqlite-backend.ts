/** SQLite, in each of its ways. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOORMME, type NoormmeConfig } from 'noormme'
import type { Backend } from './backend.ts'

/** `memory`: `:memory:` instead of a file of its own. */
export function sqliteBackend(
  config: Omit<NoormmeConfig, 'connection'> = {},
  { memory = false, lacks = [] }: { readonly memory?: boolean; readonly lacks?: Backend['lacks'] } = {},
): Backend {
  return {
    types: {
      key: 'INTEGER PRIMARY KEY',
      integer: 'INTEGER',
      real: 'REAL',
      text: 'TEXT',
      boolean: 'BOOLEAN',
      json: 'JSON',
      time: 'TIMESTAMP',
      bytes: 'BLOB',
    },
    lacks,
    searchIndex(table, columns) {
      const listed = columns.join(', ')
      const added = columns.map((column) => `new.${column}`).join(', ')
      return [
        `CREATE VIRTUAL TABLE ${table}_search USING fts5 (${listed}, content='${table}', content_rowid='id')`,
        `CREATE TRIGGER ${table}_added AFTER INSERT ON ${table} BEGIN
          INSERT INTO ${table}_search (rowid, ${listed}) VALUES (new.id, ${added}); END`,
      ]
    },
    async open(statements, rules = {}) {
      const folder = mkdtempSync(join(tmpdir(), 'noormme-conformance-'))
      const database = memory ? ':memory:' : join(folder, 'app.db')
      // Nothing here is about power loss.
      const optimization = { synchronous: 'OFF' as const, ...config.optimization }
      const db = new NOORMME({ ...config, ...rules, connection: { database }, optimization })
      // Opens it too, as initialize() does, which would ask for the tables of the rules at once.
      for (const sql of statements) await db.execute(sql)
      await db.refreshSchema()
      const close = async (): Promise<void> => {
        await db.close()
        rmSync(folder, { recursive: true })
      }
      return { db, close }
    },
  }
}

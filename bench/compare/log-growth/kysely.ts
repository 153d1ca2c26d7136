import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { recommended } from '../lib/verdict.ts'
import type { Tables } from '../tables/kysely.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Database(file) }) })
  return {
    update: (id, body) => db.updateTable('pages').set({ body }).where('id', '=', id).execute(),
    restart: restarts ? () => sql.raw('PRAGMA wal_checkpoint(RESTART)').execute(db) : null,
    close: () => db.destroy(),
  }
})

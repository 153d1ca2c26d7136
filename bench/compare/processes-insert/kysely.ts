import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { Tables } from '../tables/kysely.ts'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Database(file) }) })
  return {
    insert: (name) => db.insertInto('items').values({ name }).execute(),
    close: () => db.destroy(),
  }
})

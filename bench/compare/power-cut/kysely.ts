import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { recommended } from '../lib/verdict.ts'
import type { Tables } from '../tables/kysely.ts'
import { run } from './scenario.ts'

const full = recommended('journal_mode = WAL and synchronous = FULL')

await run(import.meta.url, async (file) => {
  const driver = new Database(file)
  if (full) {
    driver.pragma('journal_mode = WAL')
    driver.pragma('synchronous = FULL')
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: driver }) })
  return {
    insert: (name) => db.insertInto('items').values({ name }).execute(),
    close: () => db.destroy(),
  }
})

import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { recommended } from '../lib/verdict.ts'
import type { Tables } from '../tables/kysely.ts'
import { run } from './scenario.ts'

const better = recommended('journal_mode = WAL')

await run(import.meta.url, async (file) => {
  const driver = new Database(file)
  if (better) driver.pragma('journal_mode = WAL')
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: driver }) })
  const increment = () =>
    db.transaction().execute(async (trx) => {
      const { value } = await trx.selectFrom('counters').select('value').where('id', '=', 1).executeTakeFirstOrThrow()
      await trx
        .updateTable('counters')
        .set({ value: value + 1 })
        .where('id', '=', 1)
        .execute()
    })
  return { increment, close: () => db.destroy() }
})

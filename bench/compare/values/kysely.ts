import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { recommended } from '../lib/verdict.ts'
import type { Tables } from '../tables/kysely.ts'
import { run } from './scenario.ts'

const exact = recommended('defaultSafeIntegers() of the driver, which makes every integer a bigint', 'integer')

await run(async (file) => {
  const driver = new Database(file)
  driver.defaultSafeIntegers(exact)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: driver }) })
  return {
    read: (id) => db.selectFrom('things').selectAll().where('id', '=', id).executeTakeFirst(),
    insertBytes: (id, bytes) => db.insertInto('things').values({ id, bytes }).execute(),
    insertFlag: (id, flag) => db.insertInto('things').values({ id, flag }).execute(),
    insertRatio: (id, ratio) => db.insertInto('things').values({ id, ratio }).execute(),
    close: () => db.destroy(),
  }
})

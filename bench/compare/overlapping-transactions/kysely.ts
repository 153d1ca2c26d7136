import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { freshFile } from '../lib/fresh-file.ts'
import type { Tables } from '../tables/kysely.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Database(file) }) })

await run({
  file,
  transaction: (work) =>
    db.transaction().execute((trx) => work((name) => trx.insertInto('items').values({ name }).execute())),
  close: () => db.destroy(),
})

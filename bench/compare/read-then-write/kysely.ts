import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { freshFile } from '../lib/fresh-file.ts'
import type { Tables } from '../tables/kysely.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Database(file) }) })

const increment = () =>
  db.transaction().execute(async (trx) => {
    const { value } = await trx.selectFrom('counters').select('value').where('id', '=', 1).executeTakeFirstOrThrow()
    await trx
      .updateTable('counters')
      .set({ value: value + 1 })
      .where('id', '=', 1)
      .execute()
  })

await run({ file, increment, close: () => db.destroy() })

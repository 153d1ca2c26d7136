import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new Kysely({ dialect: new SqliteDialect({ database: new Database(file) }) })

await run({
  query: (text) => sql.raw(text).execute(db),
  close: () => db.destroy(),
})

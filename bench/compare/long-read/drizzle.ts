import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = drizzle(file)

await run({
  query: (text) => db.get(sql.raw(text)),
  close: () => db.$client.close(),
})

import { drizzle } from 'drizzle-orm/better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { items } from '../tables/drizzle.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = drizzle(file)

await run({
  file,
  insert: async (name) => db.insert(items).values({ name }),
  close: () => db.$client.close(),
})

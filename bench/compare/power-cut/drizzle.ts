import { drizzle } from 'drizzle-orm/better-sqlite3'
import { recommended } from '../lib/verdict.ts'
import { items } from '../tables/drizzle.ts'
import { run } from './scenario.ts'

const full = recommended('journal_mode = WAL and synchronous = FULL')

await run(import.meta.url, async (file) => {
  const db = drizzle(file)
  if (full) {
    db.$client.pragma('journal_mode = WAL')
    db.$client.pragma('synchronous = FULL')
  }
  return {
    insert: (name) => db.insert(items).values({ name }).run(),
    close: () => db.$client.close(),
  }
})

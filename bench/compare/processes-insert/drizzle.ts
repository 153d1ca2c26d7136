import { drizzle } from 'drizzle-orm/better-sqlite3'
import { items } from '../tables/drizzle.ts'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const db = drizzle(file)
  return {
    insert: (name) => db.insert(items).values({ name }).run(),
    close: () => db.$client.close(),
  }
})

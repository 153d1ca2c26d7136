import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { recommended } from '../lib/verdict.ts'
import { pages } from '../tables/drizzle.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const db = drizzle(file)
  return {
    update: (id, body) => db.update(pages).set({ body }).where(eq(pages.id, id)).run(),
    restart: restarts ? () => db.$client.pragma('wal_checkpoint(RESTART)') : null,
    close: () => db.$client.close(),
  }
})

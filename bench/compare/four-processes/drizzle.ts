import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { recommended } from '../lib/verdict.ts'
import { counters } from '../tables/drizzle.ts'
import { run } from './scenario.ts'

const better = recommended("journal_mode = WAL and behavior: 'immediate'")

await run(import.meta.url, async (file) => {
  const db = drizzle(file)
  if (better) db.$client.pragma('journal_mode = WAL')
  const increment = () =>
    db.transaction(
      (tx) => {
        const counter = tx.select().from(counters).where(eq(counters.id, 1)).get()
        tx.update(counters)
          .set({ value: (counter?.value ?? 0) + 1 })
          .where(eq(counters.id, 1))
          .run()
      },
      { behavior: better ? 'immediate' : 'deferred' },
    )
  return { increment, close: () => db.$client.close() }
})

import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { counters } from '../tables/drizzle.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = drizzle(file)

const increment = async () =>
  db.transaction((tx) => {
    const counter = tx.select().from(counters).where(eq(counters.id, 1)).get()
    tx.update(counters)
      .set({ value: (counter?.value ?? 0) + 1 })
      .where(eq(counters.id, 1))
      .run()
  })

await run({ file, increment, close: () => db.$client.close() })

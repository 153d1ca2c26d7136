import Database from 'better-sqlite3-pool'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const db = await Database.create(file)
  return {
    increment: db.transaction(async () => {
      const { value } = await db.prepare('SELECT value FROM counters WHERE id = 1').get()
      await db.prepare('UPDATE counters SET value = ? WHERE id = 1').run(value + 1)
    }),
    close: () => db.close(),
  }
})

import { DatabaseSync } from 'node:sqlite'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const better = recommended('timeout: 5000, journal_mode = WAL and BEGIN IMMEDIATE')

await run(import.meta.url, async (file) => {
  const db = new DatabaseSync(file, { timeout: better ? 5000 : 0 })
  if (better) db.exec('PRAGMA journal_mode = WAL')
  const increment = (): void => {
    db.exec(better ? 'BEGIN IMMEDIATE' : 'BEGIN')
    try {
      const counter = db.prepare('SELECT value FROM counters WHERE id = 1').get()
      db.prepare('UPDATE counters SET value = ? WHERE id = 1').run(Number(counter?.value) + 1)
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
  return { increment, close: () => db.close() }
})

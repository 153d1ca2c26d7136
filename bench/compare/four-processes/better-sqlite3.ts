import Database from 'better-sqlite3'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const better = recommended('journal_mode = WAL and immediate()')

await run(import.meta.url, async (file) => {
  const db = new Database(file)
  if (better) db.pragma('journal_mode = WAL')
  const increment = db.transaction(() => {
    const counter = db.prepare<[], { value: number }>('SELECT value FROM counters WHERE id = 1').get()
    db.prepare('UPDATE counters SET value = ? WHERE id = 1').run((counter?.value ?? 0) + 1)
  })
  return { increment: better ? increment.immediate : increment, close: () => db.close() }
})

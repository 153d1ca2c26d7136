import Database from 'better-sqlite3-pool'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const full = recommended('synchronous = FULL')

await run(import.meta.url, async (file) => {
  const db = await Database.create(file)
  if (full) await db.pragma('synchronous = FULL')
  return {
    insert: (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name),
    close: () => db.close(),
  }
})

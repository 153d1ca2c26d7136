import Database from 'better-sqlite3'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const full = recommended('journal_mode = WAL and synchronous = FULL')

await run(import.meta.url, async (file) => {
  const db = new Database(file)
  if (full) {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
  }
  return {
    insert: (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name),
    close: () => db.close(),
  }
})

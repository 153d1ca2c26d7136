import { DatabaseSync } from 'node:sqlite'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const wal = recommended('journal_mode = WAL')

await run(import.meta.url, async (file) => {
  const db = new DatabaseSync(file)
  if (wal) db.exec('PRAGMA journal_mode = WAL')
  return {
    insert: (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name),
    close: () => db.close(),
  }
})

import Database from 'better-sqlite3'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const db = new Database(file)
  return {
    insert: (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name),
    close: () => db.close(),
  }
})

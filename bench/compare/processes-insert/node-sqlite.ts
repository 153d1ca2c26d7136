import { DatabaseSync } from 'node:sqlite'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const waits = recommended('timeout: 5000')

await run(import.meta.url, async (file) => {
  const db = new DatabaseSync(file, { timeout: waits ? 5000 : 0 })
  return {
    insert: (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name),
    close: () => db.close(),
  }
})

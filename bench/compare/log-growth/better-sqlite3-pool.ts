import Database from 'better-sqlite3-pool'
import { run } from './scenario.ts'

await run(async (file) => {
  const db = await Database.create(file)
  return {
    update: (id, body) => db.prepare('UPDATE pages SET body = ? WHERE id = ?').run(body, id),
    close: () => db.close(),
  }
})

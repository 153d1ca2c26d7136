import Database from 'better-sqlite3-pool'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const db = await Database.create(file)
  return {
    update: (id, body) => db.prepare('UPDATE pages SET body = ? WHERE id = ?').run(body, id),
    restart: restarts ? () => db.pragma('wal_checkpoint(RESTART)') : null,
    close: () => db.close(),
  }
})

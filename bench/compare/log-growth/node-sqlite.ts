import { DatabaseSync } from 'node:sqlite'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('timeout: 5000 and a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const db = new DatabaseSync(file, { timeout: restarts ? 5000 : 0 })
  return {
    update: (id, body) => db.prepare('UPDATE pages SET body = ? WHERE id = ?').run(body, id),
    restart: restarts ? () => db.exec('PRAGMA wal_checkpoint(RESTART)') : null,
    close: () => db.close(),
  }
})

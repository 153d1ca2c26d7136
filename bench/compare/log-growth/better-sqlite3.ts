import Database from 'better-sqlite3'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

// What its documentation advises for this.
const restarts = recommended('a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const db = new Database(file)
  return {
    update: (id, body) => db.prepare('UPDATE pages SET body = ? WHERE id = ?').run(body, id),
    restart: restarts ? () => db.pragma('wal_checkpoint(RESTART)') : null,
    close: () => db.close(),
  }
})

import knex from 'knex'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
  return {
    update: (id, body) => db('pages').where({ id }).update({ body }),
    restart: restarts ? () => db.raw('PRAGMA wal_checkpoint(RESTART)') : null,
    close: () => db.destroy(),
  }
})

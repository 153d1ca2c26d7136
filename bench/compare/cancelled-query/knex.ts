import knex from 'knex'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })

await run({
  // It knows a time limit, no signal; and it stops queries of MySQL and PostgreSQL only (`cancel: true`).
  query: async (sql) => db.raw(sql).timeout(200),
  canBeTold: true,
  close: () => db.destroy(),
})

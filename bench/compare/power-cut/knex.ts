import knex from 'knex'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const full = recommended('journal_mode = WAL and synchronous = FULL')

await run(import.meta.url, async (file) => {
  const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
  if (full) {
    await db.raw('PRAGMA journal_mode = WAL')
    await db.raw('PRAGMA synchronous = FULL')
  }
  return {
    insert: (name) => db('items').insert({ name }),
    close: () => db.destroy(),
  }
})

import knex from 'knex'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
  return {
    insert: (name) => db('items').insert({ name }),
    close: () => db.destroy(),
  }
})

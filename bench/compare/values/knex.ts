import knex from 'knex'
import { run } from './scenario.ts'

await run(async (file) => {
  const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
  return {
    read: (id) => db('things').where({ id }).first(),
    insertBytes: async (id, bytes) => db('things').insert({ id, bytes: Buffer.from(bytes) }),
    insertFlag: async (id, flag) => db('things').insert({ id, flag }),
    insertRatio: async (id, ratio) => db('things').insert({ id, ratio }),
    close: () => db.destroy(),
  }
})

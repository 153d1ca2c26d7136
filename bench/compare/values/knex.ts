import knex from 'knex'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const exact = recommended('options: { safeIntegers: true }, which makes every integer a bigint', 'integer')

await run(async (file) => {
  const db = knex({
    client: 'better-sqlite3',
    connection: { filename: file, options: { safeIntegers: exact } },
    useNullAsDefault: true,
  })
  return {
    read: (id) => db('things').where({ id }).first(),
    insertBytes: async (id, bytes) => db('things').insert({ id, bytes: Buffer.from(bytes) }),
    insertFlag: async (id, flag) => db('things').insert({ id, flag }),
    insertRatio: async (id, ratio) => db('things').insert({ id, ratio }),
    close: () => db.destroy(),
  }
})

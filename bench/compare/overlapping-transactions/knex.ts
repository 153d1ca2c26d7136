import knex from 'knex'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })

await run({
  file,
  transaction: (work) => db.transaction((trx) => work(async (name) => trx('items').insert({ name }))),
  close: () => db.destroy(),
})

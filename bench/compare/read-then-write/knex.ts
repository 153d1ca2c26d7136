import knex from 'knex'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })

const increment = () =>
  db.transaction(async (trx) => {
    const { value } = await trx('counters').where({ id: 1 }).first()
    await trx('counters')
      .where({ id: 1 })
      .update({ value: value + 1 })
  })

await run({ file, increment, close: () => db.destroy() })

import knex from 'knex'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const better = recommended('journal_mode = WAL')

await run(import.meta.url, async (file) => {
  const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
  if (better) await db.raw('PRAGMA journal_mode = WAL')
  const increment = () =>
    db.transaction(async (trx) => {
      const { value } = await trx('counters').where({ id: 1 }).first()
      await trx('counters')
        .where({ id: 1 })
        .update({ value: value + 1 })
    })
  return { increment, close: () => db.destroy() }
})

import knex, { type Knex } from 'knex'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const better = recommended('journal_mode = WAL and BEGIN IMMEDIATE by hand')

async function readThenWrite(db: Knex): Promise<void> {
  const { value } = await db('counters').where({ id: 1 }).first()
  await db('counters')
    .where({ id: 1 })
    .update({ value: value + 1 })
}

async function byHand(db: Knex): Promise<void> {
  await db.raw('BEGIN IMMEDIATE')
  try {
    await readThenWrite(db)
    await db.raw('COMMIT')
  } catch (error) {
    await db.raw('ROLLBACK')
    throw error
  }
}

await run(import.meta.url, async (file) => {
  const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
  if (better) await db.raw('PRAGMA journal_mode = WAL')
  return { increment: () => (better ? byHand(db) : db.transaction(readThenWrite)), close: () => db.destroy() }
})

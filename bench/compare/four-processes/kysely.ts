import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { recommended } from '../lib/verdict.ts'
import type { Tables } from '../tables/kysely.ts'
import { run } from './scenario.ts'

const better = recommended('journal_mode = WAL and BEGIN IMMEDIATE by hand')

async function readThenWrite(db: Kysely<Tables>): Promise<void> {
  const { value } = await db.selectFrom('counters').select('value').where('id', '=', 1).executeTakeFirstOrThrow()
  const next = { value: value + 1 }
  await db.updateTable('counters').set(next).where('id', '=', 1).execute()
}

async function byHand(connection: Kysely<Tables>): Promise<void> {
  await sql`BEGIN IMMEDIATE`.execute(connection)
  try {
    await readThenWrite(connection)
    await sql`COMMIT`.execute(connection)
  } catch (error) {
    await sql`ROLLBACK`.execute(connection)
    throw error
  }
}

await run(import.meta.url, async (file) => {
  const driver = new Database(file)
  if (better) driver.pragma('journal_mode = WAL')
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: driver }) })
  return {
    increment: () => (better ? db.connection().execute(byHand) : db.transaction().execute(readThenWrite)),
    close: () => db.destroy(),
  }
})

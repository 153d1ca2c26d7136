import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { FIRST, run, SECOND } from './scenario.ts'

async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(FIRST).execute(db)
  await sql.raw(SECOND).execute(db)
}

await run(async (file) => {
  const db = new Kysely<never>({ dialect: new SqliteDialect({ database: new Database(file) }) })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ '1': { up } }) } })
  const { error } = await migrator.migrateToLatest()
  await db.destroy()
  if (error !== undefined) throw error
})

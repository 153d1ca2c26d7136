import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const keysOff = recommended('PRAGMA foreign_keys = OFF in the migration, before and after')

// It has no call for this, so the table is made anew by hand.
async function up(db: Kysely<never>): Promise<void> {
  if (keysOff) await sql`PRAGMA foreign_keys = OFF`.execute(db)
  await db.schema
    .createTable('new_users')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('age', 'integer', (column) => column.notNull())
    .execute()
  await sql`INSERT INTO new_users SELECT * FROM users`.execute(db)
  await db.schema.dropTable('users').execute()
  await db.schema.alterTable('new_users').renameTo('users').execute()
  if (keysOff) await sql`PRAGMA foreign_keys = ON`.execute(db)
}

await run({
  migrate: async (file) => {
    const db = new Kysely<never>({ dialect: new SqliteDialect({ database: new Database(file) }) })
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ '1': { up } }) } })
    const { error } = await migrator.migrateToLatest()
    await db.destroy()
    if (error !== undefined) throw error
  },
})

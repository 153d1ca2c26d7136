import knex, { type Knex } from 'knex'
import { FIRST, run, SECOND } from './scenario.ts'

async function up(db: Knex): Promise<void> {
  await db.raw(FIRST)
  await db.raw(SECOND)
}

await run(async (file) => {
  const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
  const migrationSource: Knex.MigrationSource<string> = {
    getMigrations: async () => ['1'],
    getMigrationName: (name) => name,
    getMigration: async () => ({ up, down: async () => {} }),
  }
  await db.migrate.latest({ migrationSource }).finally(() => db.destroy())
})

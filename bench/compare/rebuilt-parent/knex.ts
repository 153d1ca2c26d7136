import knex, { type Knex } from 'knex'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const apart = recommended('disableTransactions: true')

const up = (db: Knex) =>
  db.schema.alterTable('users', (table) => {
    table.integer('age').notNullable().alter()
  })

await run({
  migrate: async (file) => {
    const db = knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
    const migrationSource: Knex.MigrationSource<string> = {
      getMigrations: async () => ['1'],
      getMigrationName: (name) => name,
      getMigration: async () => ({ up, down: async () => {} }),
    }
    await db.migrate.latest({ migrationSource, disableTransactions: apart }).finally(() => db.destroy())
  },
})

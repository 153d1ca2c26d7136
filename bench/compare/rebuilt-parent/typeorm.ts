import { DataSource, type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm'
import { run } from './scenario.ts'

class AgeIsANumber1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.changeColumn('users', 'age', new TableColumn({ name: 'age', type: 'integer' }))
  }

  async down(): Promise<void> {}
}

await run({
  migrate: async (file) => {
    const migrations = [AgeIsANumber1700000000000]
    const source = await new DataSource({ type: 'better-sqlite3', database: file, migrations }).initialize()
    await source.runMigrations().finally(() => source.destroy())
  },
})

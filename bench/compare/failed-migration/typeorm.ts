import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm'
import { FIRST, run, SECOND } from './scenario.ts'

class Orders1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FIRST)
    await queryRunner.query(SECOND)
  }

  async down(): Promise<void> {}
}

await run(async (file) => {
  const source = new DataSource({ type: 'better-sqlite3', database: file, migrations: [Orders1700000000000] })
  await source.initialize()
  await source.runMigrations().finally(() => source.destroy())
})

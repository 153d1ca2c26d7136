/** Kysely's own migrator over our dialect: all or nothing, one process at a time, no time limit. */
import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { expect, test } from 'vitest'
import { runProgram } from '../../test/support/run-program.ts'
import { tempDatabase } from '../../test/support/temp-database.ts'

function migrator(db: Kysely<unknown>, migrations: Readonly<Record<string, Migration>>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } })
}

const create = (table: string): Migration => ({
  up: (db) => db.schema.createTable(table).addColumn('id', 'integer').execute(),
  down: (db) => db.schema.dropTable(table).execute(),
})

const tablesOf = async (db: Kysely<unknown>): Promise<string[]> =>
  (await db.introspection.getTables()).map(({ name }) => name)

test('applies what is pending, in order, and undoes it', async () => {
  const kysely = tempDatabase().db.getKysely() as unknown as Kysely<unknown>
  const both = migrator(kysely, { '1': create('a'), '2': create('b') })
  expect((await both.migrateToLatest()).results?.map(({ status }) => status)).toEqual(['Success', 'Success'])
  expect(await tablesOf(kysely)).toEqual(['a', 'b'])
  expect((await both.migrateToLatest()).results).toEqual([])
  await both.migrateDown()
  expect(await tablesOf(kysely)).toEqual(['a'])
})

test('a migration that fails half way leaves nothing, nor do those before it in the same run', async () => {
  const kysely = tempDatabase().db.getKysely() as unknown as Kysely<unknown>
  const failing: Migration = {
    up: async (db) => {
      await create('half').up(db)
      await sql`INSERT INTO nowhere VALUES (1)`.execute(db)
    },
  }
  const { error, results } = await migrator(kysely, { '1': create('a'), '2': failing }).migrateToLatest()
  expect(error).toMatchObject({ code: 'NOORMME_TABLE_NOT_FOUND' })
  expect(results?.map(({ status }) => status)).toEqual(['Success', 'Error'])
  expect(await tablesOf(kysely)).toEqual([])
  expect((await migrator(kysely, { '1': create('a') }).migrateToLatest()).error).toBeUndefined()
})

test('may take longer than a transaction: fails when acquireMigrationLock does not lift the time limit', async () => {
  const { db } = tempDatabase({ performance: { transactionTimeout: 1 } })
  const kysely = db.getKysely() as unknown as Kysely<unknown>
  const slow: Migration = {
    up: async (tx) => {
      await create('a').up(tx)
      // Timers of one process fire in the order of their ends: that of the transaction, if it had one, before this.
      await new Promise((resolve) => setTimeout(resolve, 50))
    },
  }
  expect((await migrator(kysely, { '1': slow }).migrateToLatest()).error).toBeUndefined()
  expect(await tablesOf(kysely)).toEqual(['a'])
})

test('two processes that migrate at once apply every migration once', async () => {
  const { db, folder, path } = tempDatabase()
  await db.close()
  const source = `
    import { NOORMME } from 'noormme/index.ts'
    import { Migrator } from '${import.meta.resolve('kysely/migration')}'
    const db = new NOORMME(process.argv[2])
    await db.initialize()
    console.log('ready')
    await new Promise((resolve) => process.stdin.once('data', resolve))
    process.stdin.destroy()
    const create = (name) => ({ up: (tx) => tx.schema.createTable(name).addColumn('id', 'integer').execute() })
    const migrations = { 1: create('a'), 2: create('b'), 3: create('c') }
    const migrator = new Migrator({ db: db.getKysely(), provider: { getMigrations: async () => migrations } })
    const { error, results } = await migrator.migrateToLatest()
    if (error !== undefined) throw error
    console.log(results.length)
    await db.close()
  `
  const programs = [runProgram(folder, source, [path]), runProgram(folder, source, [path])]
  await Promise.all(programs.map(async (program) => expect(await program.line()).toBe('ready')))
  for (const { child } of programs) child.stdin?.write('go\n')
  const applied = await Promise.all(programs.map((program) => program.line()))
  expect(applied.sort()).toEqual(['0', '3'])
  for (const { ended } of programs) expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

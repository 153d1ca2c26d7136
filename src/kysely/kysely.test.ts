/** What a user of Kysely counts on, over the engine: queries, results, values, errors, plugins. */
import {
  CamelCasePlugin,
  type Generated,
  type Kysely,
  NoResultError,
  ParseJSONResultsPlugin,
  type Selectable,
  sql,
} from 'kysely'
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/sqlite'
import { NOORMME, type NoormmeConfig, UniqueConstraintError } from 'noormme'
import { expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { tempDatabase } from '../../test/support/temp-database.ts'

interface Person {
  id: Generated<number>
  name: string
  born_in: number | null
}

interface Pet {
  id: Generated<number>
  person_id: number
  name: string
}

interface Database {
  person: Person
  pet: Pet
}

const TABLES = [
  'CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, born_in INTEGER)',
  'CREATE TABLE pet (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id), name TEXT NOT NULL)',
]

async function open<DB = Database>(kysely: NoormmeConfig['kysely'] = {}): Promise<NOORMME<DB>> {
  const { db: made, path } = tempDatabase()
  for (const table of TABLES) await made.execute(table)
  await made.close()
  const db = new NOORMME<DB>({ connection: { database: path }, kysely })
  onTestFinished(() => db.close())
  return db
}

const twoPeople = (kysely: Kysely<Database>) =>
  kysely
    .insertInto('person')
    .values([
      { name: 'Mira', born_in: 1990 },
      { name: 'Noor', born_in: null },
    ])
    .execute()

test('insert, update and delete tell how many rows they touched and the key they made', async () => {
  const kysely = (await open()).getKysely()
  const inserted = await kysely.insertInto('person').values({ name: 'Mira' }).executeTakeFirstOrThrow()
  expect(inserted).toMatchObject({ insertId: 1n, numInsertedOrUpdatedRows: 1n })
  const updated = await kysely.updateTable('person').set({ born_in: 1990 }).executeTakeFirstOrThrow()
  expect(updated.numUpdatedRows).toBe(1n)
  const missed = await kysely.updateTable('person').set({ born_in: 1 }).where('id', '=', 9).executeTakeFirstOrThrow()
  expect(missed.numUpdatedRows).toBe(0n)
  const deleted = await kysely.deleteFrom('person').executeTakeFirstOrThrow()
  expect(deleted.numDeletedRows).toBe(1n)
})

test('RETURNING gives the rows of insert, update and delete', async () => {
  const kysely = (await open()).getKysely()
  expect(await kysely.insertInto('person').values({ name: 'Mira' }).returningAll().execute()).toEqual([
    { id: 1, name: 'Mira', born_in: null },
  ])
  expect(await kysely.updateTable('person').set({ born_in: 1990 }).returning('born_in').execute()).toEqual([
    { born_in: 1990 },
  ])
  expect(await kysely.deleteFrom('person').returning('name').execute()).toEqual([{ name: 'Mira' }])
})

test('on conflict does nothing, or updates the row that is there', async () => {
  const kysely = (await open()).getKysely()
  await twoPeople(kysely)
  const ignored = await kysely
    .insertInto('person')
    .values({ name: 'Mira', born_in: 1 })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  expect(ignored.numInsertedOrUpdatedRows).toBe(0n)
  expect(ignored.insertId).toBeUndefined()
  const upserted = await kysely
    .insertInto('person')
    .values({ name: 'Mira', born_in: 2000 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((row) => ({ born_in: row.ref('excluded.born_in') })))
    .returningAll()
    .executeTakeFirstOrThrow()
  expect(upserted).toEqual({ id: 1, name: 'Mira', born_in: 2000 })
})

test('a statement that breaks a constraint rejects with our error as it is, from insert and inside a transaction', async () => {
  const kysely = (await open()).getKysely()
  await twoPeople(kysely)
  const twice = (scope: Kysely<Database>) => scope.insertInto('person').values({ name: 'Mira' }).execute()
  await expect(twice(kysely)).rejects.toBeInstanceOf(UniqueConstraintError)
  await expect(kysely.transaction().execute(twice)).rejects.toBeInstanceOf(UniqueConstraintError)
})

test('executeTakeFirstOrThrow throws Kysely’s NoResultError where there is no row', async () => {
  const kysely = (await open()).getKysely()
  const query = kysely.selectFrom('person').selectAll().where('id', '=', 7)
  await expect(query.executeTakeFirstOrThrow()).rejects.toBeInstanceOf(NoResultError)
  expect(await query.executeTakeFirst()).toBeUndefined()
})

test('integers beyond 2^53 and BLOBs come back exactly', async () => {
  const kysely = (await open()).getKysely()
  const bytes = new Uint8Array([0, 1, 255])
  const { rows } = await sql<{ i: bigint; b: Uint8Array }>`SELECT ${2n ** 62n + 1n} AS i, ${bytes} AS b`.execute(kysely)
  expect(rows[0]?.i).toBe(2n ** 62n + 1n)
  expect(new Uint8Array(rows[0]?.b ?? [])).toEqual(bytes)
})

test('raw SQL, a recursive query and explain() run', async () => {
  const kysely = (await open()).getKysely()
  const counted = await kysely
    .withRecursive('series(n)', (query) =>
      query
        .selectNoFrom(sql<number>`1`.as('n'))
        .unionAll(query.selectFrom('series').select(sql<number>`n + 1`.as('n')).where('n', '<', 5)),
    )
    .selectFrom('series')
    .select('n')
    .execute()
  expect(counted.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5])
  const plan = await kysely.selectFrom('person').selectAll().where('id', '=', 1).explain(undefined, sql`query plan`)
  expect(JSON.stringify(plan)).toContain('SEARCH person USING INTEGER PRIMARY KEY')
})

test('the JSON helpers nest rows, parsed by a plugin of the configuration', async () => {
  const kysely = (await open({ plugins: [new ParseJSONResultsPlugin()] })).getKysely()
  await twoPeople(kysely)
  await kysely.insertInto('pet').values({ person_id: 1, name: 'Bolt' }).execute()
  const people = await kysely
    .selectFrom('person')
    .select((outer) => [
      'person.name',
      jsonArrayFrom(outer.selectFrom('pet').select('pet.name').whereRef('pet.person_id', '=', 'person.id')).as('pets'),
    ])
    .orderBy('person.id')
    .execute()
  expect(people).toEqual([
    { name: 'Mira', pets: [{ name: 'Bolt' }] },
    { name: 'Noor', pets: [] },
  ])
  const pet = await kysely
    .selectFrom('pet')
    .select((outer) =>
      jsonObjectFrom(outer.selectFrom('person').select('name').whereRef('person.id', '=', 'pet.person_id')).as('owner'),
    )
    .executeTakeFirstOrThrow()
  expect(pet.owner).toEqual({ name: 'Mira' })
})

test('plugins of the configuration apply to Kysely everywhere, and to nothing else', async () => {
  interface CamelDatabase {
    person: { id: Generated<number>; name: string; bornIn: number | null }
  }
  const db = await open<CamelDatabase>({ plugins: [new CamelCasePlugin()] })
  const camel = (kysely: Kysely<CamelDatabase>) =>
    kysely.selectFrom('person').select('bornIn').executeTakeFirstOrThrow()

  await db.getKysely().insertInto('person').values({ name: 'Mira', bornIn: 1990 }).execute()

  const row = await camel(db.getKysely())
  expectTypeOf(row).toEqualTypeOf<{ bornIn: number | null }>()
  expect(row).toEqual({ bornIn: 1990 })
  expect(await db.transaction((tx) => camel(tx.getKysely()))).toEqual({ bornIn: 1990 })
  expect(await db.snapshot((snapshot) => camel(snapshot.getKysely()))).toEqual({ bornIn: 1990 })
  expect(await db.getKysely().transaction().execute(camel)).toEqual({ bornIn: 1990 })
  const repository = db.getRepository<Selectable<Person>>('person')
  expect(await repository.findById(1)).toEqual({ id: 1, name: 'Mira', born_in: 1990 })
  expect((await db.execute('SELECT born_in FROM person')).rows).toEqual([{ born_in: 1990 }])
})

test('introspection lists tables with their columns', async () => {
  const kysely = (await open()).getKysely()
  const tables = await kysely.introspection.getTables()
  expect(tables.map(({ name }) => name)).toEqual(['person', 'pet'])
  expect(tables[0]?.columns.map(({ name, isNullable }) => [name, isNullable])).toContainEqual(['born_in', true])
})

test('a connection held by connection().execute() runs queries and transactions', async () => {
  const kysely = (await open()).getKysely()
  const count = await kysely.connection().execute(async (one) => {
    await one.transaction().execute((trx) => twoPeople(trx))
    return one.selectFrom('person').selectAll().execute()
  })
  expect(count).toHaveLength(2)
})

test('a controlled transaction rolls back to a savepoint by name, after an error inside too', async () => {
  const kysely = (await open()).getKysely()
  const trx = await kysely.startTransaction().execute()
  await trx.insertInto('person').values({ name: 'first' }).execute()
  const saved = await trx.savepoint('odd "name"').execute()
  await saved.insertInto('person').values({ name: 'second' }).execute()
  const inner = await saved.savepoint('inner').execute()
  await expect(inner.insertInto('person').values({ name: 'second' }).execute()).rejects.toBeInstanceOf(
    UniqueConstraintError,
  )
  await inner.releaseSavepoint('inner').execute()
  await saved.rollbackToSavepoint('odd "name"').execute()
  await trx.insertInto('person').values({ name: 'third' }).execute()
  await trx.commit().execute()
  const names = await kysely.selectFrom('person').select('name').orderBy('id').execute()
  expect(names.map(({ name }) => name)).toEqual(['first', 'third'])
})

test('a controlled transaction that is rolled back leaves nothing and lets the next write in', async () => {
  const kysely = (await open()).getKysely()
  const trx = await kysely.startTransaction().execute()
  await twoPeople(trx)
  await trx.rollback().execute()
  await kysely.insertInto('person').values({ name: 'Mira' }).execute()
  expect(await kysely.selectFrom('person').select('name').execute()).toEqual([{ name: 'Mira' }])
})

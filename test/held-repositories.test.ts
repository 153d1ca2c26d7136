/** A repository that is held follows the schema, whoever changes it and however the repository was come by. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { NOORMME, Repository } from 'noormme'
import { expect, test } from 'vitest'
import { tempDatabase } from './support/temp-database.ts'

/** Every column that the table has at some time. */
interface User {
  readonly id: number
  readonly name: string
  readonly bio: string | null
  readonly email: string
  readonly full_name: string
  readonly flag: boolean
}

type Rows = Repository<User>

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)'

/** Runs `sql` from outside of noormme. */
function outside(path: string, sql: string): void {
  const other = new Database(path)
  other.exec(sql)
  other.close()
}

async function withUsers(): Promise<{ db: NOORMME; path: string; folder: string; users: Rows }> {
  const opened = tempDatabase({ optimization: { synchronous: 'OFF' } })
  await opened.db.execute(USERS)
  const users = opened.db.getRepository<User>('users')
  await users.create({ name: 'Mira' })
  return { ...opened, users }
}

const WAYS: Readonly<Record<string, (db: NOORMME, sql: string, folder: string) => Promise<unknown>>> = {
  'execute()': (db, sql) => db.execute(sql),
  'execute(), behind a comment': (db, sql) => db.execute(`-- more\n/* and more */ ${sql}`),
  'batch()': (db, sql) => db.batch([{ sql: 'SELECT 1' }, { sql }]),
  'transaction()': (db, sql) => db.transaction((tx) => tx.execute(sql)),
  'a call that joins a transaction': (db, sql) => db.transaction(() => db.execute(sql)),
  'a nested transaction': (db, sql) => db.transaction((tx) => tx.transaction((inner) => inner.execute(sql))),
  Kysely: (db, sql) => db.getKysely().executeQuery(raw(sql)),
  'a transaction of Kysely': (db, sql) =>
    db
      .getKysely()
      .transaction()
      .execute((trx) => trx.executeQuery(raw(sql))),
  'a snapshot’s write': (db, sql) => db.snapshot((snapshot) => snapshot.execute(sql)),
  'migrate()': async (db, sql, folder) => {
    const migrations = join(folder, 'migrations')
    mkdirSync(migrations)
    writeFileSync(join(migrations, '0001_bio.sql'), sql)
    await db.migrate(migrations)
  },
  'another program, and refreshSchema()': async (db, sql, folder) => {
    outside(join(folder, 'app.db'), sql)
    await db.refreshSchema()
  },
}

function raw(sql: string) {
  return {
    sql,
    parameters: [],
    query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
    queryId: { queryId: '1' },
  } as never
}

test.each(Object.entries(WAYS))('what %s alters is known at once to what is held', async (_name, alter) => {
  const { db, folder, users } = await withUsers()

  await alter(db, 'ALTER TABLE users ADD COLUMN bio TEXT', folder)

  expect(await users.update(1, { bio: 'paints' })).toEqual({ id: 1, name: 'Mira', bio: 'paints' })
  expect(await users.findByBio('paints')).toMatchObject({ id: 1 })
  expect(await users.findManyByBio('paints')).toHaveLength(1)
  expect(await users.findAll({ where: { bio: 'paints' } })).toHaveLength(1)
  expect(await users.findById(1)).toHaveProperty('bio')
})

test('a repository from before initialize() follows as well', async () => {
  const { db } = tempDatabase()
  await db.execute(USERS)
  await db.close()
  const users = db.getRepository<User>('users')
  await db.initialize()
  await users.create({ name: 'Mira' })

  await db.execute('ALTER TABLE users ADD COLUMN bio TEXT')

  expect(await users.findById(1)).toEqual({ id: 1, name: 'Mira', bio: null })
  expect(await users.findByBio(null)).toEqual({ id: 1, name: 'Mira', bio: null })
})

test('a table that was just made has a repository', async () => {
  const { db } = await withUsers()

  await db.execute('CREATE TABLE posts (id INTEGER PRIMARY KEY)')

  expect(await db.getRepository('posts').create({})).toEqual({ id: 1 })
})

test('a table that is dropped under a repository rejects every call, and gives rows again when it is back', async () => {
  const { db, users } = await withUsers()
  await db.execute('DROP TABLE users')

  const gone = { code: 'NOORMME_TABLE_NOT_FOUND', context: { table: 'users' } }
  await expect(users.findById(1)).rejects.toMatchObject(gone)
  await expect(users.findByName('Mira')).rejects.toMatchObject(gone)
  await expect(users.create({ name: 'Noor' })).rejects.toMatchObject(gone)
  await expect(users.paginate()).rejects.toMatchObject(gone)
  expect(() => db.getRepository('users')).toThrow('no table or view named "users"')

  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE)')

  expect(await users.create({ email: 'mira@example.org' })).toEqual({ id: 1, email: 'mira@example.org' })
  expect(await users.findByEmail('mira@example.org')).toMatchObject({ id: 1 })
})

test('a finder of a column that is gone rejects like one that never was', async () => {
  const { db, users } = await withUsers()
  expect(await users.findByName('Mira')).not.toBeNull()

  await db.execute('ALTER TABLE users RENAME COLUMN name TO full_name')

  await expect(users.findByName('Mira')).rejects.toMatchObject({
    code: 'NOORMME_COLUMN_NOT_FOUND',
    context: { column: 'Name', nearest: ['full_name'] },
  })
  expect(await users.findByFullName('Mira')).toEqual({ id: 1, full_name: 'Mira' })
})

test('what another program alters is a typed error until it is known', async () => {
  const { db, path, users } = await withUsers()
  outside(path, 'ALTER TABLE users RENAME COLUMN name TO full_name')

  await expect(users.findById(1)).rejects.toMatchObject({
    code: 'NOORMME_COLUMN_NOT_FOUND',
    context: { table: 'users', column: 'name', nearest: ['full_name'] },
  })
  outside(path, 'ALTER TABLE users RENAME TO people')
  await expect(users.findById(1)).rejects.toMatchObject({ code: 'NOORMME_TABLE_NOT_FOUND' })

  await db.refreshSchema()
  expect(await db.getRepository('people').findById(1)).toEqual({ id: 1, full_name: 'Mira' })
})

test('what a transaction altered is forgotten with it, also where the schema was read inside', async () => {
  const { db, users } = await withUsers()

  const rolledBack = db.transaction(async (tx) => {
    await tx.execute('ALTER TABLE users ADD COLUMN bio TEXT')
    await db.refreshSchema()
    expect(await tx.getRepository('users').findById(1)).toHaveProperty('bio')
    throw new Error('no')
  })

  await expect(rolledBack).rejects.toThrow('no')
  expect(await users.findById(1)).toEqual({ id: 1, name: 'Mira' })
  expect((await db.getSchemaInfo()).tables[0]?.columns).toHaveLength(2)
})

test('a call that is under way ends with the table as it was when it began', async () => {
  const { db, users } = await withUsers()
  await db.execute('ALTER TABLE users ADD COLUMN flag BOOLEAN')

  const creating = users.create({ name: 'Noor', flag: true })
  const altering = db.execute("ALTER TABLE users ADD COLUMN meta JSON DEFAULT '{}'")

  expect(await creating).toEqual({ id: 2, name: 'Noor', flag: true })
  await altering
  expect(await users.findById(2)).toEqual({ id: 2, name: 'Noor', flag: true, meta: {} })
})

test('tables that are as they were keep their description, so that what is derived from it stays good', async () => {
  const { db } = await withUsers()
  const before = (await db.getSchemaInfo()).tables.find(({ name }) => name === 'users')

  await db.execute('CREATE TABLE posts (id INTEGER PRIMARY KEY)')

  expect((await db.getSchemaInfo()).tables.find(({ name }) => name === 'users')).toBe(before)
})

test('a repository looks like one: only its methods are there', async () => {
  const { db, users } = await withUsers()
  await db.execute('ALTER TABLE users ADD COLUMN bio TEXT')
  await users.findById(1)

  expect(await Promise.resolve(users)).toBe(users)
  expect(JSON.stringify(users)).toBe('{}')
  expect((users as unknown as Record<string, unknown>).nonsense).toBeUndefined()
})

/** `introspection.naming: 'camelCase'`: one spelling in repositories, results, Kysely and relations; SQL's own in errors. */
import type { Generated } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/sqlite'
import {
  ColumnNotFoundError,
  ConfigError,
  NOORMME,
  NotNullConstraintError,
  RefusedError,
  TableNotFoundError,
} from 'noormme'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { tempDatabase } from './support/temp-database.ts'

const TABLES = [
  `CREATE TABLE user_accounts (
     user_id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, EMAIL_ADDRESS TEXT UNIQUE, is_active BOOLEAN NOT NULL DEFAULT 1,
     lastLogin DATETIME, full_text TEXT AS (first_name || '!'))`,
  `CREATE TABLE order_lines (
     order_id INTEGER, line_no INTEGER, account_id INTEGER REFERENCES user_accounts, unit_price REAL,
     PRIMARY KEY (order_id, line_no)) WITHOUT ROWID`,
  `CREATE TABLE logged_names (id INTEGER PRIMARY KEY, new_name TEXT)`,
  `CREATE TRIGGER names_logged AFTER INSERT ON logged_names BEGIN UPDATE logged_names SET new_name = upper(new_name); END`,
  `CREATE TABLE sessions (userId INTEGER, user_agent TEXT)`,
]

interface Account {
  userId: number
  firstName: string
  emailAddress: string | null
  isActive: boolean
  lastLogin: string | null
  fullText: string | null
}

interface Database {
  userAccounts: {
    userId: Generated<number>
    firstName: string
    emailAddress: string | null
    isActive: Generated<number>
  }
  orderLines: { orderId: number; lineNo: number; accountId: number | null; unitPrice: number | null }
  sessions: { userId: number | null; userAgent: string | null }
}

let path: string
beforeEach(async () => {
  const made = tempDatabase()
  for (const table of TABLES) await made.db.execute(table)
  await made.db.close()
  path = made.path
})

async function open<DB = Database>(): Promise<NOORMME<DB>> {
  const db = new NOORMME<DB>({ connection: { database: path }, introspection: { naming: 'camelCase' } })
  onTestFinished(() => db.close())
  await db.initialize()
  return db
}

const accounts = async () => (await open()).getRepository<Account>('userAccounts')
const MIRA = { firstName: 'Mira', emailAddress: 'm@example.org' }
const STORED = { userId: 1, ...MIRA, isActive: true, lastLogin: null, fullText: 'Mira!' }

describe('repositories', () => {
  test('write and return rows', async () => {
    const repository = await accounts()

    expect(await repository.create(MIRA)).toEqual(STORED)
    expect(await repository.update(1, { isActive: false, lastLogin: 'now' })).toEqual({
      ...STORED,
      isActive: false,
      lastLogin: 'now',
    })
    const { rows } = await repository.createMany([{ firstName: 'Noor' }, { userId: 9, firstName: 'Per' }], {
      returning: true,
    })
    expect(rows.map(({ userId, firstName }) => [userId, firstName])).toEqual([
      [2, 'Noor'],
      [9, 'Per'],
    ])
    const mira = await repository.findById(1)
    expect(await repository.update({ ...(mira as Account), firstName: 'Mira B' })).toMatchObject({
      fullText: 'Mira B!',
    })
    expect(await repository.delete(9)).toBe(true)
  })

  test('find by conditions, orders, selections and finders', async () => {
    const repository = await accounts()
    await repository.createMany([MIRA, { firstName: 'Noor', isActive: false }, { firstName: 'Abel' }])

    expect(await repository.findAll({ where: { firstName: ['Mira'], or: [{ isActive: true }] } })).toEqual([STORED])
    expect(await repository.findAll({ select: ['userId', 'firstName'], orderBy: { firstName: 'desc' } })).toEqual([
      { userId: 2, firstName: 'Noor' },
      { userId: 1, firstName: 'Mira' },
      { userId: 3, firstName: 'Abel' },
    ])
    expect(await repository.findByEmailAddress('m@example.org')).toEqual(STORED)
    expect(await repository.findManyByIsActive(false)).toHaveLength(1)
    expect(await repository.findOne({ where: { emailAddress: { startsWith: 'm' } } })).toEqual(STORED)
    expect((await repository.paginate({ limit: 2, orderBy: 'firstName' })).data.map(({ userId }) => userId)).toEqual([
      3, 1,
    ])
    expect([await repository.count({ isActive: true }), await repository.exists({ firstName: 'Abel' })]).toEqual([
      2,
      true,
    ])
  })

  test('know composite keys, also where a trigger makes them read again', async () => {
    const db = await open()
    const lines = db.getRepository('orderLines')
    await lines.create({ orderId: 1, lineNo: 2, unitPrice: 5 })

    expect(await lines.update({ orderId: 1, lineNo: 2 }, { unitPrice: 6 })).toEqual({
      orderId: 1,
      lineNo: 2,
      accountId: null,
      unitPrice: 6,
    })
    expect(await lines.update({ orderId: 1, lineNo: 2, unitPrice: 7 })).toMatchObject({ unitPrice: 7 })
    expect(await lines.delete({ orderId: 1, lineNo: 2 })).toBe(true)
    expect(await db.getRepository<{ newName: string }>('loggedNames').create({ newName: 'a' })).toEqual({
      id: 1,
      newName: 'A',
    })
  })

  test('take part in transactions and snapshots, and open the database by themselves', async () => {
    const db = await open()
    await db.transaction((tx) => tx.getRepository<Account>('userAccounts').create(MIRA))
    await db.close()
    const lazy = new NOORMME({ connection: { database: path }, introspection: { naming: 'camelCase' } })
    onTestFinished(() => lazy.close())

    expect(await lazy.getRepository('userAccounts').findByFirstName?.('Mira')).toEqual(STORED)
    expect(await lazy.snapshot((snapshot) => snapshot.getRepository('userAccounts').findById(1))).toEqual(STORED)
  })

  test('speak of SQL’s names in errors, and suggest those that can be written', async () => {
    const repository = await accounts()

    await expect(repository.create({} as Account)).rejects.toThrow(NotNullConstraintError)
    await expect(repository.create({} as Account)).rejects.toThrow('user_accounts.first_name')
    await expect(repository.findAll({ where: { firstNam: 1 } as object })).rejects.toThrow(
      new ColumnNotFoundError({ table: 'user_accounts', column: 'firstNam', nearest: ['firstName'] }),
    )
    const db = await open()
    expect(() => db.getRepository<object>('userAccount')).toThrow(
      new TableNotFoundError({ table: 'userAccount', nearest: ['userAccounts'] }),
    )
    expect((await db.execute('SELECT user_id FROM user_accounts')).rows).toEqual([])
    expect((await db.getSchemaInfo()).tables.map(({ name }) => name)).toContain('user_accounts')
  })

  test('have relations of that spelling', async () => {
    const { tables } = await (await open()).getSchemaInfo()
    const names = tables.flatMap(({ relations }) => relations.map(({ name }) => name))

    expect(names.toSorted()).toEqual(['account', 'orderLines'])
  })

  test('of two databases on one file are each as it is configured', async () => {
    const db = await open()
    const stored = new NOORMME(path)
    onTestFinished(() => stored.close())
    await db.getRepository<Account>('userAccounts').create(MIRA)

    expect(await stored.getRepository('user_accounts').findById(1)).toMatchObject({ user_id: 1, first_name: 'Mira' })
    expect(await db.getRepository('userAccounts').findById(1)).toEqual(STORED)
  })
})

describe('Kysely', () => {
  test('reads and writes with the same names', async () => {
    const kysely = (await open()).getKysely()
    await kysely.insertInto('userAccounts').values(MIRA).execute()
    const updated = await kysely
      .updateTable('userAccounts')
      .set({ isActive: 0 })
      .where('userAccounts.userId', '=', 1)
      .returning(['userId', 'isActive'])
      .execute()

    expect(updated).toEqual([{ userId: 1, isActive: 0 }])
    const rows = await kysely
      .selectFrom('userAccounts as a')
      .leftJoin('orderLines', 'orderLines.accountId', 'a.userId')
      .select(['a.userId as owner_id', 'a.emailAddress', 'unitPrice'])
      .orderBy('a.firstName')
      .execute()
    expect(rows).toEqual([{ owner_id: 1, emailAddress: 'm@example.org', unitPrice: null }])
    expect(await kysely.selectFrom('userAccounts').selectAll().execute()).toEqual([{ ...STORED, isActive: 0 }])
  })

  test('nests rows in the same names, in transactions too', async () => {
    const db = await open()
    await db.getRepository<Account>('userAccounts').create(MIRA)
    await db.getRepository('orderLines').create({ orderId: 1, lineNo: 1, accountId: 1 })
    const rows = await db.transaction((tx) =>
      tx
        .getKysely()
        .selectFrom('userAccounts')
        .select((outer) => [
          'firstName',
          jsonArrayFrom(
            outer
              .selectFrom('orderLines')
              .select(['orderId', 'lineNo'])
              .whereRef('accountId', '=', 'userAccounts.userId'),
          ).as('orderLines'),
        ])
        .execute(),
    )

    expect(rows).toEqual([{ firstName: 'Mira', orderLines: '[{"orderId":1,"lineNo":1}]' }])
  })

  test('tells names apart by the tables of the query', async () => {
    const kysely = (await open()).getKysely()
    await kysely.insertInto('sessions').values({ userId: 1, userAgent: 'x' }).execute()
    await kysely.insertInto('userAccounts').values({ userId: 1, firstName: 'a' }).execute()

    expect(await kysely.selectFrom('sessions').select(['userId', 'userAgent']).execute()).toEqual([
      { userId: 1, userAgent: 'x' },
    ])
    expect(await kysely.selectFrom('userAccounts').select('userId').execute()).toEqual([{ userId: 1 }])
    await expect(
      kysely
        .selectFrom(['sessions', 'userAccounts'])
        .select('firstName')
        .where('userAccounts.userId', '=', 1)
        .execute(),
    ).rejects.toThrow('"userId" in a query could mean "userId" or "user_id", depending on the table')
  })

  test('leaves names alone that the schema does not have', async () => {
    const db = await open()
    await db.getKysely().schema.createTable('newThings').addColumn('someName', 'text').execute()

    expect((await db.refreshSchema()).tables.find(({ name }) => name === 'newThings')?.columns[0]?.name).toBe(
      'someName',
    )
  })

  test('needs the schema, and says so', async () => {
    const db = new NOORMME<Database>({ connection: { database: path }, introspection: { naming: 'camelCase' } })
    onTestFinished(() => db.close())

    await expect(db.getKysely().selectFrom('sessions').selectAll().execute()).rejects.toThrow(RefusedError)
  })
})

test('names that would become one are refused at the start, and when they come later', async () => {
  const db = await open()
  await db.execute('ALTER TABLE sessions ADD COLUMN user_id')

  await expect(db.refreshSchema()).rejects.toThrow(ConfigError)
  expect(await db.getRepository('sessions').findAll()).toEqual([])
  await db.close()
  await expect(db.initialize()).rejects.toThrow('"userId" and "user_id", columns of "sessions", would both be userId')
  expect(db.isInitialized()).toBe(false)
})

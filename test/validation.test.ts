/** Data through schemas of validation libraries, before they are written. */
import { NOORMME, type TableConfig } from 'noormme'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { tempFolder } from './support/temp-folder.ts'

const USERS = `CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, plan TEXT DEFAULT 'free', tags JSON,
  password_hash TEXT)`

async function open(validate: TableConfig['validate'], ...statements: readonly string[]): Promise<NOORMME> {
  const database = `${tempFolder()}/app.db`
  const db = new NOORMME({
    connection: { database },
    optimization: { synchronous: 'NORMAL' },
    tables: { users: { validate } },
  })
  for (const sql of [USERS, ...statements]) await db.execute(sql)
  await db.refreshSchema()
  return db
}

const ZodUser = z.object({
  email: z.string().trim().toLowerCase().includes('@'),
  name: z.string().min(2),
  plan: z.enum(['free', 'pro']).default('pro'),
  tags: z.array(z.string()).optional(),
})
const ValibotUser = v.object({
  email: v.pipe(v.string(), v.trim(), v.toLowerCase(), v.includes('@')),
  name: v.pipe(v.string(), v.minLength(2)),
  plan: v.optional(v.picklist(['free', 'pro']), 'pro'),
  tags: v.optional(v.array(v.string())),
})

describe.each([
  ['zod', { insert: ZodUser, update: ZodUser.partial() }],
  ['valibot', { insert: ValibotUser, update: v.partial(ValibotUser) }],
  [
    'zod, asynchronous',
    { insert: ZodUser.refine(async () => true), update: ZodUser.partial().refine(async () => true) },
  ],
])('with %s', (_, validate) => {
  const GOOD = { email: ' A@X ', name: 'Mira' }
  const BAD = { email: 'secret', name: 'M', tags: ['a', 5] }

  test('what the schema makes of the data is what is stored', async () => {
    await using db = await open(validate)
    const users = db.getRepository('users')

    expect(await users.create(GOOD)).toMatchObject({ email: 'a@x', plan: 'pro' })
    expect(await users.upsert({ ...GOOD, name: 'Noor' })).toMatchObject({ id: 1, email: 'a@x', name: 'Noor' })
    expect(await users.findOrCreate(GOOD)).toMatchObject({ created: false, row: { id: 1 } })
    expect(
      await users.createMany([
        { ...GOOD, email: 'B@X' },
        { ...GOOD, email: 'C@X' },
      ]),
    ).toEqual({ count: 2 })
    expect(await users.upsertMany([{ ...GOOD, email: 'B@X' }])).toEqual({ count: 1, inserted: 0, updated: 1 })
    expect(await users.findAll({ select: ['email'] })).toEqual([{ email: 'a@x' }, { email: 'b@x' }, { email: 'c@x' }])
  })

  test('what it refuses is not written; the message has the paths, and what was given stays out of it', async () => {
    await using db = await open(validate, "INSERT INTO users(id, name) VALUES (1, 'Mira')")
    const users = db.getRepository('users')

    const error = await users.create(BAD).catch((caught: unknown) => caught as Error)

    expect(error).toMatchObject({
      code: 'NOORMME_VALIDATION',
      message: 'create of "users" was given data that its schema refuses: email, name, tags[1]',
      context: { issues: ['email', 'name', 'tags[1]'].map((path) => ({ path, message: expect.any(String) })) },
    })
    for (const call of [
      () => users.createMany([GOOD, BAD]),
      () => users.upsert(BAD),
      () => users.upsertMany([GOOD, BAD]),
      () => users.findOrCreate(BAD),
      () => users.update(1, { name: 'M' }),
      () => users.update({ id: 1, name: 'M' }),
      () => users.updateMany({ id: 1 }, { name: 'M' }),
      () => users.upsert(GOOD, { update: { name: 'M' } }),
    ]) {
      await expect(call(), String(call)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    }
    await expect(users.createMany([GOOD, BAD])).rejects.toThrow(/^row 2 of createMany: /)
    expect(await users.findAll({ select: ['id', 'name'] })).toEqual([{ id: 1, name: 'Mira' }])
  })

  test('a patch is checked as a patch, and defaults of the schema do not overwrite what it does not name', async () => {
    await using db = await open(validate, "INSERT INTO users(id, email, name, plan) VALUES (1, 'a@x', 'Mira', 'free')")
    const users = db.getRepository('users')

    expect(await users.update(1, { name: 'Noor' })).toMatchObject({ email: 'a@x', name: 'Noor', plan: 'free' })
    expect(await users.updateMany({ id: 1 }, { email: 'B@X ' })).toEqual({ count: 1 })
    expect(await users.update({ id: 1, email: ' C@X' })).toMatchObject({ email: 'c@x', plan: 'free' })
  })

  test('a misspelt column is an error although the schema would drop it', async () => {
    await using db = await open(validate, "INSERT INTO users(id, name) VALUES (1, 'Mira')")
    const users = db.getRepository('users')

    await expect(users.create({ ...GOOD, pln: 'pro' })).rejects.toThrow(/Did you mean "plan"/)
    await expect(users.update(1, { nmae: 'Noor' })).rejects.toThrow(/Did you mean "name"/)
  })

  test('rows of relations are checked as they are inserted, with their keys in them', async () => {
    const database = `${tempFolder()}/app.db`
    const Post = z.object({ user_id: z.number(), title: z.string().trim().min(1) })
    await using db = new NOORMME({
      connection: { database },
      tables: { users: { validate }, posts: { validate: { insert: Post } } },
    })
    await db.execute(USERS)
    await db.execute('CREATE TABLE posts(id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, title TEXT)')
    await db.refreshSchema()
    const users = db.getRepository('users')

    expect(await users.create({ ...GOOD, posts: [{ title: ' a ' }] })).toMatchObject({
      email: 'a@x',
      posts: [{ user_id: 1, title: 'a' }],
    })
    await expect(users.create({ ...GOOD, email: 'b@x', posts: [{ title: ' ' }] })).rejects.toMatchObject({
      context: { issues: [{ path: 'title' }] },
    })
    expect(await users.count()).toBe(1)
    expect(await db.getRepository('posts').create({ user_id: 1, user: undefined, title: 'b' })).toMatchObject({ id: 2 })
  })
})

test('a schema may add columns to a new row, and what it throws comes through', async () => {
  const insert = z.object({ email: z.string() }).transform((user) => ({ ...user, password_hash: `#${user.email}` }))
  const thrown = new Error('out of order')
  await using db = await open({
    insert,
    update: {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => {
          throw thrown
        },
      },
    },
  })
  const users = db.getRepository('users')

  expect(await users.create({ email: 'a@x' })).toMatchObject({ email: 'a@x', password_hash: '#a@x' })
  await expect(users.update(1, { name: 'x' })).rejects.toBe(thrown)
})

test('a schema that makes no row of the data is an error, and many issues are cut', async () => {
  await using db = await open({ insert: z.object({}).transform(() => 'text') })
  await expect(db.getRepository('users').create({ email: 'x' })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })

  await using other = await open({ insert: z.looseObject({ tags: z.array(z.string()) }) })
  const failed = other.getRepository('users').create({ tags: Array.from({ length: 50 }, (_, index) => index) })
  await expect(failed).rejects.toThrow(/tags\[0\], .*tags\[4\] and 45 more$/)
})

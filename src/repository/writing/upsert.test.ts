import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'

const USERS = `CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT UNIQUE COLLATE NOCASE, name TEXT NOT NULL,
  age INTEGER CHECK (age > 0), tenant INTEGER, slug TEXT, deleted_at TEXT, UNIQUE(tenant, slug))`

describe('upsert', () => {
  test('makes a row, and the second time changes it', async () => {
    await using db = await openRepositories(USERS)
    const users = await db.repository('users')

    const made = await users.upsert({ email: 'a@x', name: 'A' })
    const changed = await users.upsert({ email: 'A@X', name: 'B', age: 5 })

    expect(made).toMatchObject({ id: 1, email: 'a@x', name: 'A' })
    expect(changed).toMatchObject({ id: 1, email: 'a@x', name: 'B', age: 5 })
    expect(await users.count()).toBe(1)
  })

  test('looks by the primary key, else by the only unique key that it is given', async () => {
    await using db = await openRepositories(USERS)
    const users = await db.repository('users')

    expect(await users.upsert({ id: 7, email: 'a@x', name: 'A' })).toMatchObject({ id: 7 })
    expect(await users.upsert({ id: 7, email: 'b@x', name: 'A' })).toMatchObject({ id: 7, email: 'b@x' })
    expect(await users.upsert({ id: null, email: 'b@x', name: 'B' })).toMatchObject({ id: 7, name: 'B' })
    expect(await users.upsert({ tenant: 1, slug: 's', name: 'C' })).toMatchObject({ id: 8 })
    expect(await users.upsert({ tenant: 1, slug: 's', name: 'D' })).toMatchObject({ id: 8, name: 'D' })
    await expect(users.upsert({ email: 'b@x', tenant: 1, slug: 's', name: 'E' })).rejects.toThrow(
      /could look for the row by \("email"\) or \("tenant", "slug"\)/,
    )
    await expect(users.upsert({ name: 'E' })).rejects.toThrow(/no value for any unique key/)
    await expect(users.upsert({ tenant: 1, name: 'E' })).rejects.toMatchObject({
      hint: 'Unique keys: ("id"), ("email"), ("tenant", "slug"); name one as conflict.',
    })
  })

  test('the key to look by can be named, and has to be one', async () => {
    await using db = await openRepositories(
      USERS,
      "INSERT INTO users(email, name, tenant, slug) VALUES ('a@x', 'A', 1, 's')",
    )
    const users = await db.repository('users')

    expect(await users.upsert({ id: 9, email: 'a@x', name: 'B' }, { conflict: 'email' })).toMatchObject({
      id: 1,
      name: 'B',
    })
    expect(
      await users.upsert({ email: 'b@x', tenant: 1, slug: 's', name: 'C' }, { conflict: ['slug', 'tenant'] }),
    ).toMatchObject({ id: 1, email: 'b@x', name: 'C' })
    await expect(users.upsert({ name: 'A', age: 1 }, { conflict: 'name' })).rejects.toThrow(/no unique key/)
    await expect(users.upsert({ name: 'A' }, { conflict: ['tenant'] })).rejects.toThrow(/no unique key/)
    await expect(users.upsert({ name: 'A' }, { conflict: 'email' })).rejects.toThrow(/needs a value for "email"/)
    await expect(users.upsert({ name: 'A' }, { conflict: 'emial' as never })).rejects.toThrow(/Did you mean "email"/)
    await expect(users.upsert({ name: 'A' }, { on: 'email' } as never)).rejects.toThrow(/have no "on"/)
  })

  test('update says what is changed: columns, a patch, or nothing', async () => {
    await using db = await openRepositories(USERS, "INSERT INTO users(email, name, age) VALUES ('a@x', 'A', 1)")
    const users = await db.repository('users')

    expect(await users.upsert({ email: 'a@x', name: 'B', age: 2 }, { update: ['age'] })).toMatchObject({
      name: 'A',
      age: 2,
    })
    expect(await users.upsert({ email: 'a@x', name: 'B' }, { update: { age: 3 } })).toMatchObject({ name: 'A', age: 3 })
    expect(await users.upsert({ email: 'a@x', name: 'B' }, { update: [] })).toMatchObject({ name: 'A', age: 3 })
    expect(await users.upsert({ email: 'a@x', name: 'B' }, { update: {} })).toMatchObject({ name: 'A', age: 3 })
    expect(await users.upsert({ email: 'c@x', name: 'C' }, { update: { age: 3 } })).toMatchObject({
      name: 'C',
      age: null,
    })
    await expect(users.upsert({ email: 'a@x', name: 'B' }, { update: ['age'] })).rejects.toThrow(/no value for it/)
    await expect(users.upsert({ email: 'a@x', name: 'B' }, { update: ['agee'] as never })).rejects.toThrow(
      /Did you mean "age"/,
    )
    await expect(users.upsert({ email: 'a@x', name: 'B' }, { update: { email: 'd@x' } })).rejects.toThrow(
      /finds the row by/,
    )
  })

  test('a row that is there is changed by half of its columns; to be made it needs all', async () => {
    await using db = await openRepositories(USERS, "INSERT INTO users(id, name, age) VALUES (1, 'A', 1)")
    const users = await db.repository('users')

    expect(await users.upsert({ id: 1, age: 2 })).toMatchObject({ name: 'A', age: 2 })
    await expect(users.upsert({ id: 2, age: 2 })).rejects.toMatchObject({ code: 'NOORMME_NOT_NULL' })
    await expect(users.upsert({ id: 1, age: -2 })).rejects.toMatchObject({ code: 'NOORMME_CHECK' })
    expect(await users.findAll()).toMatchObject([{ name: 'A', age: 2 }])
  })

  test('another unique key that is taken is an error, and nothing is stored', async () => {
    await using db = await openRepositories(
      USERS,
      "INSERT INTO users(id, email, name) VALUES (1, 'a@x', 'A'), (2, 'b@x', 'B')",
    )
    const users = await db.repository('users')

    await expect(users.upsert({ id: 1, email: 'b@x', name: 'C' })).rejects.toMatchObject({ code: 'NOORMME_UNIQUE' })
    await expect(users.upsert({ id: 3, email: 'b@x', name: 'C' })).rejects.toMatchObject({ code: 'NOORMME_UNIQUE' })
    expect(await users.findAll({ select: ['name'] })).toEqual([{ name: 'A' }, { name: 'B' }])
  })

  test('a partial unique index is a key where it is named', async () => {
    await using db = await openRepositories(
      USERS,
      'CREATE UNIQUE INDEX live ON users(name) -- where\n WHERE "deleted_at" IS NULL -- those that are not deleted',
      "INSERT INTO users(name, deleted_at) VALUES ('A', '2026'), ('A', NULL)",
    )
    const users = await db.repository('users')

    expect(await users.upsert({ name: 'A', age: 3 }, { conflict: 'name' })).toMatchObject({ id: 2, age: 3 })
    expect(await users.upsert({ name: 'B', age: 3 }, { conflict: 'name' })).toMatchObject({ id: 3 })
    expect(await users.count()).toBe(3)
  })

  test('an index on an expression is no key, and a table without keys has none', async () => {
    await using db = await openRepositories(
      'CREATE TABLE t(v TEXT)',
      'CREATE UNIQUE INDEX i ON t(lower(v))',
      'CREATE VIEW w AS SELECT v FROM t',
    )
    const rows = await db.repository('t')
    const view = await db.repository('w')

    await expect(rows.upsert({ v: 'x' })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(rows.upsert({ v: 'x' }, { conflict: 'v' })).rejects.toMatchObject({
      hint: expect.stringContaining('no unique key'),
    })
    await expect(view.upsert({ v: 'x' })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
  })

  test('triggers see one insert or one update, and what they leave is returned', async () => {
    await using db = await openRepositories(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT UNIQUE, v TEXT)',
      'CREATE TABLE log(what TEXT)',
      "CREATE TRIGGER a BEFORE INSERT ON t BEGIN INSERT INTO log VALUES ('insert'); END",
      "CREATE TRIGGER b AFTER UPDATE ON t WHEN new.v IS NOT upper(new.v) BEGIN INSERT INTO log VALUES ('update'); UPDATE t SET v = upper(v) WHERE id = new.id; END",
    )
    const rows = await db.repository('t')
    const log = await db.repository('log')

    expect(await rows.upsert({ k: 'x', v: 'a' })).toEqual({ id: 1, k: 'x', v: 'a' })
    expect(await rows.upsert({ k: 'x', v: 'b' })).toEqual({ id: 1, k: 'x', v: 'B' })
    expect(
      await rows.upsertMany([
        { k: 'x', v: 'c' },
        { k: 'y', v: 'd' },
      ]),
    ).toEqual({ count: 2, inserted: 1, updated: 1 })
    expect(await log.findAll()).toEqual(['insert', 'update', 'update', 'insert'].map((what) => ({ what })))
  })

  test('a trigger that ignores or moves the row is an error, and nothing is stored', async () => {
    await using db = await openRepositories(
      'CREATE TABLE t(k TEXT PRIMARY KEY, v INTEGER)',
      "INSERT INTO t VALUES ('x', 0)",
      'CREATE TRIGGER a BEFORE UPDATE ON t WHEN new.v = 1 BEGIN SELECT RAISE(IGNORE); END',
      "CREATE TRIGGER b AFTER UPDATE ON t WHEN new.v = 2 BEGIN UPDATE t SET k = 'moved' WHERE k = new.k; END",
      'CREATE TRIGGER c BEFORE INSERT ON t WHEN new.v = 3 BEGIN SELECT RAISE(IGNORE); END',
    )
    const rows = await db.repository('t')

    for (const row of [
      { k: 'x', v: 1 },
      { k: 'x', v: 2 },
      { k: 'y', v: 3 },
    ]) {
      await expect(rows.upsert(row)).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
      await expect(rows.upsertMany([{ k: 'z', v: 9 }, row])).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
    }
    expect(await rows.findAll()).toEqual([{ k: 'x', v: 0 }])
  })

  test('a table without rowid, values as they are, and generated columns', async () => {
    await using db = await openRepositories(
      'CREATE TABLE kv(k BLOB PRIMARY KEY, v ANY, n INTEGER AS (length(k))) WITHOUT ROWID, STRICT',
    )
    const kv = await db.repository('kv')
    const k = new Uint8Array([1, 0, 2])

    expect(await kv.upsert({ k, v: 2n ** 62n })).toEqual({ k, v: 2n ** 62n, n: 3 })
    expect(await kv.upsert({ k, v: 'x\0y' })).toEqual({ k, v: 'x\0y', n: 3 })
    await expect(kv.upsert({ k, n: 1 })).rejects.toThrow(/generated column/)
  })

  test('a hundred at once make one row', async () => {
    await using db = await openRepositories('CREATE TABLE t(k TEXT PRIMARY KEY, v INTEGER)')
    const rows = await db.repository('t')

    await Promise.all(Array.from({ length: 100 }, (_, v) => rows.upsert({ k: 'x', v })))

    expect(await rows.findAll()).toEqual([{ k: 'x', v: 99 }])
  })
})

describe('upsertMany', () => {
  test('counts what was made and what was changed; later rows change earlier ones', async () => {
    await using db = await openRepositories('CREATE TABLE t(k TEXT PRIMARY KEY COLLATE NOCASE, v INTEGER, w INTEGER)')
    const rows = await db.repository('t', { maxBatchSize: 2 })
    await rows.create({ k: 'a', v: 0, w: 0 })

    const counts = await rows.upsertMany([{ k: 'a', v: 1 }, { k: 'b', v: 2 }, { k: 'B', w: 3 }, { k: 'c' }, { k: 'c' }])

    expect(counts).toEqual({ count: 4, inserted: 2, updated: 2 })
    expect(await rows.findAll()).toEqual([
      { k: 'a', v: 1, w: 0 },
      { k: 'b', v: 2, w: 3 },
      { k: 'c', v: null, w: null },
    ])
    expect(await rows.upsertMany([])).toEqual({ count: 0, inserted: 0, updated: 0 })
  })

  test.each([1, 1000])('all rows or none, in groups of %i', async (maxBatchSize) => {
    await using db = await openRepositories('CREATE TABLE t(k TEXT PRIMARY KEY, v INTEGER CHECK (v > 0))')
    const rows = await db.repository('t', { maxBatchSize })

    await expect(
      rows.upsertMany([
        { k: 'a', v: 1 },
        { k: 'b', v: 0 },
      ]),
    ).rejects.toMatchObject({ code: 'NOORMME_CHECK' })
    await expect(rows.upsertMany([{ k: 'a' }, { v: 1 }])).rejects.toThrow(/^row 2 of upsertMany: /)
    expect(await rows.count()).toBe(0)
  })
})

describe('findOrCreate', () => {
  test('finds the row or makes it, and says which', async () => {
    await using db = await openRepositories(USERS)
    const users = await db.repository('users')

    const first = await users.findOrCreate({ email: 'a@x', name: 'A' })
    const second = await users.findOrCreate({ email: 'A@X', name: 'B' })

    expect(first).toMatchObject({ created: true, row: { id: 1, name: 'A' } })
    expect(second).toEqual({ created: false, row: first.row })
    expect(await users.findOrCreate({ id: 1 })).toMatchObject({ created: false })
    await expect(users.findOrCreate({ name: 'A' })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
  })

  test('a hundred at once get the same row, made once', async () => {
    await using db = await openRepositories(USERS)
    const users = await db.repository('users')

    const all = await Promise.all(Array.from({ length: 100 }, () => users.findOrCreate({ email: 'a@x', name: 'A' })))

    expect(all.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(all.map(({ row }) => row.id))).toEqual(new Set([1]))
  })
})

describe('createMany that skips duplicates', () => {
  test.each([false, true])('leaves out what is there, with triggers: %s', async (triggers) => {
    await using db = await openRepositories(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT UNIQUE, v INTEGER NOT NULL DEFAULT 1)',
      ...(triggers
        ? ['CREATE TRIGGER more AFTER INSERT ON t BEGIN UPDATE t SET v = v + 1 WHERE id = new.id; END']
        : []),
    )
    const rows = await db.repository('t')
    const v = triggers ? 2 : 1
    await rows.create({ k: 'a' })
    const given = [{ k: 'a' }, { k: 'b' }, { k: 'b' }, { k: 'c' }]

    const created = await rows.createMany(given, { skipDuplicates: true, returning: true })

    expect(created).toMatchObject({
      count: 2,
      rows: [
        { k: 'b', v },
        { k: 'c', v },
      ],
    })
    expect(await rows.createMany(given, { skipDuplicates: true })).toEqual({ count: 0 })
    await expect(rows.createMany([{ k: 'd', v: null }], { skipDuplicates: true })).rejects.toMatchObject({
      code: 'NOORMME_NOT_NULL',
    })
    expect(await rows.count()).toBe(3)
  })

  test('as many columns as SQLite allows in a table', async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `c${index}`)
    await using db = await openRepositories(
      `CREATE TABLE wide(${names.map((name) => `${name} INTEGER`).join(', ')}, UNIQUE(c0))`,
    )
    const wide = await db.repository('wide')
    const rows = Array.from({ length: 40 }, (_, row) => Object.fromEntries(names.map((name) => [name, row])))

    expect(await wide.createMany(rows)).toEqual({ count: 40 })
    expect(await wide.createMany(rows, { skipDuplicates: true })).toEqual({ count: 0 })
    expect(await wide.upsertMany(rows)).toEqual({ count: 40, inserted: 0, updated: 40 })
  })

  test('cannot be had on a view or a virtual table', async () => {
    await using db = await openRepositories('CREATE VIRTUAL TABLE f USING fts5(v)')

    const failed = (await db.repository('f')).createMany([{ v: 'x' }], { skipDuplicates: true })

    await expect(failed).rejects.toThrow(/no ordinary table/)
  })
})

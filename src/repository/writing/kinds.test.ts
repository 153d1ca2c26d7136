/** The writing methods on every kind of table: what works there works, and the rest is refused with a reason. */
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'

describe('a full-text table', () => {
  test('is written by conditions, and has no key to write by', async () => {
    await using db = await openRepositories('CREATE VIRTUAL TABLE f USING fts5(title, body)')
    const docs = await db.repository('f')
    await docs.createMany([
      { title: 'a', body: 'moon' },
      { title: 'b', body: 'sea' },
    ])

    expect(await docs.updateMany({ title: 'a' }, { body: 'dune' })).toEqual({ count: 1 })
    expect(await docs.deleteMany({ title: 'b' })).toEqual({ count: 1 })
    expect(await docs.findAll({ select: ['title', 'body'] })).toEqual([{ title: 'a', body: 'dune' }])
    for (const call of [
      () => docs.upsert({ title: 'a' }),
      () => docs.upsertMany([{ title: 'a' }]),
      () => docs.findOrCreate({ title: 'a' }),
      () => docs.increment(1, 'title'),
      () => docs.updateMany({ title: 'a' }, { rank: 1 }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    }
  })
})

describe('foreign keys that are checked at the end', () => {
  test('refuse the write whose transaction they fail, and its neighbours are kept', async () => {
    await using db = await openRepositories(
      'CREATE TABLE p(id INTEGER PRIMARY KEY)',
      `CREATE TABLE c(id INTEGER PRIMARY KEY, k TEXT UNIQUE,
        p_id INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)`,
      'INSERT INTO p VALUES (1), (2)',
    )
    const rows = await db.repository('c')

    const outcomes = await Promise.allSettled([
      rows.upsert({ k: 'a', p_id: 1 }),
      rows.upsert({ k: 'b', p_id: 9 }),
      rows.upsertMany([{ k: 'c', p_id: 2 }]),
      rows.findOrCreate({ k: 'd', p_id: 9 }),
      rows.create({ k: 'e', p: { id: 3 } }),
    ])
    await expect(rows.updateMany({ k: 'a' }, { p_id: 9 })).rejects.toMatchObject({ code: 'NOORMME_FOREIGN_KEY' })

    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'kept' : outcome.reason.code))).toEqual([
      'kept',
      'NOORMME_FOREIGN_KEY',
      'kept',
      'NOORMME_FOREIGN_KEY',
      'kept',
    ])
    expect(await rows.findAll({ select: ['k', 'p_id'], orderBy: 'k' })).toEqual([
      { k: 'a', p_id: 1 },
      { k: 'c', p_id: 2 },
      { k: 'e', p_id: 3 },
    ])
  })
})

describe('a row that refers to itself', () => {
  test('is returned as the cascade of its own new key left it', async () => {
    await using db = await openRepositories(
      `CREATE TABLE n(id INTEGER PRIMARY KEY, k TEXT UNIQUE, up TEXT REFERENCES n(k) ON UPDATE CASCADE)`,
      "INSERT INTO n VALUES (1, 'a', 'a')",
    )
    const rows = await db.repository('n')

    expect(await rows.update(1, { k: 'b' })).toEqual({ id: 1, k: 'b', up: 'b' })
    expect(await rows.upsert({ id: 1, k: 'c' })).toEqual({ id: 1, k: 'c', up: 'c' })
  })
})

describe('a STRICT table', () => {
  test('refuses what is of another type, in every method', async () => {
    await using db = await openRepositories(
      'CREATE TABLE s(id INTEGER PRIMARY KEY, n INTEGER, t TEXT UNIQUE) STRICT',
      "INSERT INTO s VALUES (1, 5, 'a')",
    )
    const rows = await db.repository('s')

    for (const call of [
      () => rows.upsert({ t: 'a', n: 'many' }),
      () => rows.updateMany({ id: 1 }, { n: 0.5 }),
      () => rows.increment(1, 'n', 0.5),
      () => rows.createMany([{ n: 'many' }], { skipDuplicates: true }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
    }
    expect(await rows.findAll()).toEqual([{ id: 1, n: 5, t: 'a' }])
  })
})

describe('a column of dates', () => {
  test('is written in its own form, and found by it', async () => {
    await using db = await openRepositories(
      'CREATE TABLE d(day DATETIME PRIMARY KEY DEFAULT CURRENT_TIMESTAMP, hits INTEGER NOT NULL DEFAULT 0)',
    )
    const days = await db.repository('d')
    const day = new Date('2026-01-31T09:30:00Z')

    expect(await days.upsert({ day })).toEqual({ day: '2026-01-31 09:30:00', hits: 0 })
    expect(await days.increment(day, 'hits')).toEqual({ day: '2026-01-31 09:30:00', hits: 1 })
    expect(await days.upsertMany([{ day, hits: 5 }])).toEqual({ count: 1, inserted: 0, updated: 1 })
    expect(await days.findOrCreate({ day })).toEqual({ created: false, row: { day: '2026-01-31 09:30:00', hits: 5 } })
    expect(await days.updateMany({ day: { lte: day } }, { day: new Date('2027-01-01T00:00:00Z') })).toEqual({
      count: 1,
    })
    expect(await days.deleteMany({ day: { gt: day } })).toEqual({ count: 1 })
  })
})

test('columns of any name are written by all of them', async () => {
  const odd = ['a"b', "it's", 'or', 'größe', '__proto__', 'select', '1', '?']
  const quoted = odd.map((name) => `"${name.replaceAll('"', '""')}"`)
  await using db = await openRepositories(
    `CREATE TABLE "t""t"(${quoted.map((name) => `${name} INTEGER`).join(', ')}, PRIMARY KEY (${quoted[0]}))`,
  )
  const rows = await db.repository('t"t')
  const sorted = (row: object) => Object.entries(row).sort()
  const row = (value: number) => Object.fromEntries(odd.map((name, index) => [name, index === 0 ? 1 : value]))

  expect(sorted(await rows.upsert(row(2)))).toEqual(sorted(row(2)))
  expect(await rows.upsertMany([row(3)])).toMatchObject({ updated: 1 })
  for (const name of odd.slice(1)) await rows.increment(1, name, 4)
  expect(sorted((await rows.findById(1)) ?? {})).toEqual(sorted(row(7)))
  expect(await rows.updateMany({ "it's": 7 }, { größe: 1, '?': 2 })).toEqual({ count: 1 })
  expect(await rows.deleteMany({ größe: 1, '"or"': 7 })).toEqual({ count: 1 })
})

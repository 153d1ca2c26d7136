import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'

const TABLE = `CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER UNIQUE, b TEXT DEFAULT 'x')`

describe('createMany', () => {
  test('rows keep their order and each gets its own defaults, whatever columns its neighbours have', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t', { maxBatchSize: 7 })
    const given = Array.from({ length: 100 }, (_, a) => {
      if (a % 10 === 3) return {}
      if (a % 10 === 4) return { b: null }
      return a % 3 === 0 ? { b: `b${a}`, a } : { a, b: undefined }
    })

    const { count, rows: stored } = await rows.createMany(given, { returning: true })

    expect(count).toBe(100)
    expect(stored).toEqual(
      given.map((row, index) => ({ id: index + 1, a: row.a ?? null, b: row.b === undefined ? 'x' : row.b })),
    )
    expect(await rows.findAll({ orderBy: 'id' })).toEqual(stored)
  })

  test('more values than SQLite has parameters are split, with few different texts', async () => {
    await using db = await openRepositories(
      `CREATE TABLE wide(${Array.from({ length: 200 }, (_, index) => `c${index} INTEGER`).join(', ')})`,
    )
    const wide = await db.repository('wide', { maxBatchSize: 5000 })
    const row = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`c${index}`, index]))

    expect(await wide.createMany(Array(1001).fill(row))).toEqual({ count: 1001 })
    expect(await wide.count(row)).toBe(1001)
  })

  test('one bad row undoes all of them, in whatever group it is', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t', { maxBatchSize: 10 })
    const given = Array.from({ length: 35 }, (_, a) => ({ a }))

    await expect(rows.createMany([...given, { a: 5 }])).rejects.toMatchObject({ code: 'NOORMME_UNIQUE' })
    await expect(rows.createMany([{ a: 1 }, { a: 1 }])).rejects.toMatchObject({ code: 'NOORMME_UNIQUE' })
    await expect(rows.createMany([...given, { nope: 1 } as never])).rejects.toMatchObject({
      code: 'NOORMME_COLUMN_NOT_FOUND',
    })

    expect(await rows.count()).toBe(0)
  })

  test('progress is told after each group and its error undoes all', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t', { maxBatchSize: 10 })
    const given = Array.from({ length: 25 }, (_, a) => ({ a }))
    const seen: unknown[] = []

    await rows.createMany(given, { onProgress: (progress) => seen.push(progress) })
    const failed = rows.createMany(
      given.map(({ a }) => ({ a: a + 100 })),
      {
        onProgress: async ({ done }) => {
          if (done === 20) throw new Error('enough')
        },
      },
    )

    await expect(failed).rejects.toThrow('enough')
    expect(seen).toEqual([10, 20, 25].map((done) => ({ done, total: 25 })))
    expect(await rows.count()).toBe(25)
  })

  test('a group inside a single batch is told too, and can be undone', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    const failed = rows.createMany([{ a: 1 }], {
      onProgress: () => {
        throw new Error('no')
      },
    })

    await expect(failed).rejects.toThrow('no')
    expect(await rows.count()).toBe(0)
  })

  test('an error names the row that it is about', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    for (const [row, message] of [
      [{ a: Number.NaN }, /^row 2 of createMany: t\.a is NaN/],
      [{ nope: 1 }, /^row 2 of createMany: .*no column "nope"/],
      [null, /^row 2 of createMany: .*got null/],
    ] as const) {
      const error = await rows.createMany([{ a: 1 }, row as never]).catch((caught: unknown) => caught as Error)
      expect((error as Error).message).toMatch(message)
      expect((error as Error).stack).toContain((error as Error).message)
    }
  })

  test('where a row replaces another of the same call, both are told', async () => {
    await using db = await openRepositories('CREATE TABLE r(id INTEGER PRIMARY KEY ON CONFLICT REPLACE, v TEXT)')
    const rows = await db.repository('r')
    const given = [
      { id: 1, v: 'a' },
      { id: 1, v: 'b' },
    ]

    expect(await rows.createMany(given, { returning: true })).toEqual({ count: 2, rows: given })
    expect(await rows.findAll()).toEqual([given[1]])
  })

  test('no rows are no work', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    expect(await rows.createMany([])).toEqual({ count: 0 })
    expect(await rows.createMany([], { returning: true })).toEqual({ count: 0, rows: [] })
  })
})

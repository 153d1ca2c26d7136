import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'
import type { Repository } from './types.ts'

const call = (repository: Repository, name: string, value: unknown) =>
  (repository as unknown as Record<string, (value: unknown) => Promise<unknown>>)[name]?.(value)

describe('finders', () => {
  test('a column is found under each spelling of its name', async () => {
    await using db = await openRepositories(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, user_id INTEGER, createdAt TEXT, address_line_1 TEXT, "order-no" TEXT, "2fa" BOOLEAN)`,
      `INSERT INTO t VALUES (1, 7, 'now', 'street', 'A1', 1)`,
    )
    const rows = await db.repository('t')

    for (const [spellings, value] of [
      [['UserId', 'User_id', 'user_id'], 7],
      [['CreatedAt', 'createdAt'], 'now'],
      [['AddressLine1', 'address_line_1'], 'street'],
      [['OrderNo', 'order-no'], 'A1'],
      [['2fa'], true],
    ] as const) {
      for (const spelling of spellings) {
        expect(await call(rows, `findBy${spelling}`, value)).toMatchObject({ id: 1 })
        expect(await call(rows, `findOneBy${spelling}`, value)).toMatchObject({ id: 1 })
        expect(await call(rows, `findManyBy${spelling}`, value)).toMatchObject([{ id: 1 }])
      }
    }
  })

  test('null finds NULL, an array any of its values, operators what they say, undefined is refused', async () => {
    await using db = await openRepositories(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER)',
      'INSERT INTO t(n) VALUES (1), (2), (NULL), (2)',
    )
    const rows = await db.repository<{ id: number; n: number | null }>('t')

    expect(await rows.findManyByN(null)).toEqual([{ id: 3, n: null }])
    expect(await rows.findManyByN([1, null])).toHaveLength(2)
    expect(await rows.findManyByN([])).toEqual([])
    expect(await rows.findManyByN({ gte: 2 })).toHaveLength(2)
    expect(await rows.findByN(2)).toEqual({ id: 2, n: 2 })
    expect(await rows.findOneByN({ gt: 5 })).toBeNull()
    await expect(rows.findByN(undefined as never)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
  })

  test('of two columns that one finder could mean the exactly spelled one wins, otherwise both are named', async () => {
    await using db = await openRepositories(
      'CREATE TABLE t(userId INTEGER, user_id INTEGER, a_b INTEGER, "a-b" INTEGER)',
      'INSERT INTO t VALUES (1, 2, 3, 4)',
    )
    const rows = await db.repository('t')

    expect(await call(rows, 'findByUserId', 1)).not.toBeNull()
    expect(await call(rows, 'findByUserId', 2)).toBeNull()
    expect(await call(rows, 'findByuser_id', 2)).not.toBeNull()
    expect(await call(rows, 'findBya-b', 4)).not.toBeNull()
    await expect(call(rows, 'findManyByAB', 3)).rejects.toThrow(/could mean "a_b" or "a-b"/)
  })

  test('a finder for an unknown column rejects with the nearest names', async () => {
    await using db = await openRepositories('CREATE TABLE t(id INTEGER PRIMARY KEY, email TEXT, user_id INTEGER)')
    const rows = await db.repository('t')

    await expect(call(rows, 'findByEmial', 'x')).rejects.toMatchObject({
      code: 'NOORMME_COLUMN_NOT_FOUND',
      context: { column: 'Emial', nearest: ['email'] },
    })
    await expect(call(rows, 'findManyByUserIdd', 1)).rejects.toMatchObject({ context: { nearest: ['user_id'] } })
    await expect(call(rows, 'findOneById', 1)).resolves.toBeNull()
  })

  test('findById is the search by key even where another column is called id', async () => {
    await using db = await openRepositories(
      'CREATE TABLE t(code TEXT PRIMARY KEY, id TEXT)',
      `INSERT INTO t VALUES ('key', 'other')`,
    )
    const rows = await db.repository('t')

    expect(await rows.findById('key')).toEqual({ code: 'key', id: 'other' })
    expect(await rows.findById('other')).toBeNull()
    expect(await call(rows, 'findOneById', 'other')).toEqual({ code: 'key', id: 'other' })
  })

  test('other names are not there, so that a repository can be awaited, printed and compared', async () => {
    await using db = await openRepositories('CREATE TABLE t(id INTEGER PRIMARY KEY)')
    const rows = (await db.repository('t')) as unknown as Record<string | symbol, unknown>

    for (const name of [
      'then',
      'catch',
      'toJSON',
      'findBy',
      'findManyBy',
      'findAllBy',
      'find',
      Symbol.iterator,
      Symbol.toStringTag,
    ]) {
      expect(rows[name]).toBeUndefined()
    }
    expect(await Promise.resolve(rows)).toBe(rows)
    expect(String(rows)).toBe('[object Object]')
    expect('findByNothing' in rows).toBe(false)
  })
})

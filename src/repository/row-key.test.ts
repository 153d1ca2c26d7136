import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'

const WORKS = `CREATE TABLE works(id INTEGER PRIMARY KEY, title TEXT NOT NULL, likes INTEGER NOT NULL DEFAULT 0,
  artist_id INTEGER, slug TEXT UNIQUE, loud TEXT AS (upper(title)), created_at TEXT DEFAULT CURRENT_TIMESTAMP)`
const ROLES =
  'CREATE TABLE user_roles(user_id INTEGER, role_id INTEGER, note TEXT, PRIMARY KEY(user_id, role_id)) WITHOUT ROWID'

describe('keys of rows', () => {
  test('half a key, too much of one or none is refused, and nothing is deleted', async () => {
    await using db = await openRepositories(ROLES)
    const roles = await db.repository('user_roles')
    const keys = [1, 2, 3].flatMap((user_id) => [1, 2, 3].map((role_id) => ({ user_id, role_id })))
    await roles.createMany(keys)

    for (const key of [
      1,
      '1',
      null,
      undefined,
      [],
      [1, 1],
      {},
      { user_id: 1 },
      { user_id: 1, role_id: undefined },
      { user_id: 1, role_id: null },
      { user_id: 1, role_id: 1, note: 'x' },
      { user_id: 1, USER_ID: 2, role_id: 1 },
      { user_id: 1, role: 1 },
    ]) {
      for (const call of [
        () => roles.delete(key as never),
        () => roles.findById(key as never),
        () => roles.update(key as never, { note: 'x' }),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: expect.stringMatching(/VALIDATION|COLUMN_NOT_FOUND/) })
      }
    }
    expect(await roles.count({ note: null })).toBe(9)
  })

  test('a delete by key removes that row and no other', async () => {
    await using db = await openRepositories(
      'CREATE TABLE k(a TEXT COLLATE NOCASE, b INTEGER, c TEXT, PRIMARY KEY(c COLLATE NOCASE, a COLLATE BINARY, b))',
    )
    const rows = await db.repository('k')
    const part = fc.constantFrom('a', 'A', 'b', '')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ a: part, b: fc.integer({ min: 0, max: 1 }), c: part }), { minLength: 1 }),
        async (all) => {
          const folded = (row: Record<string, unknown>) => JSON.stringify([row.a, row.b, String(row.c).toLowerCase()])
          const distinct = [...new Map(all.map((row) => [folded(row), row])).values()]
          await rows.createMany(distinct)

          for (const [index, key] of distinct.entries()) {
            expect(await rows.delete(key)).toBe(true)
            expect(await rows.count()).toBe(distinct.length - index - 1)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a key of one column is a value or an object', async () => {
    await using db = await openRepositories(WORKS)
    const works = await db.repository('works')
    await works.create({ title: 'x' })

    expect(await works.findById({ id: 1 })).toEqual(await works.findById(1))
    expect(await works.findById('1')).toEqual(await works.findById(1n))
    await expect(works.findById({ id: undefined })).rejects.toThrow(/needs a value for "id"/)
    await expect(works.findById({})).rejects.toThrow(/needs a value for "id"/)
    await expect(works.findById({ id: 1, title: 'x' })).rejects.toThrow(/"title", which is not part of the key/)
    await expect(works.findById(Number.NaN)).rejects.toThrow(/NaN/)
  })

  test('a table without a key can be read and added to, but has no row by id', async () => {
    await using db = await openRepositories('CREATE TABLE log(line TEXT)', 'CREATE VIEW lines AS SELECT line FROM log')
    const log = await db.repository('log')
    const lines = await db.repository('lines')
    expect(await log.create({ line: 'x' })).toEqual({ line: 'x' })

    for (const rows of [log, lines]) {
      expect(await rows.findAll()).toEqual([{ line: 'x' }])
      expect(await rows.findByLine?.('x')).toEqual({ line: 'x' })
      expect((await rows.paginate()).data).toEqual([{ line: 'x' }])
      for (const call of [
        () => rows.findById(1),
        () => rows.delete(1),
        () => rows.update(1, { line: 'y' }),
        () => rows.exists(1),
      ]) {
        await expect(call()).rejects.toThrow(/needs a primary key/)
      }
    }
    await expect(lines.create({ line: 'y' })).rejects.toMatchObject({ code: 'NOORMME_STATEMENT' })
  })
})

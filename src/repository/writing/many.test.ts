import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'

const TABLE = 'CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER, "or" TEXT)'
const THREE = 'INSERT INTO t(id, v) VALUES (1, 1), (2, 2), (3, NULL)'

describe('updateMany and deleteMany', () => {
  test('change the rows that match and count them', async () => {
    await using db = await openRepositories(TABLE, THREE)
    const rows = await db.repository<{ id: number; v: number | null }>('t')

    expect(await rows.updateMany({ v: { gte: 1 } }, { v: 7 })).toEqual({ count: 2 })
    expect(await rows.updateMany({ v: 100 }, { v: 7 })).toEqual({ count: 0 })
    expect(await rows.updateMany({ id: 1 }, {})).toEqual({ count: 0 })
    expect(await rows.deleteMany({ v: null })).toEqual({ count: 1 })
    expect(await rows.findAll({ select: ['id', 'v'] })).toEqual([
      { id: 1, v: 7 },
      { id: 2, v: 7 },
    ])
  })

  test.each([
    {},
    { and: [] },
    { and: [{}, { and: [] }] },
    { or: [{ v: 1 }, {}] },
    { not: { or: [] } },
    { not: { id: [] } },
    { not: { and: [{ id: { in: [] } }] } },
    { id: { notIn: [] } },
    { '"or"': { notIn: [] } },
    { not: { not: {} } },
  ])('every row is changed only when that is said: %j', async (where) => {
    await using db = await openRepositories(TABLE, THREE)
    const rows = await db.repository('t')

    await expect(rows.deleteMany(where)).rejects.toThrow(/holds for every row/)
    await expect(rows.updateMany(where, { v: 1 })).rejects.toThrow(/holds for every row/)
    await expect(rows.updateMany(where, { v: 1 }, { all: false })).rejects.toThrow(/holds for every row/)
    expect(await rows.count({ v: null })).toBe(1)

    expect(await rows.updateMany(where, { v: 5 }, { all: true })).toEqual({ count: 3 })
    expect(await rows.deleteMany(where, { all: true })).toEqual({ count: 3 })
  })

  test.each([
    { parts: { every: {} } },
    { parts: { none: { id: [] } } },
    { not: { parts: { some: { id: [] } } } },
    { meta: { path: ['a'], notIn: [] } },
  ])('conditions on relations and inside JSON that hold for every row are such, too: %j', async (where) => {
    await using db = await openRepositories(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, meta JSON)',
      'CREATE TABLE parts(id INTEGER PRIMARY KEY, t_id INTEGER NOT NULL REFERENCES t)',
      `INSERT INTO t VALUES (1, '{"a": 1}')`,
    )
    const rows = await db.repository('t')

    await expect(rows.deleteMany(where)).rejects.toThrow(/holds for every row/)
    expect(await rows.deleteMany(where, { all: true })).toEqual({ count: 1 })
  })

  test.each([{ id: [] }, { or: [] }, { not: {} }, { and: [{ id: [] }] }, { not: { id: { notIn: [] } } }])(
    'conditions that no row meets change none: %j',
    async (where) => {
      await using db = await openRepositories(TABLE, THREE)
      const rows = await db.repository('t')

      expect(await rows.updateMany(where, { v: 9 })).toEqual({ count: 0 })
      expect(await rows.deleteMany(where)).toEqual({ count: 0 })
    },
  )

  test('of conditions that look at no value, exactly those that hold for every row are refused', async () => {
    await using db = await openRepositories(TABLE, THREE)
    const rows = await db.repository('t')
    const { where } = fc.letrec<{ where: Record<string, unknown> }>((tie) => ({
      where: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom({}, { v: [] }, { v: { in: [] } }, { v: { notIn: [] } }, { id: { in: [], notIn: [] } }),
        fc.array(tie('where'), { maxLength: 3 }).map((and) => ({ and })),
        fc.array(tie('where'), { maxLength: 3 }).map((or) => ({ or })),
        fc.record({ not: tie('where'), and: fc.array(tie('where'), { maxLength: 2 }) }, { requiredKeys: [] }),
      ),
    }))

    await fc.assert(
      fc.asyncProperty(where, async (conditions) => {
        const found = await rows.count(conditions as never)
        const got = await rows
          .updateMany(conditions as never, { or: 'x' })
          .catch((error: { code?: string }) => error.code)
        expect(got).toEqual(found === 0 ? { count: 0 } : 'NOORMME_VALIDATION')
      }),
    )
  })

  test('what is missing or misspelt is refused and changes nothing', async () => {
    await using db = await openRepositories(TABLE, THREE)
    const rows = await db.repository('t')

    await expect(rows.deleteMany(undefined as never)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(rows.deleteMany({ id: undefined })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(rows.deleteMany({ idd: 1 })).rejects.toThrow(/Did you mean "id"/)
    await expect(rows.deleteMany({}, { al: true } as never)).rejects.toThrow(/Did you mean "all"/)
    await expect(rows.deleteMany({}, { all: 'yes' } as never)).rejects.toThrow(/true or false/)
    await expect(rows.deleteMany(1 as never, { all: true })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(rows.updateMany({ id: 1 }, { vv: 1 })).rejects.toThrow(/Did you mean "v"/)
    await expect(rows.updateMany({ id: 1 }, undefined as never)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    expect(await rows.count({ v: [1, 2] })).toBe(2)
  })

  test('a trigger that keeps a row keeps it out of the count', async () => {
    await using db = await openRepositories(
      TABLE,
      THREE,
      'CREATE TRIGGER kept BEFORE DELETE ON t WHEN old.id = 2 BEGIN SELECT RAISE(IGNORE); END',
    )
    const rows = await db.repository('t')

    expect(await rows.deleteMany({}, { all: true })).toEqual({ count: 2 })
    expect(await rows.findAll()).toMatchObject([{ id: 2 }])
  })

  test('through a view, the rows that its trigger is given are counted', async () => {
    await using db = await openRepositories(
      TABLE,
      THREE,
      'CREATE VIEW w AS SELECT id, v FROM t',
      'CREATE TRIGGER w1 INSTEAD OF DELETE ON w BEGIN DELETE FROM t WHERE id = old.id; END',
      'CREATE TRIGGER w2 INSTEAD OF UPDATE ON w BEGIN UPDATE t SET v = new.v WHERE id = old.id; END',
    )
    const view = await db.repository('w')

    expect(await view.updateMany({ v: { gte: 1 } }, { v: 9 })).toEqual({ count: 2 })
    expect(await view.deleteMany({ v: 9 })).toEqual({ count: 2 })
    expect(await view.count()).toBe(1)
  })
})

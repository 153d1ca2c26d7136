import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'

interface Counter {
  id: number
  n: number | bigint | null
  r: number | null
  label: string | null
  flag: boolean | null
}

const TABLE = `CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, r REAL, label TEXT, flag BOOLEAN, any_of,
  twice INTEGER AS (n * 2))`
const MAX = 2n ** 63n - 1n

describe('increment', () => {
  test('adds one, or what it is told, and returns the row', async () => {
    await using db = await openRepositories(TABLE, 'INSERT INTO t(id, n, r) VALUES (1, 5, 1.5)')
    const rows = await db.repository<Counter & { twice: number }>('t')

    expect(await rows.increment(1, 'n')).toMatchObject({ id: 1, n: 6, twice: 12 })
    expect(await rows.increment(1, 'n', -10)).toMatchObject({ n: -4 })
    expect(await rows.increment(1, 'r', 0.25)).toMatchObject({ r: 1.75 })
    expect(await rows.increment(1, 'r', 2n)).toMatchObject({ r: 3.75 })
  })

  test('a hundred at once all count', async () => {
    await using db = await openRepositories(TABLE, 'INSERT INTO t(id, n) VALUES (1, 0)')
    const rows = await db.repository<Counter>('t')

    const seen = await Promise.all(Array.from({ length: 100 }, () => rows.increment(1, 'n')))

    expect(seen.map(({ n }) => n)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  })

  test('NULL counts as 0', async () => {
    await using db = await openRepositories(TABLE, 'INSERT INTO t(id) VALUES (1)')
    const rows = await db.repository<Counter>('t')

    expect(await rows.increment(1, 'n', 3)).toMatchObject({ n: 3 })
    expect(await rows.increment(1, 'r', 0.5)).toMatchObject({ r: 0.5 })
  })

  test('integers of 64 bits are added exactly, and none becomes a REAL', async () => {
    await using db = await openRepositories(TABLE, `INSERT INTO t(id, n) VALUES (1, ${MAX - 2n}), (2, ${-MAX - 1n})`)
    const rows = await db.repository<Counter>('t')

    expect(await rows.increment(1, 'n')).toMatchObject({ n: MAX - 1n })
    expect(await rows.increment(1, 'n', 1n)).toMatchObject({ n: MAX })
    await expect(rows.increment(1, 'n')).rejects.toThrow(/^t\.n would leave what an integer can hold/)
    await expect(rows.increment(2, 'n', -1)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(rows.increment(1, 'n', 0.5)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    expect(await rows.increment(1, 'n', -MAX)).toMatchObject({ n: 0 })
    expect(await rows.increment(1, 'n', 2 ** 60)).toMatchObject({ n: 2n ** 60n })
    expect(await rows.findById(2)).toMatchObject({ n: -MAX - 1n })
  })

  test('any two integers are added as integers, or refused where 64 bits cannot hold their sum', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository<Counter>('t')
    const int64 = fc.bigInt({ min: -MAX - 1n, max: MAX })
    const near = fc.constantFrom(MAX, -MAX - 1n, 0n, 2n ** 53n, -(2n ** 53n), 1n, -1n)
    const integer = fc.oneof(int64, near)

    await fc.assert(
      fc.asyncProperty(integer, integer, fc.boolean(), async (n, by, asNumber) => {
        await rows.upsert({ id: 1, n })
        // A number is the integer that it stands for, beyond 2^53 as well.
        const step = asNumber ? Number(by) : by
        const exact = BigInt(step)
        const sum = n + exact
        const got = await rows.increment(1, 'n', step).catch((error: { code?: string }) => error.code)

        if (BigInt.asIntN(64, sum) === sum && BigInt.asIntN(64, exact) === exact) {
          expect(BigInt((got as Counter).n ?? 0)).toBe(sum)
        } else {
          expect(got).toBe('NOORMME_VALIDATION')
          expect(BigInt((await rows.findById(1))?.n ?? 0)).toBe(n)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('a row without a number is left as it is', async () => {
    await using db = await openRepositories(
      TABLE,
      `INSERT INTO t(id, n, any_of) VALUES (1, 'many', x'00'), (2, 1, 'some')`,
    )
    const rows = await db.repository('t')

    await expect(rows.increment(1, 'n')).rejects.toThrow(/holds a text in this row/)
    await expect(rows.increment(1, 'any_of')).rejects.toThrow(/holds a blob in this row/)
    await expect(rows.increment(2, 'any_of')).rejects.toThrow(/holds a text in this row/)
    await expect(rows.increment(3, 'n')).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })
    expect(await rows.findById(1)).toMatchObject({ n: 'many' })
  })

  test('columns that count nothing are refused, unknown ones with the nearest', async () => {
    await using db = await openRepositories(TABLE, 'INSERT INTO t(id, n) VALUES (1, 5)')
    const rows = await db.repository('t')

    for (const [column, message] of [
      ['label', /declared TEXT/],
      ['flag', /declared BOOLEAN/],
      ['id', /primary key/],
      ['twice', /cannot be written/],
      ['lable', /Did you mean "label"/],
      [undefined, /name of a column/],
    ] as const) {
      await expect(rows.increment(1, column as never)).rejects.toThrow(message)
    }
    for (const by of ['1', null, Number.NaN, Number.POSITIVE_INFINITY, 2n ** 63n, {}]) {
      await expect(rows.increment(1, 'n', by as never)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    }
    expect(await rows.findById(1)).toMatchObject({ n: 5 })
  })

  test('what a trigger makes of it is returned, and what it ignores is undone', async () => {
    await using db = await openRepositories(
      TABLE,
      'INSERT INTO t(id, n) VALUES (1, 5), (2, 5)',
      "CREATE TRIGGER told AFTER UPDATE OF n ON t BEGIN UPDATE t SET label = 'n=' || new.n WHERE id = new.id; END",
      'CREATE TRIGGER kept BEFORE UPDATE ON t WHEN old.id = 2 BEGIN SELECT RAISE(IGNORE); END',
    )
    const rows = await db.repository('t')

    expect(await rows.increment(1, 'n')).toMatchObject({ n: 6, label: 'n=6' })
    await expect(rows.increment(2, 'n')).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
    await expect(rows.increment(3, 'n')).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })
  })

  test('a composite key names one row', async () => {
    await using db = await openRepositories(
      'CREATE TABLE stock(shop TEXT, item TEXT, n INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(shop, item)) WITHOUT ROWID, STRICT',
      "INSERT INTO stock VALUES ('a', 'x', 1), ('a', 'y', 1)",
    )
    const stock = await db.repository('stock')

    expect(await stock.increment({ shop: 'a', item: 'x' }, 'n', 4)).toEqual({ shop: 'a', item: 'x', n: 5 })
    await expect(stock.increment({ shop: 'a' }, 'n')).rejects.toThrow(/needs a value for "item"/)
    expect(await stock.findById({ shop: 'a', item: 'y' })).toMatchObject({ n: 1 })
  })
})

/** The promise "round trip" for raw SQL and Kysely: what goes in comes out, or is refused before it is written. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

/** Everything SQLite can store, in a column without affinity. */
const storable = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\u0000', 'a\u0000b', '\u{10FFFF}', '007', '1.0'),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true }),
  fc.constantFrom(-0, 1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324),
  fc.uint8Array({ maxLength: 40 }),
)

/** What comes back for it: integers as numbers where a number is exact, and no negative zero, which SQLite has not. */
function expected(value: unknown): unknown {
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  return Object.is(value, -0) ? 0 : value
}

test('any storable value comes back equal through SQL and Kysely, by every path', async () => {
  const { db } = tempDatabase()
  await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
  const kysely = db.getKysely()
  await fc.assert(
    fc.asyncProperty(storable, async (value) => {
      const written = await db.execute('INSERT INTO t (v) VALUES (?) RETURNING id, v', [value])
      const id = written.rows[0]?.id
      const byKysely = await kysely.insertInto('t').values({ v: value }).returning(['v']).executeTakeFirstOrThrow()
      const results = [
        written.rows[0]?.v,
        byKysely.v,
        (await db.execute('SELECT v FROM t WHERE id = ?', [id])).rows[0]?.v,
        (await kysely.selectFrom('t').select('v').where('id', '=', id).executeTakeFirstOrThrow()).v,
        (await db.transaction((tx) => tx.execute('SELECT v FROM t WHERE id = ?', [id]))).rows[0]?.v,
        (await db.snapshot((snapshot) => snapshot.execute('SELECT v FROM t WHERE id = ?', [id]))).rows[0]?.v,
      ]
      for (const result of results) expect(result).toEqual(expected(value))
    }),
    { numRuns: 300 },
  )
})

test('an integer stays an integer in a TEXT column, a boolean and a Date are stored as documented', async () => {
  const { db } = tempDatabase()
  await db.execute('CREATE TABLE t (a TEXT, b, c, d)')
  const date = new Date('2026-01-02T03:04:05.678Z')
  await db.execute('INSERT INTO t VALUES (?, ?, ?, ?)', [1, true, false, date])
  const { rows } = await db.execute('SELECT a, b, typeof(b) AS tb, c, d FROM t')
  expect(rows).toEqual([{ a: '1', b: 1, tb: 'integer', c: 0, d: '2026-01-02T03:04:05.678Z' }])
})

test.each([
  ['NaN', Number.NaN],
  ['undefined', undefined],
  ['half a surrogate pair', 'a\ud800'],
  ['a bigint beyond 64 bits', 2n ** 63n],
  ['an object', { secret: 'hunter2' }],
  ['an array', ['hunter2']],
  ['a function', () => 'hunter2'],
  ['a symbol', Symbol('hunter2')],
  ['an invalid Date', new Date(Number.NaN)],
])('%s is refused without a trace of the value, and nothing is written', async (_, value) => {
  const { db } = tempDatabase()
  await db.execute('CREATE TABLE t (v)')
  const write = db.execute('INSERT INTO t VALUES (?)', [value])
  await expect(write).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
  await expect(write).rejects.not.toThrow(/hunter2/)
  const byKysely = async (): Promise<unknown> =>
    db
      .getKysely()
      .insertInto('t')
      .values({ v: value as never })
      .execute()
  await expect(byKysely()).rejects.toThrow()
  expect((await db.execute('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 0 }])
})

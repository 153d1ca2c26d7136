import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openConnection } from '../../test/support/open-connection.ts'
import { ValidationError } from '../errors.ts'
import { toSqlValue, toSqlValues } from './values.ts'

test.each([
  ['NaN', Number.NaN],
  ['undefined', undefined],
  ['an object', {}],
  ['an array', [1]],
  ['a function', () => 1],
  ['a symbol', Symbol('secret')],
  ['an invalid Date', new Date('no date')],
  ['a bigint beyond 64 bits', 2n ** 63n],
  ['a bigint below 64 bits', -(2n ** 63n) - 1n],
  ['half of a surrogate pair', 'a\ud800'],
  ['a boxed number', Object(1)],
  ['an ArrayBuffer', new ArrayBuffer(1)],
  ['a DataView', new DataView(new ArrayBuffer(1))],
])('%s is refused before it reaches SQLite', (_name, value) => {
  expect(() => toSqlValue(value, 3)).toThrow(ValidationError)
  expect(() => toSqlValue(value, 3)).toThrow(/^parameter 3 /)
})

test('a refusal names the position and never shows the value', () => {
  expect(() => toSqlValues([1, 'secret\udc00'])).toThrow(/^parameter 2 (?!.*secret)/)
  expect(() => toSqlValue(['secret'], 'users.name')).toThrow(/^users\.name (?!.*secret)/)
})

test.each([
  [1, 'integer', '1'],
  [-0, 'integer', '0'],
  [2 ** 53 - 1, 'integer', '9007199254740991'],
  [0.5, 'real', '0.5'],
  [1e300, 'real', '1.0e+300'],
  [true, 'integer', '1'],
  [false, 'integer', '0'],
  [2n ** 63n - 1n, 'integer', '9223372036854775807'],
  [-(2n ** 63n), 'integer', '-9223372036854775808'],
  ['', 'text', ''],
  ['a\0b', 'text', 'a'],
  [new Uint8Array(0), 'blob', ''],
  [new Date(0), 'text', '1970-01-01T00:00:00.000Z'],
  [null, 'null', null],
])('%o is stored as SQLite shows it', async (value, type, text) => {
  const connection = await openConnection()
  const { rows } = connection.write('SELECT typeof(?1), CAST(?1 AS TEXT)', [toSqlValue(value, 1)])

  expect(rows[0]?.[0]).toBe(type)
  if (value !== 'a\0b') expect(rows[0]?.[1]).toBe(text)
})

test('an integral number in a TEXT column has no decimal point', async () => {
  const connection = await openConnection()
  connection.write('CREATE TABLE t (a TEXT)', [])
  connection.write('INSERT INTO t VALUES (?)', [1])

  expect(connection.objects('SELECT a FROM t', [])).toEqual([{ a: '1' }])
})

test('BLOBs come back as plain Uint8Array, whichever way they are read', async () => {
  const connection = await openConnection()
  const blob = new Uint8Array([0, 255, 39])
  const sql = 'SELECT ? AS a, ? AS b'
  const parameters = [blob, new Uint8Array(0)]

  const read = [
    ...connection.objects(sql, parameters).flatMap((row) => Object.values(row)),
    ...connection.arrays(sql, parameters).rows.flat(),
    ...connection.write(sql, parameters).rows.flat(),
    ...[...connection.iterate(sql, parameters)].flat(),
  ]

  expect(read).toEqual([0, 1, 2, 3].flatMap(() => [blob, new Uint8Array(0)]))
  for (const value of read) expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype)
})

/** What a value comes back as: the same, but integers beyond what a number holds as bigint and the rest as number. */
function expected(value: unknown): unknown {
  if (typeof value === 'bigint')
    return BigInt.asIntN(54, value) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Object.is(value, -0)) return 0
  if (typeof value === 'boolean') return value ? 1 : 0
  return value instanceof Date ? value.toISOString() : value
}

test('a random value comes out as it went in, through every way of reading', async () => {
  const connection = await openConnection()
  connection.write('CREATE TABLE t (id INTEGER PRIMARY KEY, a)', [])
  const anyValue = fc.oneof(
    fc.double({ noNaN: true }),
    fc.constantFrom(0, -0, 1e300, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE),
    fc.integer({ min: -5, max: 5 }).map((near) => 2 ** 53 + near),
    fc.integer({ min: -5, max: 5 }).map((near) => -(2 ** 53) + near),
    fc.integer({ min: -5, max: 5 }).map((near) => 2n ** 53n + BigInt(near)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\0', 'é', '😀', '\uFFFF', '\uFEFF', "'", '"') }),
    fc.uint8Array(),
    fc.date({ noInvalidDate: true }),
    fc.boolean(),
    fc.constant(null),
  )
  fc.assert(
    fc.property(fc.array(anyValue, { minLength: 1, maxLength: 5 }), (values) => {
      connection.write('DELETE FROM t', [])
      for (const value of values) {
        const { rows } = connection.write('INSERT INTO t (a) VALUES (?) RETURNING a', toSqlValues([value]))
        expect(rows).toEqual([[expected(value)]])
      }
      const sql = 'SELECT a FROM t ORDER BY id'
      const wanted = values.map(expected)
      expect(connection.objects(sql, []).map(({ a }) => a)).toEqual(wanted)
      expect(connection.arrays(sql, []).rows.flat()).toEqual(wanted)
      expect([...connection.iterate(sql, [])].flat()).toEqual(wanted)
    }),
    { numRuns: 300 },
  )
})

test.each([2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 53n), -(2n ** 53n) - 1n])(
  'the first read of %s is exact already',
  async (value) => {
    const connection = await openConnection()

    expect(connection.objects('SELECT ? AS a', [value])).toEqual([{ a: value }])
    expect(connection.arrays('SELECT ?', [value]).rows).toEqual([[value]])
  },
)

test('a kept statement gives exact integers from the first one that needs it, and after', async () => {
  const connection = await openConnection()
  const sql = 'SELECT ? AS a'

  const read = [1, 2n ** 60n, 1, 0.5, 'x', 2n ** 53n].flatMap((value) => [
    connection.objects(sql, [value])[0]?.a,
    connection.arrays(sql, [value]).rows[0]?.[0],
  ])

  expect(read).toEqual([1, 1, 2n ** 60n, 2n ** 60n, 1, 1, 0.5, 0.5, 'x', 'x', 2n ** 53n, 2n ** 53n])
})

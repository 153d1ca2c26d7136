import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toDriver, toSqlValue } from '../../sqlite/values.ts'
import { cacheKey } from './cache-key.ts'

const key = (sql: string, ...values: unknown[]) => cacheKey({ sql, parameters: values.map((v, i) => toSqlValue(v, i)) })

const bytes = (...values: number[]) => new Uint8Array(values)

test('reads that SQLite would tell apart have keys of their own', () => {
  const values = [1, 1.5, '1', '1.5', 2 ** 53, 2n ** 53n, null, '', 'null', bytes(), bytes(49), bytes(0, 49), Infinity]
  const keys = [
    ...values.map((value) => key('SELECT ?', value)),
    key('SELECT ? ', 1),
    key('SELECT ?, ?', 1, '2'),
    key('SELECT ?, ?', '1', 2),
    key('SELECT ?, ?', 'i2;', ''),
    key('SELECT ?, ?', '', 'i2;'),
  ]
  expect(new Set(keys).size).toBe(keys.length)
})

test('values that SQLite cannot tell apart share a key', () => {
  expect(key('SELECT ?', 1n)).toBe(key('SELECT ?', 1))
  expect(key('SELECT ?', true)).toBe(key('SELECT ?', 1))
  expect(key('SELECT ?', -0)).toBe(key('SELECT ?', 0))
  const large = new Uint8Array([9, 1, 2, 9])
  expect(key('SELECT ?', large.subarray(1, 3))).toBe(key('SELECT ?', bytes(1, 2)))
})

test('two lists of values have one key exactly when the same is bound', () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.bigInt({ min: -3n, max: 3n }),
    fc.constantFrom(0.5, 2 ** 53, 2 ** 60, 2n ** 53n, 2n ** 60n, Infinity),
    fc.string({ unit: fc.constantFrom('i', ';', ':', 's', '1'), maxLength: 3 }),
    fc.uint8Array({ max: 60, min: 58, maxLength: 2 }),
    fc.constant(null),
  )
  const values = fc.array(value, { maxLength: 3 })
  const bound = (list: readonly unknown[]) =>
    list.map((one, i) => {
      const driver = toDriver(toSqlValue(one, i))
      return driver instanceof Uint8Array ? `blob ${[...driver]}` : `${typeof driver} ${driver}`
    })
  fc.assert(
    fc.property(values, values, (first, second) => {
      const same = JSON.stringify(bound(first)) === JSON.stringify(bound(second))
      expect(key('SELECT 1', ...first) === key('SELECT 1', ...second)).toBe(same)
    }),
    {
      numRuns: 2000,
      examples: [
        [[1n], [1]],
        [[2 ** 53], [2n ** 53n]],
      ],
    },
  )
})

test('a read too long to compare has no key', () => {
  expect(key('SELECT ?', 'x'.repeat(20_000))).toBeNull()
  expect(key('SELECT ?', new Uint8Array(20_000))).toBeNull()
  expect(key(`SELECT 1 /* ${'x'.repeat(5000)} */`)).toBeNull()
  expect(key('SELECT ?, ?, ?', ...Array(3).fill('x'.repeat(6000)))).toBeNull()
})

/** Every kind of value that SQLite stores, for property tests. */
import * as fc from 'fast-check'
import type { SqlValue } from '../../src/sqlite/values.ts'

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '\u0000', 'a\u0000b', '\u{10FFFF}', '😀', 'é', '__proto__'),
)
const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.constantFrom(-0, 0, 2 ** 31, -(2 ** 31), 2 ** 53, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
const beyond = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((n) => !Number.isSafeInteger(Number(n)))
const bytes = fc.uint8Array({ maxLength: 12 })

/** A value of any kind. */
export const anyValue: fc.Arbitrary<SqlValue> = fc.oneof(fc.constant(null), numbers, texts, beyond, bytes)

/** A column's values: of one type, of one type with NULL, or of all types. */
const columnValues: readonly fc.Arbitrary<SqlValue>[] = [
  fc.constant(null),
  fc.integer(),
  numbers,
  texts,
  fc.oneof(fc.constant(null), numbers),
  fc.oneof(fc.constant(null), texts),
  fc.oneof(fc.constant(null), bytes),
  fc.oneof(numbers, beyond),
  anyValue,
]

/** Rows by position, all of one width, each column of one of the kinds above. */
export const anyRows: fc.Arbitrary<SqlValue[][]> = fc
  .array(fc.constantFrom(...columnValues), { minLength: 1, maxLength: 8 })
  .chain((columns) => fc.array(fc.tuple(...columns), { maxLength: 120 }))

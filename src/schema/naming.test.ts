import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldName, quoteIdentifier, toPascalCase } from './naming.ts'

/** Names from every corner: quotes, brackets, white space, punctuation, control characters, astral letters, empty. */
const anyName = fc.string({ unit: 'binary', maxLength: 20 }).filter((name) => !name.includes('\0'))

describe('quoteIdentifier', () => {
  test('any name that SQLite can hold comes back as the name of the column it made', () => {
    const database = new Database(':memory:')

    fc.assert(
      fc.property(anyName, (name) => {
        const [column] = database.prepare(`SELECT 1 AS ${quoteIdentifier(name)}`).columns()
        expect(column?.name).toBe(name)
      }),
      { numRuns: 500 },
    )

    database.close()
  })

  test('a name that tries to end the identifier stays a name', () => {
    expect(quoteIdentifier('a"; DROP TABLE users; --')).toBe('"a""; DROP TABLE users; --"')
  })

  test.each(['a\0b', '\ud800', 'x\udfff'])('a name that SQL text cannot carry is refused: %j', (name) => {
    expect(() => quoteIdentifier(name)).toThrow(expect.objectContaining({ code: 'NOORMME_VALIDATION' }))
  })
})

describe('foldName', () => {
  test('two names are the same exactly when SQLite compares them so', () => {
    const database = new Database(':memory:')
    const same = database.prepare('SELECT ? = ? COLLATE NOCASE').pluck()
    const letters = fc.string({
      unit: fc.constantFrom('a', 'A', 'z', 'Z', 'ö', 'Ö', 'ſ', 'K', '_', '[', '`'),
      maxLength: 4,
    })

    fc.assert(
      fc.property(letters, letters, (a, b) => {
        expect(foldName(a) === foldName(b)).toBe(same.get(a, b) === 1)
      }),
      {
        numRuns: 1000,
        examples: [
          ['größe', 'GRÖßE'],
          ['users', 'USERS'],
        ],
      },
    )

    database.close()
  })
})

describe('toPascalCase', () => {
  test.each([
    ['user_id', 'UserId'],
    ['userId', 'UserId'],
    ['UserId', 'UserId'],
    ['order-items', 'OrderItems'],
    ['2fa', '2fa'],
    ['größe', 'Größe'],
    ['größe_in_cm', 'GrößeInCm'],
    ['_private__name_', 'PrivateName'],
    ['first name', 'FirstName'],
    ['URL', 'URL'],
    ['created_at_2', 'CreatedAt2'],
    ['名前', '名前'],
    ['--', ''],
    ['', ''],
  ])('%j stands in a finder as %j', (column, expected) => {
    expect(toPascalCase(column)).toBe(expected)
  })
})

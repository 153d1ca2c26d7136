import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'
import { isNoormmeError, ValidationError } from '../errors.ts'

const COLUMNS = {
  int: 'INTEGER',
  real: 'REAL',
  txt: 'TEXT',
  blb: 'BLOB',
  num: 'NUMERIC',
  str: 'STRING',
  any_: '',
  flag: 'BOOLEAN',
  flag_text: 'BOOLEAN TEXT',
  meta: 'JSON',
  meta_text: 'JSON TEXT',
  at: 'DATETIME',
  day: 'DATE',
}
const TABLE = `CREATE TABLE t(id INTEGER PRIMARY KEY, ${Object.entries(COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ')})`

/** What a value is equal to once it has been in a column: SQLite keeps one number and one spelling of it. */
function settled(value: unknown, column: string, back: unknown): unknown {
  if (column.startsWith('meta') && !(value instanceof Uint8Array)) return JSON.parse(JSON.stringify(value))
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'boolean' && !column.startsWith('flag')) return settled(Number(value), column, back)
  if (typeof back === 'boolean') return back === (String(value) === 'true' || String(value) === '1') ? back : undefined
  if (typeof value === 'number' && Object.is(value, -0)) return settled(0, column, back)
  if (typeof value === 'bigint' && typeof back === 'number') return BigInt(back) === value ? back : value
  if (typeof value === 'number' && typeof back === 'bigint') return BigInt(value) === back ? back : value
  // A number in a TEXT column is its text, a number's own text in a numeric column is the number.
  if (typeof value !== 'object' && typeof back !== typeof value) return String(value) === String(back) ? back : value
  return value
}

describe('values', () => {
  test('any value that is accepted comes back equal, and the row is found by it', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        '',
        -0,
        1e300,
        Number.POSITIVE_INFINITY,
        2 ** 60,
        'a\0b',
        '007',
        '1.50',
        '5',
        '1e5',
      ),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.boolean(),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc.double({ noNaN: true }).map(String),
      fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
      fc.uint8Array({ maxLength: 20 }),
      fc.jsonValue(),
      fc.date({ min: new Date('1000-01-01'), max: new Date('3000-01-01'), noInvalidDate: true }),
    )

    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(COLUMNS)), value, async (column, given) => {
        let stored: Record<string, unknown>
        try {
          stored = await rows.create({ [column]: given })
        } catch (error) {
          // Refused before it reached SQLite, which is the only other outcome.
          expect(error).toBeInstanceOf(ValidationError)
          return
        }
        accepted++
        const read = await rows.findById(stored.id as number)
        expect(read).toEqual(stored)
        expect(stored[column]).toEqual(settled(given, column, stored[column]))
        const same = column.startsWith('meta') && given !== null ? { eq: given } : given
        expect(await rows.count({ id: stored.id, [column]: same })).toBe(1)
        // What was read can be written again and stays the same.
        if (typeof stored[column] !== 'bigint' || !column.startsWith('meta')) {
          expect(await rows.update(stored)).toEqual(stored)
        }
        await rows.delete(stored.id as number)
      }),
      { numRuns: 1500 },
    )
    expect(accepted).toBeGreaterThan(500)
  })

  test('a text that a numeric column would change is refused, one that is a number’s own text becomes that number', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    await expect(rows.create({ real: '901832151610574720' })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    for (const text of ['007', '1.50', ' 5', '1e5', '+1', '99999999999999999999', '0.1000']) {
      for (const column of ['int', 'real', 'num', 'str', 'at']) {
        await expect(rows.create({ [column]: text })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
      }
      expect((await rows.create({ txt: text, any_: text })).txt).toBe(text)
    }
    expect(await rows.create({ int: '42', real: '1.5', num: '-3', str: 'x' })).toMatchObject({
      int: 42,
      real: 1.5,
      num: -3,
    })
    // Its nearest REAL ends in 496; only the shortest text of that is the same.
    await rows.create({ real: '-116501765720956500' })
    expect(await rows.count({ real: '-116501765720956500' })).toBe(1)
    expect(await rows.create({ int: '9223372036854775807' })).toMatchObject({ int: 9223372036854775807n })
    await expect(rows.create({ real: 2n ** 53n + 1n })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    expect(await rows.create({ txt: 0.1 + 0.2 })).toMatchObject({ txt: '0.30000000000000004' })
  })

  test.each([
    ['NaN', { int: Number.NaN }],
    ['half a surrogate pair', { txt: '\ud800' }],
    ['more than 64 bits', { int: 2n ** 63n }],
    ['an object in a column that is not JSON', { txt: { a: 1 } }],
    ['an array in a column that is not JSON', { txt: [1] }],
    ['an invalid Date', { at: new Date(Number.NaN) }],
    ['a Date in a column of integers', { int: new Date(0) }],
    ['a Date in a boolean column', { flag: new Date(0) }],
    ['a Date in a JSON column', { meta: new Date(0) }],
    ['a time in a column of days', { day: new Date('2026-01-31T12:00:00Z') }],
    ['a function', { txt: () => 1 }],
  ])('%s is refused, and the message holds no value', async (_, data) => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    const error = await rows.create(data).catch((caught: unknown) => caught)

    expect(isNoormmeError(error, 'NOORMME_VALIDATION')).toBe(true)
    expect((error as Error).message).toContain(`t.${Object.keys(data)[0]}`)
    expect(await rows.count()).toBe(0)
  })

  test('true and false come back from a BOOLEAN TEXT column, and other texts as they are', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    const stored = await rows.createMany(
      [true, false, 'yes', null].map((flag_text) => ({ flag_text })),
      { returning: true },
    )

    expect(stored.rows.map(({ flag_text }) => flag_text)).toEqual([true, false, 'yes', null])
    expect(await rows.count({ flag_text: true })).toBe(1)
  })

  test('what is not of the declared type comes back as it is stored', async () => {
    await using db = await openRepositories(
      TABLE,
      `INSERT INTO t(id, flag, meta, at) VALUES
        (1, 5, '{not json', 'soon'), (2, 'yes', x'00ff', 12), (3, x'01', 7.5, x'02'), (4, NULL, '"s"', NULL), (5, 0, 'null', '2026-01-31')`,
    )
    const rows = await db.repository('t', { dates: 'date' })

    expect((await rows.findAll({ orderBy: 'id' })).map(({ flag, meta, at }) => [flag, meta, at])).toEqual([
      [5, '{not json', 'soon'],
      ['yes', new Uint8Array([0, 255]), 12],
      [new Uint8Array([1]), 7.5, new Uint8Array([2])],
      [null, 's', null],
      [false, null, new Date('2026-01-31')],
    ])
  })
})

describe('dates', () => {
  const TABLES = [
    `CREATE TABLE d(id INTEGER PRIMARY KEY, declared TEXT DEFAULT CURRENT_TIMESTAMP, sampled DATETIME, empty TIMESTAMP,
      epoch DATETIME, odd DATETIME)`,
    `INSERT INTO d(id, sampled, epoch, odd) VALUES (1, '2026-01-01 00:00:00', 1767225600, '2026-01-01T00:00:00+01:00')`,
  ]
  const date = new Date('2026-01-31T09:30:00Z')

  test('a Date is written in the form of the column’s default, or of its data', async () => {
    await using db = await openRepositories(...TABLES)
    const rows = await db.repository('d')

    expect(await rows.create({ declared: date, sampled: date, empty: date })).toMatchObject({
      declared: '2026-01-31 09:30:00',
      sampled: '2026-01-31 09:30:00',
      empty: '2026-01-31T09:30:00.000Z',
    })
    expect(await rows.count({ sampled: { gt: new Date('2026-01-01T00:00:00Z') } })).toBe(1)
    expect(await rows.count({ sampled: { gte: new Date('2026-01-01T00:00:00Z') } })).toBe(2)
  })

  test('milliseconds are kept where SQLite writes none, and still sort', async () => {
    await using db = await openRepositories(...TABLES)
    const rows = await db.repository('d', { dates: 'date' })
    const later = new Date(date.getTime() + 5)

    await rows.createMany([{ sampled: later }, { sampled: date }])

    expect(
      (await rows.findAll({ where: { sampled: { gte: date } }, orderBy: 'sampled' })).map((row) => row.sampled),
    ).toEqual([date, later])
  })

  test('numbers and forms that are not written here are not guessed at', async () => {
    await using db = await openRepositories(...TABLES)
    const rows = await db.repository('d')

    await expect(rows.create({ epoch: date })).rejects.toThrow(/seconds, milliseconds or days/)
    await expect(rows.create({ odd: date })).rejects.toThrow(/not written here/)
    await expect(rows.findAll({ where: { epoch: { gt: date } } })).rejects.toThrow(/d\.epoch|where\.epoch/)
  })

  test('an assumed form is not remembered: the first stored date decides', async () => {
    await using db = await openRepositories(...TABLES)
    const rows = await db.repository('d')
    expect(await rows.count({ empty: { gte: date } })).toBe(0)

    await db.engine.execute({ sql: `UPDATE d SET empty = '2026-01-31 09:30:00'` })

    expect(await rows.count({ empty: { eq: date } })).toBe(1)
  })

  test('a moment is compared with days as text, where it lies between two of them', async () => {
    await using db = await openRepositories(
      'CREATE TABLE b(id INTEGER PRIMARY KEY, day DATE)',
      `INSERT INTO b(day) VALUES ('2026-01-30'), ('2026-01-31'), ('2026-02-01')`,
    )
    const rows = await db.repository('b')

    expect(await rows.count({ day: { lte: new Date('2026-01-31T12:00:00Z') } })).toBe(2)
    expect(await rows.count({ day: new Date('2026-01-31') })).toBe(1)
    expect(await rows.create({ day: new Date('2026-03-01') })).toMatchObject({ day: '2026-03-01' })
  })

  test('a value that is no date does not decide the form', async () => {
    await using db = await openRepositories(
      'CREATE TABLE j(id INTEGER PRIMARY KEY, at DATETIME, indexed DATETIME)',
      'CREATE INDEX j_indexed ON j(indexed)',
      `INSERT INTO j(at, indexed) VALUES ('2026-01-01 00:00:00', '2026-01-01 00:00:00'), ('unknown', 'unknown'), ('', '')`,
    )
    const rows = await db.repository('j')
    const stored = { at: '2026-01-31 09:30:00', indexed: '2026-01-31 09:30:00' }

    expect(await rows.create({ at: date, indexed: date })).toMatchObject(stored)
    await db.engine.execute({ sql: `DELETE FROM j WHERE at <> 'unknown'` })
    expect(await rows.create({ at: date })).toMatchObject({ at: date.toISOString() })
  })

  test('a form found in what a transaction wrote is forgotten when it is rolled back', async () => {
    await using db = await openRepositories('CREATE TABLE r(id INTEGER PRIMARY KEY, at DATETIME)')
    const rows = await db.repository('r')

    const failed = db.engine.transaction(async (tx) => {
      await tx.execute({ sql: `INSERT INTO r(at) VALUES ('2026-01-01 00:00:00')` })
      expect(await rows.create({ at: date })).toMatchObject({ at: '2026-01-31 09:30:00' })
      throw new Error('undo')
    })

    await expect(failed).rejects.toThrow('undo')
    expect(await rows.create({ at: date })).toMatchObject({ at: date.toISOString() })
  })

  test('one form is used for all rows of a createMany', async () => {
    await using db = await openRepositories(...TABLES)
    const rows = await db.repository('d')

    const { rows: stored } = await rows.createMany(
      Array.from({ length: 5000 }, () => ({ sampled: date, empty: date })),
      { returning: true },
    )

    expect(new Set(stored.map(({ sampled, empty }) => `${sampled} ${empty}`))).toEqual(
      new Set([`2026-01-31 09:30:00 ${date.toISOString()}`]),
    )
  })

  test('local time is not taken for UTC', async () => {
    await using db = await openRepositories(
      `CREATE TABLE l(id INTEGER PRIMARY KEY, at TEXT DEFAULT (datetime('now', 'localtime')))`,
    )
    const rows = await db.repository('l')

    await expect(rows.create({ at: date })).rejects.toThrow(/not written here/)
    await expect(rows.count({ at: { lt: date } })).rejects.toThrow(/not written here/)
  })

  test('any moment is compared with whole seconds, between which it lies', async () => {
    await using db = await openRepositories(
      'CREATE TABLE s(id INTEGER PRIMARY KEY, at DATETIME)',
      `INSERT INTO s(at) VALUES ('2026-01-31T09:30:00Z'), ('2026-01-31T09:30:01Z')`,
    )
    const rows = await db.repository('s')
    const between = new Date(date.getTime() + 250)

    expect(await rows.count({ at: { lt: between } })).toBe(1)
    expect(await rows.count({ at: { gte: between } })).toBe(1)
    expect(await rows.count({ at: { lt: date } })).toBe(0)
    expect(await rows.count({ at: between })).toBe(0)
    await expect(rows.create({ at: between })).rejects.toThrow(/whole seconds/)
  })
})

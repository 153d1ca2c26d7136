import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'

const TABLE = 'CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, s TEXT COLLATE BINARY, b BOOLEAN, j JSON)'

interface Item {
  readonly id: number
  readonly n: number | null
  readonly s: string | null
  readonly b: boolean | null
}
type Value = number | string | boolean | null

/** The documented meaning of a `where`, in JavaScript: every condition is true or false. */
function matches(item: Item, where: Record<string, unknown>): boolean {
  return Object.entries(where).every(([key, condition]) => {
    if (key === 'or') return (condition as Record<string, unknown>[]).some((part) => matches(item, part))
    if (key === 'and') return (condition as Record<string, unknown>[]).every((part) => matches(item, part))
    if (key === 'not') return !matches(item, condition as Record<string, unknown>)
    const value = item[key as keyof Item]
    if (Array.isArray(condition)) return condition.includes(value)
    if (typeof condition !== 'object' || condition === null) return value === condition
    return Object.entries(condition).every(([operator, operand]) => holds(operator, value, operand))
  })
}

function holds(operator: string, value: Value, operand: unknown): boolean {
  const fold = (text: unknown) => String(text).replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const order = (other: unknown) =>
    typeof value === 'string'
      ? Buffer.compare(Buffer.from(value), Buffer.from(String(other)))
      : Number(value) - Number(other)
  switch (operator) {
    case 'eq':
      return value === operand
    case 'ne':
      return value !== operand
    case 'in':
      return (operand as Value[]).includes(value)
    case 'notIn':
      return !(operand as Value[]).includes(value)
    case 'isNull':
      return (value === null) === operand
    case 'contains':
      return value !== null && fold(value).includes(fold(operand))
    case 'startsWith':
      return value !== null && fold(value).startsWith(fold(operand))
    case 'endsWith':
      return value !== null && fold(value).endsWith(fold(operand))
    case 'notLike':
      return value === null || fold(value) !== fold(operand)
    case 'like':
      return value !== null && fold(value) === fold(operand)
    case 'gt':
      return value !== null && order(operand) > 0
    case 'gte':
      return value !== null && order(operand) >= 0
    case 'lt':
      return value !== null && order(operand) < 0
    case 'lte':
      return value !== null && order(operand) <= 0
    case 'between':
      return value !== null && order((operand as Value[])[0]) >= 0 && order((operand as Value[])[1]) <= 0
    default:
      throw new Error(`the model does not know ${operator}`)
  }
}

const numbers = fc.integer({ min: -3, max: 3 })
const texts = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '%', '_', '\\', 'é', 'É', "'"), maxLength: 3 })
/** Without wildcards, so that the model of LIKE is equality without case. */
const plainTexts = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'é'), maxLength: 3 })

function columnConditions<T>(value: fc.Arbitrary<T>, more: readonly fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> {
  const orNull = fc.option(value)
  const list = fc.oneof(fc.array(orNull, { maxLength: 6 }), fc.array(orNull, { minLength: 65, maxLength: 80 }))
  const operators = fc.oneof(
    ...['eq', 'ne'].map((name) => orNull.map((operand) => ({ [name]: operand }))),
    ...['gt', 'gte', 'lt', 'lte'].map((name) => value.map((operand) => ({ [name]: operand }))),
    ...['in', 'notIn'].map((name) => list.map((operand) => ({ [name]: operand }))),
    fc.tuple(value, value).map((operand) => ({ between: operand })),
    fc.boolean().map((operand) => ({ isNull: operand })),
    ...more,
  )
  const both = fc.tuple(operators, operators).map(([a, b]) => Object.assign({}, a, b))
  return fc.oneof(orNull, list, operators, both)
}

const columns = {
  n: columnConditions(numbers, []),
  s: columnConditions(texts, [
    ...['contains', 'startsWith', 'endsWith'].map((name) => texts.map((operand) => ({ [name]: operand }))),
    ...['like', 'notLike'].map((name) => plainTexts.map((operand) => ({ [name]: operand }))),
  ]),
  b: columnConditions(fc.boolean(), []),
}

function wheres(depth: number): fc.Arbitrary<Record<string, unknown>> {
  if (depth === 0) return fc.record(columns, { requiredKeys: [] })
  const inner = wheres(depth - 1)
  const list = fc.array(inner, { maxLength: 3 })
  return fc.record({ ...columns, or: list, and: list, not: inner }, { requiredKeys: [] })
}

const oneCondition = fc.oneof(
  ...Object.entries(columns).map(([name, condition]) => condition.map((c) => ({ [name]: c }))),
)

describe('where', () => {
  test('finds exactly the rows for which every condition holds', async () => {
    await using db = await openRepositories(
      TABLE,
      'CREATE INDEX t_n ON t(n)',
      'CREATE INDEX t_s ON t(s COLLATE NOCASE)',
    )
    const rows = await db.repository<Item>('t')
    const [items] = fc.sample(
      fc.array(fc.record({ n: fc.option(numbers), s: fc.option(texts), b: fc.option(fc.boolean()) }), {
        minLength: 60,
        maxLength: 60,
      }),
      1,
    )
    const stored = (await rows.createMany(items ?? [], { returning: true })).rows

    await fc.assert(
      fc.asyncProperty(fc.oneof(oneCondition, wheres(0), wheres(1), wheres(2)), async (condition) => {
        const expected = stored.filter((item) => matches(item, condition)).map(({ id }) => id)

        const found = await rows.findAll({ where: condition, orderBy: 'id' })

        expect(found.map(({ id }) => id)).toEqual(expected)
        expect(await rows.count(condition)).toBe(expected.length)
        expect(await rows.exists(condition)).toBe(expected.length > 0)
      }),
      { numRuns: 500 },
    )
  })

  test('contains, startsWith and endsWith take every character as itself', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')
    await rows.createMany(['100%', '100_', '100\\', '1000', 'x100%x'].map((s) => ({ s })))

    for (const character of ['%', '_', '\\']) {
      expect(await rows.findManyByS?.({ endsWith: `100${character}` })).toHaveLength(1)
      expect(await rows.findManyByS?.({ startsWith: `100${character}` })).toHaveLength(1)
      expect(await rows.findManyByS?.({ contains: character })).toHaveLength(character === '%' ? 2 : 1)
    }
    expect(await rows.findManyByS?.({ like: '100_' })).toHaveLength(4)
  })

  test('undefined is refused wherever it stands, by its path', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    for (const [condition, subject] of [
      [{ n: undefined }, 'where.n'],
      [{ n: { gt: undefined } }, 'where.n.gt'],
      [{ n: [1, undefined] }, 'where.n[1]'],
      [{ n: { between: [1, undefined] } }, 'where.n.between[1]'],
      [{ or: [{ s: 'x' }, { n: undefined }] }, 'where.or[1].n'],
      [{ and: [undefined] }, 'where.and[0]'],
      [{ not: undefined }, 'where.not'],
      [{ not: { s: { in: [undefined] } } }, 'where.not.s.in[0]'],
    ] as const) {
      await expect(rows.findAll({ where: condition as never })).rejects.toMatchObject({
        code: 'NOORMME_VALIDATION',
        context: { subject, reason: 'is undefined' },
      })
    }
  })

  test('what is no condition is refused and says what would be', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    for (const [condition, message] of [
      [{ n: { gtt: 1 } }, /where\.n\.gtt is no operator\. Did you mean "gt"\?/],
      [{ n: {} }, /where\.n has no operator/],
      [{ n: { gt: null } }, /where\.n\.gt is null/],
      [{ n: { in: 1 } }, /must be an array, got a number/],
      [{ n: { between: [1] } }, /must be an array of two/],
      [{ n: { isNull: 1 } }, /must be true or false/],
      [{ s: { like: 5 } }, /must be a string/],
      [{ s: { contains: 'a\0b' } }, /NUL/],
      [{ or: { n: 1 } }, /where\.or must be an array/],
      [{ not: [] }, /where\.not must be an object/],
      [{ j: { gt: 1 } }, /cannot be used on a JSON column/],
      [{ j: { tags: 1 } }, /where\.j\.tags is no operator/],
      [new Map(), /where must be an object/],
      [{ constructor: 1 }, /no column "constructor"/],
    ] as const) {
      await expect(rows.findAll({ where: condition as never })).rejects.toThrow(message)
    }
    await expect(rows.findAll({ where: { nn: 1 } })).rejects.toMatchObject({
      context: { column: 'nn', nearest: ['n'] },
    })
  })

  test('columns named or, and, not are reached in double quotes, and lists of any length by them', async () => {
    await using db = await openRepositories(
      'CREATE TABLE w("or" INTEGER, "not" TEXT)',
      `INSERT INTO w VALUES (1, 'x'), (2, 'y')`,
    )
    const rows = await db.repository<{ or: number; not: string }>('w')

    expect(await rows.findAll({ where: { '"or"': 1, '"not"': { ne: 'y' } } })).toEqual([{ or: 1, not: 'x' }])
    expect(await rows.findManyByOr([1, 2])).toHaveLength(2)
    expect(await rows.findByNot('y')).toEqual({ or: 2, not: 'y' })
    await expect(rows.findAll({ where: { or: 1 } as never })).rejects.toMatchObject({
      hint: `The column "or" is written '"or"' in a where.`,
    })
  })

  test('JSON is compared as a whole', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')
    await rows.createMany([{ j: { a: 1 } }, { j: [1, 2] }, { j: 'text' }, { j: 5 }, {}])

    expect(await rows.count({ j: { eq: { a: 1 } } })).toBe(1)
    expect(await rows.count({ j: { eq: [1, 2] } })).toBe(1)
    expect(await rows.count({ j: ['text', 5, null] })).toBe(3)
    expect(await rows.count({ j: { ne: [1, 2] } })).toBe(4)
  })

  test('thousands of alternatives do not exceed SQLite’s depth of expressions', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')
    await rows.create({ n: 4321 })

    expect(await rows.count({ or: Array.from({ length: 5000 }, (_, n) => ({ n })) })).toBe(1)
  })

  test('searches of one shape are one text', async () => {
    await using db = await openRepositories(TABLE)
    const texts = new Set<string>()
    const { engine } = db
    const rows = await db.repository('t', {
      executor: {
        ...engine,
        execute(statement, options) {
          texts.add(statement.sql)
          return engine.execute(statement, options)
        },
      },
    })

    for (let i = 1; i <= 100; i++) {
      await rows.findAll({ where: { n: { gt: i }, s: { contains: `x${i}` } }, limit: 10 + i, offset: i })
    }
    for (const length of [5, 6, 7, 8]) await rows.findAll({ where: { n: Array(length).fill(1) } })
    for (const length of [65, 1000, 40_000]) await rows.findAll({ where: { n: Array(length).fill(1) } })

    expect(texts.size).toBe(3)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'
import { type Json, type JsonPath, jsonAt, jsonHolds } from '../../test/support/where-model.ts'

/** Names that a path could be broken by. */
const KEYS = [
  'a',
  'B',
  'a b',
  'a.b',
  'a"b',
  "a'b",
  'a\\b',
  '',
  '0',
  '[0]',
  '$',
  'é',
  '😀',
  'x\u0000y',
  '\n',
  '"; DROP TABLE t; --',
]

const keys = fc.constantFrom(...KEYS)
const scalars = fc.constantFrom<Json>(
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  2 ** 40,
  '',
  'a',
  'A',
  '1',
  'true',
  'null',
  "o'",
  'é',
  '%',
  '_',
)
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'json' },
    scalars,
    fc.array(tie('json'), { maxLength: 3, depthIdentifier: 'json' }),
    fc.dictionary(keys, tie('json'), { maxKeys: 3, depthIdentifier: 'json', noNullPrototype: true }),
  ),
}))

const paths: fc.Arbitrary<JsonPath> = fc.array(fc.oneof(keys, fc.integer({ min: -2, max: 2 })), { maxLength: 3 })
const comparable = fc.constantFrom<Json>(0, 1, 1.5, 'a', 'A', '1')
const list = fc.oneof(fc.array(scalars, { maxLength: 4 }), fc.array(fc.nat(90), { minLength: 65, maxLength: 70 }))
const plain = fc.constantFrom('a', 'A', 'true', 'é')
const some = fc.constantFrom('', 'a', 'E', 'é', '%', '_', "'")
const operators = fc.oneof(
  ...['eq', 'ne', 'arrayContains'].map((name) => json.map((operand) => ({ [name]: operand }))),
  ...['gt', 'gte', 'lt', 'lte'].map((name) => comparable.map((operand) => ({ [name]: operand }))),
  ...['in', 'notIn'].map((name) => list.map((operand) => ({ [name]: operand }))),
  ...['isNull', 'exists'].map((name) => fc.boolean().map((operand) => ({ [name]: operand }))),
  ...['like', 'notLike', 'glob'].map((name) => plain.map((operand) => ({ [name]: operand }))),
  ...['contains', 'startsWith', 'endsWith'].map((name) => some.map((operand) => ({ [name]: operand }))),
  fc.tuple(comparable, comparable).map((operand) => ({ between: operand })),
)

const TABLE = 'CREATE TABLE t(id INTEGER PRIMARY KEY, json JSON, value TEXT)'

describe('conditions on a path', () => {
  test('hold exactly where they say, whatever the path, the values and their types', async () => {
    await using db = await openRepositories(TABLE, 'CREATE INDEX i ON t(json_extract(json, \'$."a b"\'))')
    const rows = await db.repository<{ id: number; json: Json; value: string | null }>('t')
    // By the same rules as the conditions, so that they often meet; beside JSON's null there is NULL.
    const [documents = []] = fc.sample(fc.array(fc.option(json), { minLength: 120, maxLength: 120 }), {
      numRuns: 1,
      seed: 7,
    })
    await rows.createMany(documents.map((one) => ({ json: one, value: one === null ? null : JSON.stringify(one) })))
    await db.engine.execute({ sql: "INSERT INTO t(json, value) VALUES ('null', 'null')" })
    const stored = [...documents.map((one) => one ?? undefined), null]

    await fc.assert(
      fc.asyncProperty(paths, operators, fc.boolean(), fc.boolean(), async (path, both, inText, negated) => {
        const [[name, operand] = ['', null]] = Object.entries(both)
        const condition = { [inText ? 'value' : 'json']: { path, [name]: operand } }
        const expected = stored.flatMap((one, index) =>
          jsonHolds(name, jsonAt(one, path), operand) !== negated ? index + 1 : [],
        )

        const found = await rows.findAll({ where: (negated ? { not: condition } : condition) as never, orderBy: 'id' })

        expect(found.map(({ id }) => id)).toEqual(expected)
      }),
      { numRuns: 1500 },
    )
  }, 120_000)

  test('combine with each other and with conditions on columns', async () => {
    await using db = await openRepositories('CREATE TABLE works(id INTEGER PRIMARY KEY, price INTEGER, meta JSON)')
    interface Work {
      readonly id: number
      readonly price: number
      readonly meta: {
        readonly size: { readonly width: number; readonly unit?: string }
        readonly tags: string[]
      } | null
    }
    const works = await db.repository<Work>('works')
    await works.createMany([
      { price: 5, meta: { size: { width: 100 }, tags: ['sea', 'night'] } },
      { price: 9, meta: { size: { width: 300, unit: 'mm' }, tags: [] } },
      { price: 9 },
    ])
    const ids = async (where: NonNullable<Parameters<typeof works.findAll>[0]>['where']) =>
      (await works.findAll({ where: where ?? {}, orderBy: 'id' })).map(({ id }) => id)

    expect(await ids({ meta: { path: ['size', 'width'], gte: 100, lt: 300 }, price: 5 })).toEqual([1])
    expect(await ids({ meta: { path: ['tags'], arrayContains: 'sea' } })).toEqual([1])
    expect(await ids({ meta: { path: ['tags', -1], eq: 'night' } })).toEqual([1])
    expect(await ids({ meta: { path: ['tags'], eq: [] } })).toEqual([2])
    expect(await ids({ or: [{ meta: { path: ['size', 'unit'], exists: true } }, { meta: null }] })).toEqual([2, 3])
    expect(await ids({ not: { meta: { path: ['size'], eq: { width: 100 } } } })).toEqual([2, 3])
    expect((await works.findByMeta({ path: ['size', 'width'], eq: 300 }))?.id).toBe(2)
    expect(
      (
        await works.findAll({ orderBy: { column: 'meta', path: ['size', 'width'], direction: 'desc', nulls: 'first' } })
      ).map(({ id }) => id),
    ).toEqual([3, 2, 1])
  })

  test('numbers beyond 2^53 are exact, and a Date is the text that JSON has for it', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')
    await db.engine.execute({
      sql: `INSERT INTO t(json) VALUES ('{"n":9007199254740993}'), ('{"n":9007199254740992}')`,
    })
    await rows.create({ json: { at: '2026-01-31T09:30:00.000Z' } })

    expect(await rows.count({ json: { path: ['n'], eq: 2n ** 53n + 1n } })).toBe(1)
    expect(await rows.count({ json: { path: ['n'], in: [2n ** 53n, 2n ** 53n + 1n] } })).toBe(2)
    expect(await rows.count({ json: { path: ['at'], lte: new Date(Date.UTC(2026, 0, 31, 9, 30)) } })).toBe(1)
  })

  test('an index on the expression is used', async () => {
    await using db = await openRepositories(
      TABLE,
      "CREATE INDEX plain ON t(json_extract(json, '$.size.width'))",
      `CREATE INDEX odd ON t(json_extract(json, '$."a b"[0]'))`,
    )
    const plans: string[] = []
    const rows = await db.repository('t', {
      executor: {
        ...db.engine,
        async execute(statement, options) {
          const { rows: steps } = await db.engine.execute({ ...statement, sql: `EXPLAIN QUERY PLAN ${statement.sql}` })
          plans.push(steps.map(({ detail }) => detail).join('; '))
          return db.engine.execute(statement, options)
        },
      },
    })

    await rows.findAll({ where: { json: { path: ['size', 'width'], gt: 100 } } })
    await rows.findAll({ where: { json: { path: ['size', 'width'], eq: 'wide' } } })
    await rows.findAll({ where: { json: { path: ['a b', 0], in: [1, 2] } } })
    await rows.findAll({ orderBy: { column: 'json', path: ['size', 'width'], direction: 'desc' } })

    expect(plans).toEqual([
      'SEARCH t USING INDEX plain (<expr>>?)',
      'SEARCH t USING INDEX plain (<expr>=?)',
      'SEARCH t USING INDEX odd (<expr>=?)',
      'SCAN t USING INDEX plain',
    ])
  })

  test('what is no condition is refused, by its path', async () => {
    await using db = await openRepositories('CREATE TABLE t(id INTEGER PRIMARY KEY, json JSON, n INTEGER, at DATETIME)')
    const rows = await db.repository('t')

    for (const [condition, message] of [
      [{ json: { path: 'a.b', eq: 1 } }, /where\.json\.path must be an array of keys and indexes, got a string/],
      [{ json: { path: ['a', 1.5], eq: 1 } }, /where\.json\.path\[1\] must be a key or a whole number/],
      [{ json: { path: ['a', null], eq: 1 } }, /where\.json\.path\[1\] must be a key or a whole number, got null/],
      [{ json: { path: ['\ud800'], eq: 1 } }, /where\.json\.path\[0\] is a string with half of a surrogate pair/],
      [{ json: { path: Array(1001).fill('a'), eq: 1 } }, /more than 1000 steps/],
      [{ json: { path: ['a'] } }, /where\.json has a path and no operator/],
      [{ json: { path: ['a'], eqq: 1 } }, /where\.json\.eqq is no operator\. Did you mean "eq"\?/],
      [{ json: { path: ['a'], constructor: 1 } }, /where\.json\.constructor is no operator/],
      [{ json: { path: ['a'], eq: undefined } }, /where\.json\.eq is undefined/],
      [{ json: { path: undefined, eq: 1 } }, /where\.json\.path must be an array/],
      [{ json: { path: ['a'], in: [1, undefined] } }, /where\.json\.in\[1\] is undefined/],
      [{ json: { path: ['a'], in: [{}] } }, /where\.json\.in\[0\] must be a text, a number or a boolean/],
      [{ json: { path: ['a'], gt: null } }, /where\.json\.gt is null/],
      [{ json: { path: ['a'], gt: true } }, /where\.json\.gt is a boolean/],
      [{ json: { path: ['a'], gt: [] } }, /where\.json\.gt must be a text, a number/],
      [{ json: { path: ['a'], between: [1] } }, /must be an array of two/],
      [{ json: { path: ['a'], exists: 1 } }, /must be true or false/],
      [{ json: { path: ['a'], like: 5 } }, /must be a string/],
      [{ json: { path: ['a'], contains: 'a\0b' } }, /NUL/],
      [{ json: { path: ['a'], eq: new Uint8Array() } }, /got an instance of Uint8Array/],
      [{ json: { path: ['a'], eq: { a: undefined } } }, /where\.json\.eq\.a is undefined/],
      [{ n: { path: ['a'], eq: 1 } }, /cannot lead into t\.n, which is declared INTEGER/],
      [{ at: { path: ['a'], eq: 1 } }, /cannot lead into t\.at/],
    ] as const) {
      await expect(rows.findAll({ where: condition as never }), String(message)).rejects.toThrow(message)
      await expect(rows.findAll({ where: condition as never })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    }
    await expect(rows.findAll({ orderBy: { column: 'n', path: ['a'] } })).rejects.toThrow(
      /orderBy\.path cannot lead into/,
    )
  })

  test('a text that is no JSON is an error of the search, without the text', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')
    await db.engine.execute({ sql: "INSERT INTO t(json) VALUES ('no secret {')" })

    const search = rows.findAll({ where: { json: { path: ['a'], eq: 1 } } })

    await expect(search).rejects.toMatchObject({ code: 'NOORMME_STATEMENT', context: { reason: 'malformed JSON' } })
  })
})

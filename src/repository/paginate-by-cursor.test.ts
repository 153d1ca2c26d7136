import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type OpenRepositories, openRepositories } from '../../test/support/open-repositories.ts'
import type { Executor, Statement } from '../engine/types.ts'
import type { CursorPage } from './paging-types.ts'
import type { Repository } from './types.ts'

type Item = Record<string, unknown>
interface Term {
  readonly column: string
  readonly direction: 'asc' | 'desc'
  readonly nulls?: 'first' | 'last'
}

const COLUMNS = `n INTEGER, m INTEGER NOT NULL, r REAL, s TEXT COLLATE NOCASE, t TEXT, x, b BLOB, j JSON`
const NAMES = ['n', 'm', 'r', 's', 't', 'x', 'b', 'j']

/** Every way in which rows are told apart; `rank` is what a test knows them by. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  'a rowid': [`CREATE TABLE t(rank INTEGER PRIMARY KEY, ${COLUMNS})`, 'CREATE INDEX t_n ON t(n)'],
  'a key and no rowid': [
    `CREATE TABLE t(rank INTEGER, ${COLUMNS}, PRIMARY KEY (rank)) WITHOUT ROWID`,
    'CREATE INDEX t_n ON t(n DESC)',
  ],
  'a composite key': [
    `CREATE TABLE t(rank INT NOT NULL, half INT NOT NULL DEFAULT 1, ${COLUMNS}, PRIMARY KEY(half, rank))`,
  ],
  'a key that may be NULL': [
    `CREATE TABLE t(k TEXT PRIMARY KEY, rank INT, ${COLUMNS})`,
    'CREATE INDEX t_m ON t(m DESC, n)',
  ],
  'no key': [`CREATE TABLE t(rank INT, ${COLUMNS})`],
}

/** Few different values, so that there are ties; and those that a detour over JSON or a double would change. */
const numbers = fc.constantFrom<unknown>(null, 0, 1, -1, 2n ** 63n - 1n, 2n ** 53n + 1n, 2n ** 53n, -(2n ** 63n))
const reals = fc.constantFrom<unknown>(
  null,
  0.1,
  -0.5,
  1e300,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2,
  5e-324,
)
const texts = fc.constantFrom<unknown>(null, '', 'a', 'A', 'b', 'B', 'é', '10', '9', '😀', "o'", 'a\u0000b')
const blobs = fc.constantFrom<unknown>(
  null,
  new Uint8Array(),
  new Uint8Array([0]),
  new Uint8Array([0, 255]),
  new Uint8Array([255]),
)
const ITEMS = fc.record({
  n: fc.oneof(numbers, fc.constantFrom<unknown>('abc', new Uint8Array([1]))),
  m: fc.constantFrom<unknown>(1, 2),
  r: reals,
  s: texts,
  t: texts,
  x: fc.oneof(numbers, reals, texts, blobs),
  b: blobs,
  j: fc.constantFrom<unknown>(null, 5, '5', true, { a: 1 }, [1], 1.5),
})

const TERMS: fc.Arbitrary<Term[]> = fc.uniqueArray(
  fc.record(
    {
      column: fc.constantFrom(...NAMES),
      direction: fc.constantFrom('asc', 'desc'),
      nulls: fc.constantFrom('first', 'last'),
    },
    { requiredKeys: ['column', 'direction'] },
  ) as fc.Arbitrary<Term>,
  { selector: ({ column }) => column, maxLength: 3 },
)

/** SQLite's order of values, in JavaScript (https://sqlite.org/datatype3.html#sort_order). */
function compare(a: unknown, b: unknown, noCase: boolean): number {
  const rank = (value: unknown) =>
    value === null ? 0 : typeof value === 'string' ? 2 : value instanceof Uint8Array ? 3 : 1
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (a instanceof Uint8Array) return Buffer.compare(a, b as Uint8Array)
  if (typeof a === 'string') {
    // NOCASE ends at a NUL, as the C function below it does.
    const bytes = (text: string) =>
      Buffer.from(noCase ? (text.split('\0')[0] as string).replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text)
    const order = Buffer.compare(bytes(a), bytes(b as string))
    return order === 0 && noCase ? Buffer.byteLength(a) - Buffer.byteLength(b as string) : order
  }
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
}

/** The ranks of `rows`, raw as they are stored, in this order; ties by rank, in the direction of the last term. */
function sortedRanks(rows: readonly Item[], terms: readonly Term[]): unknown[] {
  const descending = terms.at(-1)?.direction === 'desc'
  const order = (a: Item, b: Item): number => {
    for (const { column, direction, nulls } of terms) {
      const [x, y] = [a[column], b[column]]
      if ((x === null || y === null) && x !== y && nulls !== undefined)
        return (x === null) === (nulls === 'first') ? -1 : 1
      const sign = compare(x, y, column === 's')
      if (sign !== 0) return direction === 'desc' ? -sign : sign
    }
    return descending ? Number(b.rank) - Number(a.rank) : Number(a.rank) - Number(b.rank)
  }
  return rows.toSorted(order).map(({ rank }) => rank)
}

const ranksOf = ({ data }: CursorPage<Item>): unknown[] => data.map(({ rank }) => rank)

async function filled(name: string, items: readonly Item[]): Promise<OpenRepositories & { rows: Repository<Item> }> {
  const db = await openRepositories(...(TABLES[name] ?? []))
  const rows = await db.repository<Item>('t')
  // Stored out of order, but for tables that only their rowid sorts.
  const ranked = items.map((item, index) => ({ ...item, rank: index + 1 }))
  await rows.createMany(name === 'no key' || name === 'a key that may be NULL' ? ranked : ranked.toReversed())
  return Object.assign(db, { rows })
}

const storedRows = async ({ engine }: OpenRepositories): Promise<Item[]> =>
  (await engine.execute({ sql: 'SELECT * FROM t' })).rows

describe.each(Object.keys(TABLES))('pages of a table with %s', (name) => {
  test('are the sorted list, forwards and backwards, whatever the order, the values and the page size', async () => {
    const [items = []] = fc.sample(fc.array(ITEMS, { minLength: 40, maxLength: 40 }), { numRuns: 1, seed: 42 })
    await using db = await filled(name, items)
    const stored = await storedRows(db)

    await fc.assert(
      fc.asyncProperty(TERMS, fc.integer({ min: 1, max: 17 }), fc.boolean(), async (terms, limit, narrow) => {
        const options = { orderBy: terms, limit, ...(narrow ? { select: ['rank'], where: { m: 1 } } : {}) }
        const expected = sortedRanks(narrow ? stored.filter(({ m }) => m === 1) : stored, terms)
        const pages: unknown[][] = []

        let page = await db.rows.paginateByCursor(options)
        expect(page.prevCursor).toBeNull()
        pages.push(ranksOf(page))
        while (page.nextCursor !== null) {
          page = await db.rows.paginateByCursor({ ...options, after: page.nextCursor })
          expect(page.prevCursor).toBe(page.startCursor)
          pages.push(ranksOf(page))
        }
        expect(pages.flat()).toEqual(expected)
        expect(pages.slice(0, -1).every((ranks) => ranks.length === limit)).toBe(true)

        for (const ranks of pages.slice(0, -1).toReversed()) {
          page = await db.rows.paginateByCursor({ ...options, before: page.prevCursor })
          expect(page.nextCursor).toBe(page.endCursor)
          expect(ranksOf(page)).toEqual(ranks)
        }
        expect(page.prevCursor).toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  test('hold every row that is there all along exactly once, while others come and go', async () => {
    await using db = await filled(name, [])
    const { engine, rows } = db

    await fc.assert(
      fc.asyncProperty(fc.array(ITEMS, { minLength: 12, maxLength: 24 }), TERMS, async (items, terms) => {
        await engine.execute({ sql: 'DELETE FROM t' })
        await rows.createMany(items.map((item, index) => ({ ...item, rank: index + 1 })))
        const kept = (await storedRows(db)).filter(({ rank }) => Number(rank) % 3 !== 0)
        const seen: unknown[] = []
        let rank = 100
        let after: string | null = null
        do {
          const page: CursorPage<Item> = await rows.paginateByCursor({ orderBy: terms, limit: 4, after })
          seen.push(...ranksOf(page))
          after = page.nextCursor
          // The very row that the cursor stands at may go, too.
          const last = Number(page.data.at(-1)?.rank)
          const gone = last % 3 === 0 ? last : 3
          await engine.batch([{ sql: 'DELETE FROM t WHERE rank = ?', parameters: [gone] }])
          await rows.createMany([0, 1].map((n) => ({ ...items[(rank + n) % items.length], rank: rank++ })))
        } while (after !== null)

        const all = new Set(kept.map((row) => row.rank))
        expect(seen.filter((one) => all.has(one))).toEqual(sortedRanks(kept, terms))
        expect(new Set(seen).size).toBe(seen.length)
      }),
      { numRuns: 25 },
    )
  })
})

const BIG = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)`

/** What the repository sent, with the plan that SQLite has for it. */
function watched({ engine }: OpenRepositories): { executor: Executor; plans: () => Promise<string[][]> } {
  const statements: Statement[] = []
  return {
    executor: {
      ...engine,
      execute(statement, options) {
        statements.push(statement)
        return engine.execute(statement, options)
      },
    },
    async plans() {
      const plans = statements.map(async ({ sql, parameters = [] }) => {
        const { rows } = await engine.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, parameters })
        return rows.map(({ detail }) => String(detail))
      })
      return Promise.all(plans)
    },
  }
}

describe('an index', () => {
  test.each([
    ['on one nullable column', 'CREATE INDEX i ON t(likes)', 'likes', {}],
    ['read backwards', 'CREATE INDEX i ON t(likes)', { likes: 'desc' }, {}],
    ['on several columns', 'CREATE INDEX i ON t(kind, likes)', ['kind', 'likes'], {}],
    ['in mixed directions', 'CREATE INDEX i ON t(kind, likes DESC, id)', ['kind', { likes: 'desc' }, 'id'], {}],
    ['behind the columns of a where', 'CREATE INDEX i ON t(kind, likes)', { likes: 'desc' }, { kind: 1 }],
    ['of the key', 'CREATE INDEX i ON t(kind)', 'id', {}],
    ['on a path into JSON', `CREATE INDEX i ON t(json_extract(meta, '$.a'))`, { column: 'meta', path: ['a'] }, {}],
  ] as const)('%s finds each page without a scan and without sorting', async (_, index, orderBy, where) => {
    await using db = await openRepositories(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, likes INTEGER, meta JSON)',
      `${BIG} INSERT INTO t SELECT i, i % 3, nullif(i % 7, 0), json_object('a', i % 5) FROM n`,
      index,
      'ANALYZE',
    )
    const { executor, plans } = watched(db)
    const rows = await db.repository<Item>('t', { executor })

    const options = { orderBy: orderBy as never, where, limit: 50 }
    const first = await rows.paginateByCursor(options)
    const second = await rows.paginateByCursor({ ...options, after: first.nextCursor })
    await rows.paginateByCursor({ ...options, before: second.prevCursor })

    for (const plan of (await plans()).slice(1)) {
      expect(plan.filter((step) => /SCAN t\b|TEMP B-TREE/.test(step))).toEqual([])
      expect(plan.some((step) => /SEARCH t USING/.test(step))).toBe(true)
    }
  })
})

describe('a cursor', () => {
  const TABLE = 'CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, n INTEGER)'
  const VALUES = `${BIG} INSERT INTO t SELECT i, 'a' || i, i FROM n`

  test('of another table, order or direction, a cut, an altered and an invented one are refused', async () => {
    await using db = await openRepositories(
      TABLE,
      VALUES,
      TABLE.replace('t(', 'u('),
      VALUES.replace('INTO t', 'INTO u'),
    )
    const rows = await db.repository<Item>('t')
    const cursorOf = async (orderBy: unknown, table = 't'): Promise<string> =>
      String(
        (await (await db.repository<Item>(table)).paginateByCursor({ orderBy: orderBy as never, limit: 2 })).nextCursor,
      )
    const own = await cursorOf('n')
    const json = JSON.parse(Buffer.from(own, 'base64url').toString()) as unknown[]
    const recoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

    const bad: unknown[] = [
      await cursorOf('a'),
      await cursorOf({ n: 'desc' }),
      await cursorOf(['n', 'a']),
      await cursorOf({ column: 'n', nulls: 'last' }),
      await cursorOf('n', 'u'),
      own.slice(0, -1),
      `${own}A`,
      `${own}=`,
      `${own.slice(0, 4)} ${own.slice(4)}`,
      own.toLowerCase(),
      recoded([...json.slice(0, 2), 3, 3]),
      recoded([2, ...json.slice(1)]),
      recoded([...json.slice(0, 2), { x: 1 }, 3]),
      recoded([...json.slice(0, 2), undefined, 3]),
      recoded([...json.slice(0, 2), { i: '9'.repeat(30) }, [3]]),
      recoded({}),
      Buffer.from(`[1,"x",${'['.repeat(100_000)}`).toString('base64url'),
      Buffer.from(`[1,"x",{"i":"5","x":${'['.repeat(20_000)}${']'.repeat(20_000)}},3]`).toString('base64url'),
      '',
      'WzFd',
      'null',
      5,
      {},
      [own],
    ]
    for (const cursor of bad) {
      for (const side of ['after', 'before']) {
        await expect(rows.paginateByCursor({ orderBy: 'n', [side]: cursor }), String(cursor)).rejects.toMatchObject({
          code: 'NOORMME_VALIDATION',
          context: { subject: side },
        })
      }
    }
    expect((await rows.paginateByCursor({ orderBy: 'n', limit: 1, after: own })).data).toMatchObject([{ n: 3 }])
    await expect(rows.paginateByCursor({ orderBy: 'n', after: own, before: own })).rejects.toThrow(
      /together with after/,
    )
  })

  test('of any altered text leads nowhere or is refused', async () => {
    await using db = await openRepositories(TABLE, VALUES)
    const rows = await db.repository<Item>('t')
    const own = String((await rows.paginateByCursor({ orderBy: 'a' })).nextCursor)

    await fc.assert(
      fc.asyncProperty(fc.nat(own.length - 1), fc.constantFrom(...'ABCDabcd0189-_'), async (at, letter) => {
        fc.pre(own[at] !== letter)
        const altered = own.slice(0, at) + letter + own.slice(at + 1)
        await expect(rows.paginateByCursor({ orderBy: 'a', after: altered })).rejects.toMatchObject({
          code: 'NOORMME_VALIDATION',
        })
      }),
    )
  })

  test('may outlive the row it stands at, and the end of a log is asked again by endCursor', async () => {
    await using db = await openRepositories(TABLE, VALUES)
    const rows = await db.repository<Item>('t')
    const { nextCursor } = await rows.paginateByCursor({ limit: 10 })

    await rows.delete(10)
    const { data, prevCursor } = await rows.paginateByCursor({ limit: 10, after: nextCursor })
    expect(data.map(({ id }) => id)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
    expect((await rows.paginateByCursor({ before: prevCursor })).data).toHaveLength(9)

    const end = await rows.paginateByCursor({ orderBy: 'id', where: { id: { gt: 495 } } })
    expect(end.nextCursor).toBeNull()
    expect(await rows.paginateByCursor({ after: end.endCursor })).toMatchObject({
      data: [],
      nextCursor: null,
      endCursor: null,
    })
    await rows.create({ id: 900 })
    expect((await rows.paginateByCursor({ after: end.endCursor })).data).toMatchObject([{ id: 900 }])
  })

  test('null begins at the beginning, and options are checked', async () => {
    await using db = await openRepositories(TABLE, VALUES)
    const rows = await db.repository<Item>('t')

    expect((await rows.paginateByCursor({ after: null, before: undefined })).data).toHaveLength(20)
    for (const limit of [0, 1001, 1.5]) await expect(rows.paginateByCursor({ limit })).rejects.toThrow(/from 1 to 1000/)
    await expect(rows.paginateByCursor({ page: 2 } as never)).rejects.toThrow(/have no "page"/)
    await expect(rows.paginateByCursor({ key: ['id'] })).rejects.toThrow(/has one of its own/)
    await expect(rows.paginateByCursor({ orderBy: { column: 'n', nulls: 'middle' as never } })).rejects.toThrow(
      /must be 'first' or 'last'/,
    )
  })
})

describe('views, and tables of other modules', () => {
  test('a view is paged by the key that the caller names, and refused without', async () => {
    await using db = await openRepositories(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT)',
      `${BIG} INSERT INTO t SELECT i, i % 4 FROM n`,
      // Its column is of INTEGER affinity by its first part and holds texts by the second.
      `CREATE VIEW v AS SELECT id, id % 4 AS s FROM t WHERE id <= 250 UNION ALL SELECT id, s FROM t WHERE id > 250`,
    )
    const rows = await db.repository<{ id: number; s: unknown }>('v')

    await expect(rows.paginateByCursor()).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    const { rows: expected } = await db.engine.execute({ sql: 'SELECT * FROM v ORDER BY s DESC, id DESC' })
    const seen: object[] = []
    let after: string | null = null
    do {
      const page: CursorPage<object> = await rows.paginateByCursor({
        orderBy: { s: 'desc' },
        key: ['id'],
        limit: 37,
        after,
      })
      seen.push(...page.data)
      after = page.nextCursor
    } while (after !== null)
    expect(seen).toEqual(expected)
  })

  test('a full-text table is paged by its rowid', async () => {
    await using db = await openRepositories(
      'CREATE VIRTUAL TABLE f USING fts5(title)',
      `${BIG} INSERT INTO f SELECT 'title ' || i FROM n`,
    )
    const rows = await db.repository<{ title: string }>('f')

    const first = await rows.paginateByCursor({ limit: 3 })
    const { data } = await rows.paginateByCursor({ limit: 3, after: first.nextCursor })
    expect(data).toEqual([{ title: 'title 4' }, { title: 'title 5' }, { title: 'title 6' }])
  })

  test('a key whose collation differs from its column’s tells rows apart by its own', async () => {
    await using db = await openRepositories(
      'CREATE TABLE t(id TEXT COLLATE NOCASE NOT NULL, PRIMARY KEY (id COLLATE BINARY))',
      "INSERT INTO t VALUES ('b'), ('B'), ('a'), ('A')",
    )
    const rows = await db.repository<{ id: string }>('t')
    const walk = async (orderBy: 'id' | undefined): Promise<string[]> => {
      const ids: string[] = []
      let after: string | null = null
      do {
        const page: CursorPage<{ id: string }> = await rows.paginateByCursor({
          ...(orderBy && { orderBy }),
          limit: 1,
          after,
        })
        ids.push(...page.data.map(({ id }) => id))
        after = page.nextCursor
      } while (after !== null)
      return ids
    }

    expect(await walk(undefined)).toEqual(['A', 'B', 'a', 'b'])
    expect(await walk('id')).toEqual(['A', 'a', 'B', 'b'])
  })
})

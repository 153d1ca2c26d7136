import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type OpenRepositories, openRepositories } from '../../test/support/open-repositories.ts'
import type { SearchHit, TextPiece } from './search-types.ts'

interface Work {
  readonly id: number
  readonly title: string
  readonly story: string | null
  readonly likes: number
  readonly rank: string
}

const WORKS = [
  'CREATE TABLE works(id INTEGER PRIMARY KEY, title TEXT NOT NULL, story TEXT, likes INTEGER NOT NULL DEFAULT 0, rank TEXT)',
  "CREATE VIRTUAL TABLE works_fts USING fts5(title, story, content='works', content_rowid='id')",
  `CREATE TRIGGER works_added AFTER INSERT ON works BEGIN
     INSERT INTO works_fts(rowid, title, story) VALUES (new.id, new.title, new.story);
   END`,
  `INSERT INTO works(id, title, story, likes, rank) VALUES
     (1, 'Moon over the sea', 'A quiet night.', 5, 'x'),
     (2, 'The sea', 'The moon, the moon, and again the moon above.', 50, 'y'),
     (3, 'C++ & "quotes"', NULL, 7, 'z'),
     (4, 'Moonlight', 'No AND, no OR, no NEAR(x).', 1, NULL)`,
]

const idsOf = (hits: readonly SearchHit<object>[]): number[] => hits.map(({ row }) => (row as Work).id)
const shown = (pieces: readonly TextPiece[] | undefined): string =>
  (pieces ?? []).map(({ text, match }) => (match ? `[${text}]` : text)).join('')

describe('search', () => {
  test('finds the rows of a table by the index over it, the best match first', async () => {
    await using db = await openRepositories(...WORKS)
    const works = await db.repository<Work>('works')

    const hits = await works.search('moon')

    expect(idsOf(hits)).toEqual([2, 1])
    expect(hits[1]).toEqual({
      row: { id: 1, title: 'Moon over the sea', story: 'A quiet night.', likes: 5, rank: 'x' },
      rowid: 1,
      rank: expect.any(Number),
      highlights: {},
      snippets: {},
    })
    expect(hits[0]?.rank).toBeLessThan(Number(hits[1]?.rank))
    expect(idsOf(await works.search('moon', { weights: { title: 10 } }))).toEqual([1, 2])
    expect(idsOf(await works.search('sea moon', { orderBy: 'id' }))).toEqual([1, 2])
    expect(idsOf(await works.search('moon', { columns: ['title'] }))).toEqual([1])
    expect(idsOf(await works.search('moo'))).toEqual([])
    expect(idsOf(await works.search('moo', { prefix: true, orderBy: 'id' }))).toEqual([1, 2, 4])
  })

  test('takes where, orderBy, limit, offset and select as the other methods do', async () => {
    await using db = await openRepositories(...WORKS)
    const works = await db.repository<Work>('works')

    expect(idsOf(await works.search('the', { where: { title: { contains: 'moon' } } }))).toEqual([1])
    expect(idsOf(await works.search('moon', { where: { rank: 'y' } }))).toEqual([2])
    expect(idsOf(await works.search('moo', { prefix: true, orderBy: { likes: 'desc' }, limit: 2 }))).toEqual([2, 1])
    expect(idsOf(await works.search('moo', { prefix: true, orderBy: 'likes', limit: 1, offset: 1 }))).toEqual([1])
    const [hit] = await works.search('moon', { select: ['title'], limit: 1 })
    expect(hit?.row).toEqual({ title: 'The sea' })
  })

  test('returns texts in pieces, whole and as extracts', async () => {
    await using db = await openRepositories(...WORKS)
    const works = await db.repository<Work>('works')

    const [second, first] = await works.search('moon', {
      highlight: ['title', 'story'],
      snippet: ['story'],
      snippetWords: 3,
    })

    expect(shown(second?.highlights.story)).toBe('The [moon], the [moon], and again the [moon] above.')
    expect(shown(second?.snippets.story)).toBe('The [moon], the…')
    expect(first?.highlights.title).toEqual([
      { text: 'Moon', match: true },
      { text: ' over the sea', match: false },
    ])
    const [odd] = await works.search('quotes', { highlight: ['title', 'story'] })
    expect(shown(odd?.highlights.title)).toBe('C++ & "[quotes]"')
    expect(odd?.highlights.story).toEqual([])
  })

  test('of a full-text table itself gives its rows, with their rowids', async () => {
    await using db = await openRepositories(
      "CREATE VIRTUAL TABLE notes USING fts5(title, body, tokenize='porter')",
      "INSERT INTO notes(rowid, title, body) VALUES (7, 'Painting', 'x'), (9, 'y', 'painted twice: paints')",
    )
    const notes = await db.repository<{ title: string; body: string }>('notes')

    const hits = await notes.search('paint', { highlight: ['body'], where: { title: { ne: 'z' } } })

    expect(hits.map(({ rowid, row }) => [rowid, row])).toEqual([
      [9, { title: 'y', body: 'painted twice: paints' }],
      [7, { title: 'Painting', body: 'x' }],
    ])
    expect(shown(hits[0]?.highlights.body)).toBe('[painted] twice: [paints]')
  })

  test('uses an index that keeps its own text when it is named', async () => {
    await using db = await openRepositories(
      'CREATE TABLE works(id INTEGER PRIMARY KEY, title TEXT)',
      "INSERT INTO works VALUES (1, 'One'), (2, 'Two')",
      'CREATE VIRTUAL TABLE finder USING fts5(title, artist)',
      "INSERT INTO finder(rowid, title, artist) VALUES (1, 'One', 'Mira'), (2, 'Two', 'Noor')",
      'CREATE TABLE keyed(id TEXT PRIMARY KEY) WITHOUT ROWID',
    )
    const works = await db.repository<{ id: number; title: string }>('works')

    const hits = await works.search('noor', { using: 'finder', highlight: ['artist'] })

    expect(hits.map(({ row }) => row)).toEqual([{ id: 2, title: 'Two' }])
    expect(shown(hits[0]?.highlights.artist)).toBe('[Noor]')
    await expect(works.search('x', { using: 'works' })).rejects.toThrow(/no FTS5 table/)
    await expect(works.search('x', { using: 'finda' })).rejects.toMatchObject({ code: 'NOORMME_TABLE_NOT_FOUND' })
    const keyed = await db.repository('keyed')
    await expect(keyed.search('x', { using: 'finder' })).rejects.toThrow(/has no rowid/)
  })

  test('inside a transaction finds what it has written, and a row that is gone is no hit', async () => {
    await using db = await openRepositories(...WORKS)
    await db.engine.transaction(async (tx) => {
      const works = await db.repository<Work>('works', { executor: tx })
      await works.create({ id: 9, title: 'Harbour', likes: 0 })
      expect(idsOf(await works.search('harbour', { highlight: ['title'] }))).toEqual([9])
      // Without a trigger for it, the index keeps what it had.
      await tx.execute({ sql: 'DELETE FROM works WHERE id = 2' })
      for (const orderBy of [undefined, 'likes'] as const) {
        const hits = await works.search('moon', { highlight: ['story'], ...(orderBy && { orderBy }) })
        expect(idsOf(hits)).toEqual([1])
      }
    })
  })

  test('leaves sorting by rank to FTS5, and finds each row by its key', async () => {
    await using db = await openRepositories(...WORKS)
    const plans: string[] = []
    const works = await db.repository<Work>('works', { executor: explaining(db, plans) })

    await works.search('moon', { where: { likes: { gt: 1 } }, highlight: ['title'] })
    await works.search('moon', { weights: { title: 2 } })

    for (const plan of plans) {
      expect(plan).toMatch(/SCAN works_fts VIRTUAL TABLE INDEX 32:.*SEARCH works USING INTEGER PRIMARY KEY/)
      expect(plan).not.toContain('TEMP B-TREE')
    }
    expect(plans).toHaveLength(2)
  })
})

function explaining({ engine }: OpenRepositories, plans: string[]): OpenRepositories['engine'] {
  return {
    ...engine,
    async execute(statement, options) {
      const { rows } = await engine.execute({ ...statement, sql: `EXPLAIN QUERY PLAN ${statement.sql}` })
      plans.push(rows.map(({ detail }) => detail).join('; '))
      return engine.execute(statement, options)
    },
  }
}

describe('what a person types', () => {
  test('is never an operator and never an error', async () => {
    await using db = await openRepositories(...WORKS)
    const works = await db.repository<Work>('works')

    for (const [text, ids] of [
      ['C++', [3]],
      ['"quotes', [3]],
      ['no AND', [4]],
      ['near(x)', [4]],
      ['title:moon', []],
      ['sea OR moonlight', []],
      ['NOT moon', []],
      ['-moon', [2, 1]],
      ['^moon*', [2, 1]],
      ['moon ++ !', [2, 1]],
      ['  ', []],
      ['', []],
      ['++', []],
      ['\0', []],
      ['moon\0sea', [2, 1]],
      ['\ud800moon', [2, 1]],
    ] as const) {
      expect(idsOf(await works.search(text)), JSON.stringify(text)).toEqual(ids)
    }
    expect(await works.search(Array(2000).fill('moon').join(' '))).toHaveLength(2)
  })

  test('finds the rows that hold all of its words, whatever stands around and between them', async () => {
    await using db = await openRepositories('CREATE VIRTUAL TABLE f USING fts5(a, b)')
    const WORDS = ['moon', 'sea', 'AND', 'NOT', 'near', 'a', 'b']
    const texts = fc.array(fc.constantFrom(...WORDS), { maxLength: 4 })
    const [rows = []] = fc.sample(fc.array(fc.tuple(texts, texts), { minLength: 40, maxLength: 40 }), {
      numRuns: 1,
      seed: 3,
    })
    const stored = await db.repository<{ a: string; b: string }>('f')
    await stored.createMany(rows.map(([a, b]) => ({ a: a.join(' '), b: b.join(' ') })))
    const noise = fc.string({
      unit: fc.constantFrom('"', "'", '*', '(', ')', '{', '}', ':', '^', '+', '-', ';', ' ', '\0', '%'),
      maxLength: 4,
    })

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }),
        fc.array(noise, { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        async (words, around, prefix) => {
          const text = words.map((word, index) => `${around[index]} ${word}`).join(' ') + around[3]
          const holds = (row: string[], word: string) =>
            row.some((one) =>
              prefix ? one.toLowerCase().startsWith(word.toLowerCase()) : one.toLowerCase() === word.toLowerCase(),
            )
          const expected = rows.flatMap(([a, b], index) =>
            words.every((word) => holds([...a, ...b], word)) ? index + 1 : [],
          )

          const hits = await stored.search(text, { prefix, limit: 1000 })

          expect(hits.map(({ rowid }) => Number(rowid)).toSorted((x, y) => x - y)).toEqual(expected)
        },
      ),
    )
  })
})

describe('an expression of FTS5', () => {
  test('is passed on, and what is wrong with it is the caller’s error', async () => {
    await using db = await openRepositories(...WORKS)
    const works = await db.repository<Work>('works')

    expect(idsOf(await works.search('title : moon OR story : quiet', { syntax: 'fts5' }))).toEqual([1])
    expect(idsOf(await works.search('moon* NOT sea', { syntax: 'fts5' }))).toEqual([4])
    expect(idsOf(await works.search('moon OR sea', { syntax: 'fts5', columns: ['title'], orderBy: 'id' }))).toEqual([
      1, 2,
    ])
    for (const text of ['"moon', 'moon AND', 'nope : moon', '*moon', '(', 'a NEAR/']) {
      await expect(works.search(text, { syntax: 'fts5' }), text).rejects.toMatchObject({
        code: 'NOORMME_VALIDATION',
        context: { subject: 'search' },
        cause: { code: 'NOORMME_STATEMENT' },
      })
    }
    for (const text of ['', ' ', 'a\0b']) {
      await expect(works.search(text, { syntax: 'fts5' })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    }
  })
})

describe('what cannot be searched', () => {
  test('is refused with the index to make', async () => {
    await using db = await openRepositories('CREATE TABLE "the works"(id INTEGER PRIMARY KEY, title TEXT, n INT)')
    const works = await db.repository('the works')

    await expect(works.search('x')).rejects.toMatchObject({
      code: 'NOORMME_VALIDATION',
      hint: expect.stringContaining(
        'CREATE VIRTUAL TABLE "the works_search" USING fts5("title", content="the works", content_rowid="id")',
      ),
    })
    // The statement that the hint gives works.
    const hint = await works.search('x').catch((error: { hint: string }) => error.hint)
    await db.engine.execute({ sql: /CREATE .*\)/.exec(String(hint))?.[0] ?? '' })
    expect(await (await db.repository('the works')).search('x')).toEqual([])
  })

  test('has to be said where there are two indexes', async () => {
    await using db = await openRepositories(...WORKS, "CREATE VIRTUAL TABLE b USING fts5(title, content='WORKS')")
    const works = await db.repository<Work>('works')

    await expect(works.search('moon')).rejects.toThrow(/could use "b" or "works_fts"/)
    expect(idsOf(await works.search('moon', { using: 'works_fts' }))).toEqual([2, 1])
  })

  test('options are checked, and names that are none are answered with the nearest', async () => {
    await using db = await openRepositories(...WORKS)
    const works = await db.repository<Work>('works')

    for (const [options, message] of [
      [{ limit: 0 }, /limit must be a whole number from 1 to 1000/],
      [{ offset: -1 }, /offset must be/],
      [{ syntax: 'sql' }, /syntax must be/],
      [{ prefix: 1 }, /prefix must be true or false/],
      [{ prefix: true, syntax: 'fts5' }, /prefix is for words/],
      [{ columns: [] }, /columns must be an array/],
      [{ columns: ['likes'] }, /table "works_fts" has no column "likes"/],
      [{ columns: ['rank'] }, /no column "rank"/],
      [{ highlight: ['titel'] }, /no column "titel"\. Did you mean "title"/],
      [{ snippet: [5] }, /snippet\[0\] must be the name of a column/],
      [{ snippetWords: 65 }, /from 1 to 64/],
      [{ weights: { title: Number.NaN } }, /weights\.title must be a number/],
      [{ weights: [1] }, /weights must be an object/],
      [{ using: 5 }, /using must be the name/],
      [{ wheer: {} }, /have no "wheer". Did you mean "where"/],
      [{ where: { nope: 1 } }, /no column "nope"/],
    ] as const) {
      await expect(works.search('moon', options as never), String(message)).rejects.toThrow(message)
    }
    await expect(works.search(undefined as never)).rejects.toThrow(/needs a text to look for, got undefined/)
    await expect(works.search('', { limit: 0 })).rejects.toThrow(/limit/)
  })
})

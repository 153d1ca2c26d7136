import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'
import { plainExecutor } from '../../../test/support/plain-executor.ts'
import type { Executor, Statement } from '../../engine/types.ts'

const TABLES = [
  'CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
  'CREATE TABLE works (id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists, title TEXT, seen TEXT)',
  'CREATE TABLE comments (id INTEGER PRIMARY KEY, work_id INTEGER REFERENCES works, parent_id INTEGER REFERENCES comments, body TEXT)',
  'CREATE INDEX comments_by_work ON comments (work_id, id)',
  'CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT)',
  'CREATE TABLE work_tags (work_id INTEGER REFERENCES works, tag_id INTEGER REFERENCES tags, PRIMARY KEY (work_id, tag_id)) WITHOUT ROWID',
  "INSERT INTO artists VALUES (1, 'Mira'), (2, 'Per')",
  "INSERT INTO works VALUES (1, 1, 'one', '2026-01-01'), (2, 1, 'two', NULL), (3, NULL, 'three', NULL)",
  "INSERT INTO comments VALUES (1, 1, NULL, 'a'), (2, 1, 1, 'b'), (3, 2, NULL, 'c'), (4, 1, 1, 'd')",
  "INSERT INTO tags VALUES (1, 'red'), (2, 'blue')",
  'INSERT INTO work_tags VALUES (1, 1), (1, 2), (3, 2)',
]
const ONE = { id: 1, artist_id: 1, title: 'one', seen: '2026-01-01' }
const MIRA = { id: 1, name: 'Mira' }

async function openGallery(...more: string[]) {
  const db = await openRepositories(...TABLES, ...more)
  return { db, works: await db.repository('works'), [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() }
}

describe('with', () => {
  test('brings one row, many rows, rows over a join table, and rows of rows', async () => {
    await using gallery = await openGallery()

    const work = await gallery.works.findById(1, {
      with: {
        artist: { select: ['name'], with: { works: { select: ['id'], orderBy: 'id' } } },
        comments: { where: { parent_id: null }, with: { comments: { orderBy: { id: 'desc' }, limit: 1 } } },
        tags: { orderBy: 'name' },
      },
    })

    expect(work).toEqual({
      ...ONE,
      artist: { name: 'Mira', works: [{ id: 1 }, { id: 2 }] },
      comments: [
        {
          id: 1,
          work_id: 1,
          parent_id: null,
          body: 'a',
          comments: [{ id: 4, work_id: 1, parent_id: 1, body: 'd' }],
        },
      ],
      tags: [
        { id: 2, name: 'blue' },
        { id: 1, name: 'red' },
      ],
    })
  })

  test('is null or an empty array where there is nothing, and no row is lost or doubled for it', async () => {
    await using gallery = await openGallery()
    const rows = await gallery.works.findAll({ orderBy: 'id', select: ['id'], with: { artist: true, comments: true } })

    expect(rows.map(({ artist, comments }) => [artist, comments.length])).toEqual([
      [MIRA, 3],
      [MIRA, 1],
      [null, 0],
    ])
    expect(Object.keys(rows[0] ?? {})).toEqual(['id', 'artist', 'comments'])
  })

  test('gives each row objects of its own', async () => {
    await using gallery = await openGallery()
    const [first, second] = await gallery.works.findAll({ orderBy: 'id', with: { artist: true } })
    first?.artist && (first.artist.name = 'changed')

    expect(second?.artist).toEqual(MIRA)
  })

  test('limit and offset count for each row that the rows belong to, in the order given or by primary key', async () => {
    await using gallery = await openGallery()
    const ids = async (comments: object) =>
      (await gallery.works.findAll({ orderBy: 'id', with: { comments } })).map((work) =>
        work.comments.map(({ id }: { id: number }) => id),
      )

    expect(await ids({ limit: 2 })).toEqual([[1, 2], [3], []])
    expect(await ids({ limit: 1, orderBy: { id: 'desc' } })).toEqual([[4], [3], []])
    expect(await ids({ offset: 1 })).toEqual([[2, 4], [], []])
    expect(await ids({ limit: 1, offset: 1, orderBy: 'body', orderDirection: 'desc' })).toEqual([[2], [], []])
    expect(await ids({ limit: 0 })).toEqual([[], [], []])
  })

  test('false, undefined and an empty object load nothing', async () => {
    await using gallery = await openGallery()
    for (const nothing of [{}, { artist: false }, { artist: undefined }]) {
      expect(await gallery.works.findById(1, { with: nothing })).toEqual(ONE)
    }
    expect(await gallery.works.findById(9, { with: { artist: true } })).toBeNull()
  })

  test('comes with findOne, findById and paginate too, total and rows from one statement', async () => {
    await using gallery = await openGallery()

    expect(await gallery.works.findOne({ where: { title: 'one' }, with: { artist: true } })).toEqual({
      ...ONE,
      artist: MIRA,
    })
    const page = await gallery.works.paginate({ page: 2, limit: 1, with: { tags: true }, withCount: ['comments'] })
    expect(page.data).toEqual([{ id: 2, artist_id: 1, title: 'two', seen: null, commentsCount: 1, tags: [] }])
    expect(page.pagination).toMatchObject({ total: 3, totalPages: 3, hasNext: true })
    expect(await gallery.works.paginate({ page: 9, with: { tags: true } })).toMatchObject({
      data: [],
      pagination: { total: 3 },
    })
  })

  test('a Date meets the form of dates in the column, at any depth', async () => {
    await using gallery = await openGallery()
    const works = { where: { seen: { lte: new Date('2026-01-01') } } }
    const artists = await gallery.db.repository('artists')

    expect((await artists.findById(1, { with: { works } }))?.works).toHaveLength(1)
    expect(await artists.count({ works: { some: works.where } })).toBe(1)
    expect((await artists.findById(1, { withCount: { works } }))?.worksCount).toBe(1)
    const page = await gallery.works.paginate({ ...works, with: { artist: true } })
    expect(page.pagination.total).toBe(1)
  })
})

describe('values', () => {
  test('are as exact and as decoded as those of a row by itself', async () => {
    await using db = await openRepositories(
      'CREATE TABLE boxes (id BIGINT PRIMARY KEY)',
      `CREATE TABLE things (id INTEGER PRIMARY KEY, box BIGINT REFERENCES boxes, big BIGINT, real REAL, bytes BLOB, yes BOOLEAN,
         data JSON, "__proto__" BOOLEAN, at DATETIME)`,
    )
    const big = 2n ** 62n + 1n
    await (await db.repository('boxes')).create({ id: big })
    const things = await db.repository('things', { dates: 'date' })
    const thing = await things.create({
      box: big,
      big: -big,
      real: 0.1 + 0.2,
      bytes: new Uint8Array([0, 255]),
      yes: true,
      data: { a: [1, null] },
      at: new Date('2026-02-03T04:05:06.789Z'),
      ['__proto__']: false,
    })

    const boxes = await db.repository('boxes', { dates: 'date' })
    const [box] = await boxes.findAll({ with: { things: true } })

    expect(box?.things).toEqual([thing])
    expect(Object.hasOwn(box?.things[0], '__proto__')).toBe(true)
    expect(box?.things[0].bytes).toBeInstanceOf(Uint8Array)
    expect(await things.findById(1, { with: { box_: false } as never }).catch(({ code }) => code)).toBe(
      'NOORMME_RELATIONSHIP_NOT_FOUND',
    )
    expect((await things.findOne({ with: { boxes: true } }))?.boxes).toEqual({ id: big })
  })

  test('names are any names, also those of objects and of statements', async () => {
    await using db = await openRepositories(
      'CREATE TABLE "a ""quoted""" ("key" INTEGER PRIMARY KEY, "§0" TEXT)',
      'CREATE TABLE "__proto__" ("select" INTEGER PRIMARY KEY, "the_id" INTEGER REFERENCES "a ""quoted""")',
      `INSERT INTO "a ""quoted""" VALUES (7, 'x')`,
      'INSERT INTO "__proto__" VALUES (1, 7)',
    )
    const rows = await (await db.repository('a "quoted"')).findAll({
      with: Object.fromEntries([['__proto__', { with: { the: true }, limit: 1 }]]),
      withCount: ['__proto__'],
    })

    expect(Object.entries(rows[0] ?? {})).toEqual([
      ['key', 7],
      ['§0', 'x'],
      ['__proto__Count', 1],
      ['__proto__', [{ select: 1, the_id: 7, the: { key: 7, '§0': 'x' } }]],
    ])
  })

  test('rows that are wider than those that belong to them, and the other way round', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `c${index}`)
    await using db = await openRepositories(
      `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${many.join(', ')})`,
      'CREATE TABLE narrow (id INTEGER PRIMARY KEY, wide_id INTEGER REFERENCES wide)',
      `INSERT INTO wide SELECT value, ${many.map((_, index) => `value * 100 + ${index}`)} FROM generate_series(1, 3)`.replace(
        'generate_series(1, 3)',
        "json_each('[1,2,3]')",
      ),
      'INSERT INTO narrow VALUES (1, 1), (2, 3), (3, 3)',
    )
    const wide = await db.repository('wide')
    const plain = await wide.findAll({ orderBy: 'id' })

    const rows = await wide.findAll({ orderBy: 'id', with: { narrow: { orderBy: 'id', with: { wide: true } } } })

    const [first, second, third] = plain
    expect(rows).toEqual([
      { ...first, narrow: [{ id: 1, wide_id: 1, wide: first }] },
      { ...second, narrow: [] },
      {
        ...third,
        narrow: [
          { id: 2, wide_id: 3, wide: third },
          { id: 3, wide_id: 3, wide: third },
        ],
      },
    ])
  })

  test('more rows than a statement has parameters', async () => {
    await using db = await openRepositories(
      'CREATE TABLE boxes (id INTEGER PRIMARY KEY)',
      'CREATE TABLE things (id INTEGER PRIMARY KEY, box_id INTEGER REFERENCES boxes)',
      'CREATE INDEX things_by_box ON things (box_id)',
      'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 40000) INSERT INTO boxes SELECT i FROM n',
      'INSERT INTO things SELECT id, id FROM boxes',
    )
    const boxes = await db.repository('boxes')
    const wrong = (rows: readonly Record<string, unknown>[]) =>
      rows.filter(({ id, things }) => (things as { id: unknown }[])[0]?.id !== id).length

    const rows = await boxes.findAll({ with: { things: true } })
    expect([rows.length, wrong(rows)]).toEqual([40_000, 0])
    const loaded = await boxes.loadRelationships(await boxes.findAll(), ['things'])
    expect([loaded.length, wrong(loaded)]).toEqual([40_000, 0])
  })

  test('what belongs together is told by numbers, not by the order in which SQLite returns rows', async () => {
    await using gallery = await openGallery()
    const options = {
      orderBy: { id: 'desc' },
      with: { comments: { orderBy: 'id', with: { comments: { orderBy: 'id' } } }, artist: true },
    } as const
    const expected = await gallery.works.findAll(options)

    const database = new Database(gallery.db.path)
    database.pragma('reverse_unordered_selects = ON')
    const executor = plainExecutor(database) as unknown as Executor
    const rows = await (await gallery.db.repository('works', { executor })).findAll(options)
    database.close()

    const ids = (row: Record<string, unknown>): unknown => [
      row.id,
      ...((row.comments as Record<string, unknown>[]) ?? []).map(ids).sort(),
    ]
    expect(rows.map(ids)).toEqual(expected.map(ids))
  })

  test('keys of different types are compared as foreign keys are', async () => {
    await using db = await openRepositories(
      'CREATE TABLE parents (id INTEGER PRIMARY KEY)',
      'CREATE TABLE children (id INTEGER PRIMARY KEY, mother TEXT REFERENCES parents, father REFERENCES parents)',
      'INSERT INTO parents VALUES (1), (2)',
      "INSERT INTO children VALUES (1, '1', 2)",
    )
    const parents = await db.repository('parents')
    const relations = ['children_by_mother', 'children_by_father']
    const child = { id: 1, mother: '1', father: 2 }

    expect(await parents.loadRelationships(await parents.findAll({ withCount: relations }), relations)).toEqual([
      {
        id: 1,
        children_by_motherCount: 1,
        children_by_fatherCount: 0,
        children_by_mother: [child],
        children_by_father: [],
      },
      {
        id: 2,
        children_by_motherCount: 0,
        children_by_fatherCount: 1,
        children_by_mother: [],
        children_by_father: [child],
      },
    ])
    expect(await (await db.repository('children')).findOne({ with: { parents_by_mother: true } })).toEqual({
      ...child,
      parents_by_mother: { id: 1 },
    })
    expect(await parents.count({ children_by_mother: { some: {} } })).toBe(1)
  })

  test('a key that is compared without case finds one row and no second parent', async () => {
    await using db = await openRepositories(
      'CREATE TABLE codes (code TEXT COLLATE NOCASE PRIMARY KEY)',
      'CREATE TABLE notes (code TEXT PRIMARY KEY REFERENCES codes)',
      "INSERT INTO codes VALUES ('De')",
      "INSERT INTO notes VALUES ('DE'), ('de')",
    )
    const rows = await (await db.repository('codes')).findAll({ with: { notes: true } })

    expect(rows).toEqual([{ code: 'De', notes: { code: expect.stringMatching(/^de$/i) } }])
    expect(await (await db.repository('notes')).count({ codes: { code: 'De' } })).toBe(2)
  })
})

describe('counts', () => {
  test('come without the rows, with conditions, for every kind of relation', async () => {
    await using gallery = await openGallery()

    expect(await gallery.works.withCount(1, ['comments', 'tags', 'artist'])).toEqual({
      ...ONE,
      commentsCount: 3,
      tagsCount: 2,
      artistCount: 1,
    })
    expect(await gallery.works.withCount(9, ['comments'])).toBeNull()
    const rows = await gallery.works.findAll({
      select: ['id'],
      where: { title: { ne: 'three' } },
      orderBy: 'id',
      withCount: { comments: { where: { comments: { some: {} } } }, tags: false },
      with: { artist: { withCount: ['works'] } },
    })
    expect(rows).toEqual([
      { id: 1, commentsCount: 1, artist: { ...MIRA, worksCount: 2 } },
      { id: 2, commentsCount: 0, artist: { ...MIRA, worksCount: 2 } },
    ])
  })

  test('a column of that name is an error', async () => {
    await using gallery = await openGallery('ALTER TABLE works ADD COLUMN tagsCount INTEGER')
    await expect(gallery.works.withCount(1, ['tags'])).rejects.toMatchObject({
      code: 'NOORMME_VALIDATION',
      message: expect.stringContaining('"tagsCount"'),
    })
  })
})

describe('rows that are there already', () => {
  test('loadRelationships sets relations on the given rows, whichever columns they have', async () => {
    await using gallery = await openGallery()
    const rows = [{ id: 3 }, { id: 1, mine: true }, { id: 99 }, { id: 1 }]

    const loaded = await gallery.works.loadRelationships(rows, ['artist', 'comments.comments'])

    expect(loaded[1]).toBe(rows[1])
    expect(rows[0]).toEqual({ id: 3, artist: null, comments: [] })
    expect(rows[1]).toMatchObject({ mine: true, artist: MIRA })
    expect(rows[2]).toEqual({ id: 99, artist: null, comments: [] })
    expect(loaded[3]?.comments.map(({ comments }: { comments: object[] }) => comments.length)).toEqual([2, 0, 0])
    expect(await gallery.works.loadRelationships([], ['artist'])).toEqual([])
  })

  test('keys of several columns, of bytes and of big integers are found exactly', async () => {
    const big = 2n ** 60n
    await using db = await openRepositories(
      'CREATE TABLE parents (a BIGINT, b BLOB, c TEXT, PRIMARY KEY (a, b, c)) WITHOUT ROWID',
      'CREATE TABLE children (id INTEGER PRIMARY KEY, a BIGINT, b BLOB, c TEXT, FOREIGN KEY (a, b, c) REFERENCES parents)',
    )
    const parents = await db.repository('parents')
    const keys = [big, big + 1n].flatMap((a) =>
      [1, 2].flatMap((byte) => ['x\0y', 'é'].map((c) => ({ a, b: new Uint8Array([byte]), c }))),
    )
    await parents.createMany(keys)
    await (await db.repository('children')).createMany(keys)

    const loaded = await parents.loadRelationships(await parents.findAll(), { children: { limit: 5 } })

    expect(loaded).toHaveLength(8)
    for (const { children, ...key } of loaded) expect(children).toEqual([{ id: expect.any(Number), ...key }])
  })

  test('a row without its key, and rows that are none, are errors; the rows are as they were', async () => {
    await using gallery = await openGallery()
    const rows = [{ id: 1 }, { title: 'one' }]

    await expect(gallery.works.loadRelationships(rows, ['artist'])).rejects.toMatchObject({
      code: 'NOORMME_VALIDATION',
    })
    await expect(gallery.works.loadRelationships(rows, ['artits'])).rejects.toMatchObject({
      code: 'NOORMME_RELATIONSHIP_NOT_FOUND',
    })
    for (const wrong of [5, [5], null]) {
      await expect(gallery.works.loadRelationships(wrong as never, ['artist'])).rejects.toMatchObject({
        code: 'NOORMME_VALIDATION',
      })
    }
    expect(rows).toEqual([{ id: 1 }, { title: 'one' }])
  })

  test('findWithRelations takes paths, or an object as with does', async () => {
    await using gallery = await openGallery()

    const work = await gallery.works.findWithRelations(1, ['artist', 'comments', 'comments.comments', 'artist.works'])
    expect(work).toMatchObject({ ...ONE, artist: { ...MIRA, works: [{ id: 1 }, { id: 2 }] } })
    expect(work?.comments.map(({ comments }: { comments: object[] }) => comments.length)).toEqual([2, 0, 0])
    expect(await gallery.works.findWithRelations(1, { tags: { limit: 1 } })).toMatchObject({ tags: [{ id: 1 }] })
    expect(await gallery.works.findWithRelations(9, ['artist'])).toBeNull()
  })
})

describe('conditions on relations', () => {
  test('on one row, on its absence, and on many', async () => {
    await using gallery = await openGallery()
    const ids = async (where: object) => (await gallery.works.findAll({ where, orderBy: 'id' })).map(({ id }) => id)

    expect(await ids({ artist: { name: 'Mira' } })).toEqual([1, 2])
    expect(await ids({ artist: null })).toEqual([3])
    expect(await ids({ not: { artist: { name: 'Mira' } } })).toEqual([3])
    expect(await ids({ comments: { some: {} } })).toEqual([1, 2])
    expect(await ids({ comments: { none: { body: 'a' } } })).toEqual([2, 3])
    expect(await ids({ comments: { every: { body: 'c' } } })).toEqual([2, 3])
    expect(await ids({ comments: { some: { body: 'a' }, none: { body: 'c' } }, title: 'one' })).toEqual([1])
    expect(await ids({ tags: { some: { works: { some: { artist: null } } } } })).toEqual([1, 3])
    expect(await ids({ or: [{ tags: { some: { name: 'red' } } }, { id: 3 }] })).toEqual([1, 3])
    expect(await gallery.works.count({ comments: { some: { comments: { some: { body: 'd' } } } } })).toBe(1)
    expect(await gallery.works.exists({ artist: { works: { none: {} } } })).toBe(false)
  })

  test('a table related to itself is told apart from itself', async () => {
    await using gallery = await openGallery()
    const comments = await gallery.db.repository('comments')

    expect(await comments.count({ parent: { body: 'a' } })).toBe(2)
    expect(await comments.count({ comments: { some: { parent: { comments: { some: { body: 'd' } } } } } })).toBe(1)
    expect(await comments.findAll({ where: { parent: null }, select: ['id'], orderBy: 'id' })).toEqual([
      { id: 1 },
      { id: 3 },
    ])
  })

  test('anything else is an error that names its place', async () => {
    await using gallery = await openGallery()
    const mistakes: [object, RegExp][] = [
      [{ comments: {} }, /where\.comments has no condition/],
      [{ comments: { body: 'a' } }, /where\.comments\.body is none of some, every, none/],
      [{ comments: null }, /where\.comments is a relation to many rows, got null/],
      [{ comments: { some: undefined } }, /where\.comments\.some is undefined/],
      [{ artist: 5 }, /where\.artist must be an object of conditions/],
      [{ artist: { name: undefined } }, /where\.artist\.name is undefined/],
      [{ comments: { every: { bdy: 1 } } }, /"comments" has no column "bdy"/],
    ]
    for (const [where, message] of mistakes) {
      await expect(gallery.works.findAll({ where: where as never })).rejects.toThrow(message)
    }
  })
})

describe('one statement', () => {
  test('is all that a tree of relations takes, whatever its depth and the number of rows', async () => {
    await using gallery = await openGallery()
    const { works, statements } = await watched(gallery.db)

    await works.findAll({
      with: { artist: { with: { works: true } }, tags: true, comments: { limit: 1 } },
      withCount: ['tags'],
    })
    await works.findById(1, { with: { comments: { with: { comments: { with: { comments: true } } } } } })
    await works.loadRelationships([{ id: 1 }, { id: 2 }], ['artist', 'tags'])
    await works.paginate({ limit: 2, with: { artist: true, tags: true } })

    expect(statements).toHaveLength(4)
  })

  test('a plain search is the statement that it would be without relations', async () => {
    await using gallery = await openGallery()
    const { works, statements } = await watched(gallery.db)

    await works.findAll({ where: { id: 1 } })
    await works.findById(1)

    expect(statements.map(({ sql }) => sql)).toEqual([
      'SELECT "id", "artist_id", "title", "seen" FROM "works" WHERE "id" = +?',
      'SELECT "id", "artist_id", "title", "seen" FROM "works" WHERE "id" = +?',
    ])
  })

  test('a limit for each row stops at it, by the index', async () => {
    await using gallery = await openGallery()
    const { works, statements } = await watched(gallery.db)
    await works.findAll({ with: { comments: { limit: 3, orderBy: { id: 'desc' } } } })

    const plan = await gallery.db.engine.execute({
      sql: `EXPLAIN QUERY PLAN ${statements[0]?.sql}`,
      parameters: statements[0]?.parameters ?? [],
    })

    const steps = plan.rows.map(({ detail }) => String(detail))
    expect(steps).toContain('SEARCH comments USING COVERING INDEX comments_by_work (work_id=?)')
    expect(steps).toContain('SEARCH comments USING INTEGER PRIMARY KEY (rowid=?)')
    expect(steps.filter((step) => step.startsWith('SCAN comments'))).toEqual([])
  })

  test('sees what its own transaction has written, and nothing that came after its snapshot', async () => {
    await using gallery = await openGallery()
    const { engine } = gallery.db
    const insert = { sql: "INSERT INTO comments VALUES (9, 3, NULL, 'new')" }
    const counted = async (executor: Executor) => {
      const works = await gallery.db.repository('works', { executor })
      return (await works.findById(3, { with: { comments: true } }))?.comments.length
    }

    await engine.snapshot(async (snapshot) => {
      expect(await counted(snapshot)).toBe(0)
      await engine.detached(() => engine.execute(insert))
      expect(await counted(snapshot)).toBe(0)
    })
    expect(await counted(engine)).toBe(1)
    await engine
      .transaction(async (tx) => {
        await tx.execute({ sql: 'DELETE FROM comments WHERE id = 9' })
        expect(await counted(tx)).toBe(0)
        throw new Error('undone')
      })
      .catch(() => {})
    expect(await counted(engine)).toBe(1)
  })
})

describe('mistakes', () => {
  test('each is an error that says what and where', async () => {
    await using gallery = await openGallery()
    const mistakes: [string, object, RegExp][] = [
      ['an unknown name', { with: { artists: true } }, /"works" has no relation "artists"\. Did you mean "artist"\?/],
      ['a column', { with: { artist_id: true } }, /"works" has no relation "artist_id"\. Did you mean "artist"\?/],
      ['an unknown name that is off', { with: { artits: false } }, /no relation "artits"/],
      ['an unknown name below', { with: { artist: { with: { work: true } } } }, /"artists" has no relation "work"/],
      ['an unknown count', { withCount: ['comment'] }, /"works" has no relation "comment"/],
      ['neither true nor options', { with: { artist: 1 } }, /with\.artist must be true, false or an object/],
      ['no object', { with: ['artist'] }, /with must be an object of relations, got an array/],
      [
        'an unknown option',
        { with: { comments: { were: {} } } },
        /the options of with\.comments have no "were"\. Did you mean "where"/,
      ],
      ['many in one', { with: { artist: { limit: 1 } } }, /with\.artist brings one row, so it has no "limit"/],
      ['a wrong limit', { with: { comments: { limit: -1 } } }, /with\.comments\.limit must be a whole number/],
      [
        'a wrong where',
        { with: { comments: { where: { body: undefined } } } },
        /with\.comments\.where\.body is undefined/,
      ],
      ['a wrong column', { with: { comments: { select: ['titel'] } } }, /"comments" has no column "titel"/],
      ['a wrong select', { with: { comments: { select: [] } } }, /with\.comments\.select must be an array/],
      ['a name twice', { with: { artist: true, Artist: true } }, /with\.Artist is the same relation/],
      ['a wrong count', { withCount: { comments: 3 } }, /withCount\.comments must be true, false or \{ where \}/],
      ['no list of counts', { withCount: 'comments' }, /withCount must be an array or an object/],
      ['a count twice', { withCount: ['tags', 'tags'] }, /withCount\[1\] is the same relation/],
    ]
    for (const [mistake, options, message] of mistakes) {
      await expect(gallery.works.findAll(options as never), mistake).rejects.toThrow(message)
    }
  })

  test('options of other libraries, and relations given as options, are told where they belong', async () => {
    await using gallery = await openGallery()
    for (const option of ['include', 'relations']) {
      await expect(gallery.works.findAll({ [option]: { artist: true } })).rejects.toThrow(
        `no "${option}". Did you mean "with"?`,
      )
    }
    await expect(gallery.works.findById(1, { artist: true } as never)).rejects.toMatchObject({
      code: 'NOORMME_VALIDATION',
      hint: 'Relations stand under with: { with: { artist: true } }.',
    })
  })

  test('an unknown relation tells which there are', async () => {
    await using gallery = await openGallery('CREATE VIEW titles AS SELECT title FROM works')
    await expect(gallery.works.findById(1, { with: { x: true } })).rejects.toMatchObject({
      code: 'NOORMME_RELATIONSHIP_NOT_FOUND',
      hint: 'Its relations: artist, comments, work_tags, tags.',
      context: { table: 'works', relation: 'x', nearest: [] },
    })
    const titles = await gallery.db.repository('titles')
    await expect(titles.findAll({ with: { works: true } })).rejects.toMatchObject({
      code: 'NOORMME_RELATIONSHIP_NOT_FOUND',
      hint: expect.stringContaining('No foreign key'),
    })
  })

  test('a tree that refers to itself, or is too deep or too wide, is refused before anything is read', async () => {
    await using gallery = await openGallery()
    const circle: Record<string, unknown> = {}
    circle.comments = { with: circle }
    const comments = await gallery.db.repository('comments')
    await expect(comments.findAll({ with: circle as never })).rejects.toThrow(/is nested deeper than 12 relations/)

    const twelve = Array(12).fill('comments').join('.')
    expect(await comments.findWithRelations(1, [twelve])).toMatchObject({ id: 1 })
    const wide = (depth: number): object =>
      depth === 0 ? {} : { parent: { with: wide(depth - 1) }, comments: { with: wide(depth - 1) } }
    await expect(comments.findAll({ with: wide(5) as never })).rejects.toThrow(/is one of more than 48 relations/)
  })

  test('a key that is not whole, and a table without one', async () => {
    await using db = await openRepositories(
      'CREATE TABLE parents (a, b, PRIMARY KEY (a, b))',
      'CREATE TABLE logs (a, b, FOREIGN KEY (a, b) REFERENCES parents)',
    )
    const parents = await db.repository('parents')
    await expect(parents.findWithRelations({ a: 1 }, ['logs'])).rejects.toThrow(
      /findWithRelations of "parents" needs a value/,
    )
    const logs = await db.repository('logs')
    await expect(logs.withCount(1, ['parents'])).rejects.toThrow(/withCount of "logs" needs a primary key/)
    await expect(logs.loadRelationships([], ['parents'])).rejects.toThrow(/needs a primary key/)
    await parents.create({ a: 1, b: 2 })
    await logs.create({ a: 1, b: 2 })
    await logs.create({ a: 1, b: 2 })
    expect(await parents.findAll({ with: { logs: { limit: 1 } } })).toEqual([{ a: 1, b: 2, logs: [{ a: 1, b: 2 }] }])
    expect((await logs.findAll({ with: { parents: true } }))[1]).toEqual({ a: 1, b: 2, parents: { a: 1, b: 2 } })
  })

  test('a call that is aborted reads nothing', async () => {
    await using gallery = await openGallery()
    const signal = AbortSignal.abort()
    await expect(gallery.works.findAll({ with: { tags: true }, signal })).rejects.toMatchObject({
      code: 'NOORMME_ABORTED',
    })
    await expect(gallery.works.findWithRelations(1, ['tags'], { signal })).rejects.toMatchObject({
      code: 'NOORMME_ABORTED',
    })
    await expect(gallery.works.loadRelationships([{ id: 1 }], ['tags'], { signal })).rejects.toMatchObject({
      code: 'NOORMME_ABORTED',
    })
  })
})

/** A repository that keeps what it sends. */
async function watched(db: Awaited<ReturnType<typeof openRepositories>>) {
  const statements: Statement[] = []
  const executor: Pick<Executor, 'execute'> = {
    execute: (statement, options) => {
      statements.push(statement)
      return db.engine.execute(statement, options)
    },
  }
  return { works: await db.repository('works', { executor: executor as Executor }), statements }
}

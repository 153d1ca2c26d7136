import { describe, expect, test } from 'vitest'
import { openGallery } from '../../../test/support/open-gallery.ts'
import { openRepositories } from '../../../test/support/open-repositories.ts'

const ONE = { id: 1, artist_id: 1, title: 'one', seen: '2026-01-01' }
const MIRA = { id: 1, name: 'Mira' }

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

  test('brings rows in the order of their keys where nothing else is said, and among equal ones', async () => {
    await using db = await openRepositories(
      'CREATE TABLE a (id INTEGER PRIMARY KEY)',
      'CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL REFERENCES a, rank INTEGER NOT NULL)',
      'CREATE INDEX b_by_a ON b (a_id, rank DESC)',
      'INSERT INTO a VALUES (1)',
      'INSERT INTO b VALUES (5, 1, 0), (3, 1, 1), (4, 1, 1), (1, 1, 2), (2, 1, 0)',
    )
    const rows = await db.repository('a')
    const ids = async (b: object | true) =>
      (await rows.findAll({ with: { b } })).map((row) => (row.b as { id: number }[]).map(({ id }) => id))

    expect(await ids(true)).toEqual([[1, 2, 3, 4, 5]])
    expect(await ids({ orderBy: 'rank' })).toEqual([[2, 5, 3, 4, 1]])
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

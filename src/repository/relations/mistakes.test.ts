import { describe, expect, test } from 'vitest'
import { openGallery } from '../../../test/support/open-gallery.ts'
import { openRepositories } from '../../../test/support/open-repositories.ts'

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

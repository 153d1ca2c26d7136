import { describe, expect, test } from 'vitest'
import { openGallery, watchedWorks } from '../../../test/support/open-gallery.ts'
import type { Executor } from '../../engine/types.ts'

describe('one statement', () => {
  test('is all that a tree of relations takes, whatever its depth and the number of rows', async () => {
    await using gallery = await openGallery()
    const { works, statements } = await watchedWorks(gallery.db)

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
    const { works, statements } = await watchedWorks(gallery.db)

    await works.findAll({ where: { id: 1 } })
    await works.findById(1)

    expect(statements.map(({ sql }) => sql)).toEqual([
      'SELECT "id", "artist_id", "title", "seen" FROM "works" WHERE "id" = +?',
      'SELECT "id", "artist_id", "title", "seen" FROM "works" WHERE "id" = +?',
    ])
  })

  test('a limit for each row stops at it, by the index', async () => {
    await using gallery = await openGallery()
    const { works, statements } = await watchedWorks(gallery.db)
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

/** Full-text search, where the database has it. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { ARTISTS, type Artist, type Backend, tablesFor, WORKS, type Work } from './backend.ts'
import { idsOf, sharedTables } from './fixtures.ts'

export function search(backend: Backend): void {
  if (backend.lacks.includes('search')) return

  test('finds words, in order of their rank or another, with conditions, in pieces, and in transactions', async () => {
    const { db, close } = await backend.open([
      ...tablesFor(backend),
      ...backend.searchIndex('works', ['title', 'status']),
    ])
    onTestFinished(close)
    const works = db.getRepository<Work>('works')
    await db.getRepository<Artist>('artists').createMany(ARTISTS)
    await works.createMany(WORKS)
    const found = async (...given: Parameters<typeof works.search>) =>
      idsOf((await works.search(...given)).map(({ row }) => row))

    expect(await found('moon')).toEqual([1])
    expect(await found('moon', { prefix: true, orderBy: { id: 'desc' } })).toEqual([2, 1])
    expect(await found('listed', { where: { likes: { lt: 6 } }, orderBy: 'id', offset: 1 })).toEqual([4])
    expect(await found('listed', { columns: ['title'] })).toEqual([])
    expect(await found('listed', { where: { artist: { name: 'Noor' } } as object })).toEqual([4])
    expect(await found('" OR * NOT (')).toEqual([])
    const [hit] = await works.search('dunes', { select: ['likes'], highlight: ['title'] })
    expect(hit).toMatchObject({ row: { likes: 2 }, highlights: { title: [{ text: 'Dunes', match: true }] } })

    const failing = db.transaction(async (tx) => {
      await tx.getRepository<Work>('works').create({ artist_id: 1, title: 'Full moon' })
      expect(await works.search('full moon')).toHaveLength(1)
      throw new Error('undo')
    })
    await expect(failing).rejects.toThrow('undo')
    expect(await found('full')).toEqual([])
    await expect(works.search('x', { columns: ['titel'] })).rejects.toMatchObject({ context: { nearest: ['title'] } })
    await expect(works.search(7 as unknown as string)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
  })

  describe('without an index', () => {
    const tables = sharedTables(backend)

    test('is refused', async () => {
      await expect(tables().works.search('moon')).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    })
  })
}

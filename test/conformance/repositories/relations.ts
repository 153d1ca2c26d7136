/** Rows with the rows that belong to them: loaded, counted, asked for, and made together. */
import type { Where } from 'noormme'
import { describe, expect, test } from 'vitest'
import { ARTISTS, type Backend, LABELS, WORKS, type Work } from './backend.ts'
import { freshTables, idsOf, sharedTables } from './fixtures.ts'

export function relations(backend: Backend): void {
  const tables = sharedTables(backend)

  describe('with', () => {
    test('brings the one row that a key refers to, or null', async () => {
      const rows = await tables().works.findAll({ with: { artist: true }, orderBy: 'id' })
      expect(rows).toEqual(WORKS.map((work) => ({ ...work, artist: ARTISTS.find(({ id }) => id === work.artist_id) })))
      const labels = await tables().labels.findAll({ with: { parent: { select: ['name'] } }, orderBy: 'id' })
      expect(labels.map(({ parent }) => parent)).toEqual([null, { name: 'sky' }, null])
    })

    test('brings the rows that refer to one, and those behind a join table, perhaps none', async () => {
      const artist = await tables().artists.findById(1, { with: { works: { orderBy: 'id' } } })
      expect(artist).toEqual({ ...ARTISTS[0], works: WORKS.slice(0, 2) })
      const works = await tables().works.findAll({ with: { labels: { orderBy: 'id' } }, orderBy: 'id', limit: 3 })
      expect(works.map(({ labels }) => labels)).toEqual([[LABELS[0], LABELS[1]], [LABELS[1]], []])
    })

    test('takes conditions, an order, columns and a limit for each row', async () => {
      const artists = await tables().artists.findAll({
        orderBy: 'id',
        select: ['id'],
        with: { works: { where: { likes: { gt: 1 } }, orderBy: { likes: 'desc' }, limit: 1, select: ['title'] } },
      })
      expect(artists).toEqual([
        { id: 1, works: [{ title: 'Moonrise' }] },
        { id: 2, works: [{ title: '100% wool' }] },
        { id: 3, works: [{ title: 'Dunes' }] },
      ])
    })

    test('goes on to relations of relations, of the same table too', async () => {
      const work = await tables().works.findOne({
        where: { id: 1 },
        select: ['id'],
        with: {
          artist: { select: ['name'], with: { works: { select: ['id'], orderBy: 'id' } } },
          labels: { where: { parent_id: 1 }, with: { parent: true } },
        },
      })
      expect(work).toEqual({
        id: 1,
        artist: { name: 'Mira', works: [{ id: 1 }, { id: 2 }] },
        labels: [{ ...LABELS[1], parent: LABELS[0] }],
      })
    })

    test('takes part in pages, and leaves their number as it is', async () => {
      const { data, pagination } = await tables().artists.paginate({ limit: 2, orderBy: 'id', with: { works: true } })
      expect(data.map(({ works }) => works.length)).toEqual([2, 2])
      expect(pagination).toMatchObject({ total: 3, totalPages: 2 })
    })
  })

  describe('withCount', () => {
    test('counts rows without loading them, those that meet conditions too', async () => {
      const rows = await tables().works.findAll({
        orderBy: 'id',
        limit: 3,
        select: ['id'],
        withCount: { labels: { where: { parent_id: 1 } }, work_labels: true },
      })
      expect(rows).toEqual([
        { id: 1, labelsCount: 1, work_labelsCount: 2 },
        { id: 2, labelsCount: 1, work_labelsCount: 1 },
        { id: 3, labelsCount: 0, work_labelsCount: 0 },
      ])
    })

    test('is a method for one row, which may not be there', async () => {
      expect(await tables().artists.withCount(2, ['works'])).toEqual({ ...ARTISTS[1], worksCount: 2 })
      expect(await tables().artists.withCount(77, ['works'])).toBeNull()
    })
  })

  describe('by path', () => {
    test('findWithRelations finds one row with its relations', async () => {
      const work = await tables().works.findWithRelations(2, ['artist', 'labels.parent'])
      expect(work).toEqual({ ...WORKS[1], artist: ARTISTS[0], labels: [{ ...LABELS[1], parent: LABELS[0] }] })
      expect(await tables().works.findWithRelations(77, ['artist'])).toBeNull()
    })

    test('loadRelationships completes rows that are there', async () => {
      const rows = [{ id: 3, mine: true }, { id: 1 }, { id: 77 }]
      const loaded = await tables().works.loadRelationships(rows, ['artist', 'labels'])
      expect(loaded[0]).toEqual({ id: 3, mine: true, artist: ARTISTS[1], labels: [] })
      expect(loaded[1]?.labels).toHaveLength(2)
      expect(loaded[2]).toEqual({ id: 77, artist: null, labels: [] })
    })
  })

  describe('a condition', () => {
    const MEETING: [string, Where<Work>, number[]][] = [
      ['on the one row', { artist: { name: 'Mira' } } as object, [1, 2]],
      ['on some of many', { labels: { some: { name: 'night' } } } as object, [1, 2]],
      ['on none of many', { labels: { none: {} } } as object, [3, 4, 5]],
      ['on every one of many', { labels: { every: { parent_id: 1 } }, id: { lt: 4 } } as object, [2, 3]],
      ['on relations of relations', { labels: { some: { parent: { name: 'sky' } } } } as object, [1, 2]],
      ['beside others', { or: [{ artist: { country: null } }, { likes: 2 }], not: { id: 4 } } as object, [3, 5]],
    ]
    test.each(MEETING)('%s', async (_where, where, ids) => {
      expect(idsOf(await tables().works.findAll({ where, orderBy: 'id' }))).toEqual(ids)
      expect(await tables().works.count(where)).toBe(ids.length)
    })

    test('that there is no row, and that there are some', async () => {
      const orphans = { parent: null } as object
      expect(idsOf(await tables().labels.findAll({ where: orphans, orderBy: 'id' }))).toEqual([1, 3])
      expect(await tables().labels.exists({ works: { some: { id: 2 } } } as object)).toBe(true)
    })

    test('decides which rows are changed and removed', async () => {
      const { works, labels } = await freshTables(backend)
      const night = { labels: { some: { name: 'night' } } } as object
      expect(await works.updateMany(night, { status: 'sold' })).toEqual({ count: 2 })
      expect(await works.count({ status: 'sold' })).toBe(3)
      expect(await works.deleteMany(night)).toEqual({ count: 2 })
      expect(await labels.deleteMany({ works: { none: {} }, labels: { none: {} } } as object)).toEqual({ count: 2 })
      expect(idsOf(await labels.findAll())).toEqual([1])
    })
  })

  describe('create with relations', () => {
    test('makes what the row refers to, what refers to it, and what joins them', async () => {
      const { works, labels } = await freshTables(backend)
      const created = await works.create<{ artist: object; labels: object[] }>({
        title: 'Tides',
        artist: { name: 'Per' },
        labels: [{ name: 'tide', parent: { name: 'water' } }, { name: 'foam' }],
      })
      const read = await works.findById(created.id, {
        with: { artist: true, labels: { orderBy: 'name', with: { parent: true } } },
      })
      expect(read).toMatchObject({
        title: 'Tides',
        artist: { name: 'Per', country: null },
        labels: [
          { name: 'foam', parent: null },
          { name: 'tide', parent: { name: 'water' } },
        ],
      })
      expect(created.artist).toEqual(read?.artist)
      expect(created.labels.map(({ name }) => name)).toEqual(['tide', 'foam'])
      expect(await labels.count()).toBe(LABELS.length + 3)
    })

    test('makes nothing when a part of it is refused', async () => {
      const { artists, works } = await freshTables(backend)
      const failing = artists.create<{ works: object[] }>({
        name: 'Per',
        works: [{ title: 'a' }, { title: 'b', slug: 'moon' }],
      })
      await expect(failing).rejects.toMatchObject({ code: 'NOORMME_UNIQUE', context: { columns: ['slug'] } })
      expect([await artists.count(), await works.count()]).toEqual([ARTISTS.length, WORKS.length])
    })
  })
}

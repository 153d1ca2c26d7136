/** Storing, changing and removing rows. */
import { describe, expect, test } from 'vitest'
import { ARTISTS, type Backend, WORKS } from './backend.ts'
import { freshTables } from './fixtures.ts'

export function writing(backend: Backend): void {
  describe('create', () => {
    test('gives the row as stored, with its key and its defaults', async () => {
      const { works } = await freshTables(backend)
      const created = await works.create({ artist_id: 1, title: 'Tides', ...{ price: undefined } } as object)

      expect(created).toEqual({ ...WORKS[0], ...created, title: 'Tides', likes: 0, status: 'draft', price: null })
      expect(created.id).toBeGreaterThan(5)
      expect(await works.findById(created.id)).toEqual(created)
    })

    test('takes a key that is given', async () => {
      const { artists } = await freshTables(backend)
      expect(await artists.create({ id: 77, name: 'Per' })).toEqual({ id: 77, name: 'Per', country: null })
    })

    test('at the same time stores every row once', async () => {
      const { artists } = await freshTables(backend)
      const names = Array.from({ length: 50 }, (_, index) => `artist ${index}`)
      const created = await Promise.all(names.map((name) => artists.create({ name })))

      expect(new Set(created.map(({ id }) => id)).size).toBe(50)
      expect(created.map(({ name }) => name)).toEqual(names)
      expect(await artists.count()).toBe(ARTISTS.length + 50)
    })
  })

  describe('createMany', () => {
    test('stores all rows, of different columns too, and tells how far it is', async () => {
      const { works } = await freshTables(backend)
      const done: number[] = []
      const rows = [
        { artist_id: 1, title: 'a', likes: 3 },
        { artist_id: 1, title: 'b' },
        { artist_id: 2, title: 'c', price: 4.5, featured: false },
      ]
      expect(await works.createMany(rows, { onProgress: (progress) => done.push(progress.done) })).toEqual({ count: 3 })
      expect(await works.findAll({ where: { id: { gt: 5 } }, orderBy: 'title', select: ['likes', 'price'] })).toEqual([
        { likes: 3, price: null },
        { likes: 0, price: null },
        { likes: 0, price: 4.5 },
      ])
      expect(done.at(-1)).toBe(3)
    })

    test('gives the stored rows when asked', async () => {
      const { artists } = await freshTables(backend)
      const { count, rows } = await artists.createMany([{ name: 'a' }, { name: 'b', country: 'SE' }], {
        returning: true,
      })
      expect(count).toBe(2)
      expect(rows.map(({ name, country }) => ({ name, country }))).toEqual([
        { name: 'a', country: null },
        { name: 'b', country: 'SE' },
      ])
    })

    test('stores all or nothing', async () => {
      const { artists } = await freshTables(backend)
      const rows = [{ name: 'a' }, { name: 'b' }, { id: 1, name: 'taken' }]
      await expect(artists.createMany(rows)).rejects.toMatchObject({ code: 'NOORMME_UNIQUE' })
      const stop = () => {
        throw new Error('enough')
      }
      await expect(artists.createMany([{ name: 'a' }], { onProgress: stop })).rejects.toThrow('enough')
      expect(await artists.count()).toBe(ARTISTS.length)
    })

    test('of no rows does nothing', async () => {
      const { artists } = await freshTables(backend)
      expect(await artists.createMany([])).toEqual({ count: 0 })
    })
  })

  describe('update', () => {
    test('changes what the patch names and nothing else', async () => {
      const { works } = await freshTables(backend)
      const expected = { ...WORKS[1], title: 'Moonset', price: null }
      expect(await works.update(2, { title: 'Moonset', price: null, ...{ likes: undefined } } as object)).toEqual(
        expected,
      )
      expect(await works.findAll({ orderBy: 'id' })).toEqual([WORKS[0], expected, ...WORKS.slice(2)])
    })

    test('takes a row as it was read', async () => {
      const { works } = await freshTables(backend)
      const row = await works.findById(1)
      if (row === null) throw new Error('it is there')
      expect(await works.update({ ...row, likes: 6 })).toEqual({ ...WORKS[0], likes: 6 })
    })

    test('of nothing gives the row, and of a row that is not there is an error', async () => {
      const { works } = await freshTables(backend)
      expect(await works.update(3, {})).toEqual(WORKS[2])
      await expect(works.update(77, { likes: 1 })).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })
      await expect(works.update(77, {})).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })
    })

    test('may change the key', async () => {
      const { artists } = await freshTables(backend, { filled: false })
      await artists.create({ id: 1, name: 'Mira' })
      expect(await artists.update(1, { id: 9 })).toEqual({ id: 9, name: 'Mira', country: null })
      expect(await artists.findById(1)).toBeNull()
    })
  })

  describe('delete', () => {
    test('removes one row and says whether it was there', async () => {
      const { works } = await freshTables(backend)
      expect(await works.delete(2)).toBe(true)
      expect(await works.delete(2)).toBe(false)
      expect(await works.count()).toBe(4)
    })
  })
}

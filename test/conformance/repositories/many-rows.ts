/** Rows found by a unique key or made, and many rows changed at once. */
import { describe, expect, test } from 'vitest'
import { type Backend, NOTE_RULES, type Note, notesFor, WORKS } from './backend.ts'
import { freshTables, idsOf } from './fixtures.ts'

export function manyRows(backend: Backend): void {
  describe('upsert', () => {
    test('makes the row that is not there, and changes the one that is', async () => {
      const { works } = await freshTables(backend)
      const made = await works.upsert({ artist_id: 1, title: 'Tides', slug: 'tides' })
      expect(made).toMatchObject({ title: 'Tides', likes: 0, status: 'draft' })
      const changed = await works.upsert({ artist_id: 2, title: 'Ebb', slug: 'tides', likes: 4 })
      expect(changed).toEqual({ ...made, artist_id: 2, title: 'Ebb', likes: 4 })
      expect(await works.findById(made.id)).toEqual(changed)
      expect(await works.count()).toBe(WORKS.length + 1)
    })

    test('changes the columns it is told to, by a patch of its own too, or none', async () => {
      const { works } = await freshTables(backend)
      const data = { artist_id: 2, title: 'New', slug: 'moon', likes: 8 }
      expect(await works.upsert(data, { update: [] })).toEqual(WORKS[0])
      expect(await works.upsert(data, { conflict: 'slug', update: ['likes'] })).toEqual({ ...WORKS[0], likes: 8 })
      expect(await works.upsert(data, { update: { status: 'sold' } })).toMatchObject({ title: 'Moon', status: 'sold' })
    })

    test('looks by a composite key, of which half is not enough', async () => {
      const { userRoles } = await freshTables(backend)
      const key = { user_id: 1, role_id: 1 }
      expect(await userRoles.upsert({ ...key, note: 'now' })).toEqual({ ...key, note: 'now' })
      await expect(userRoles.upsert({ user_id: 1, note: 'x' })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
      await expect(userRoles.upsert({ ...key }, { conflict: 'user_id' })).rejects.toMatchObject({
        code: 'NOORMME_VALIDATION',
      })
      expect(await userRoles.count({ note: 'x' })).toBe(0)
    })

    test('at the same time makes one row', async () => {
      const { works } = await freshTables(backend)
      const rows = await Promise.all(
        Array.from({ length: 10 }, (_, likes) => works.upsert({ artist_id: 1, title: 'Once', slug: 'once', likes })),
      )
      expect(new Set(idsOf(rows)).size).toBe(1)
      expect(await works.count({ slug: 'once' })).toBe(1)
    })

    test('of another unique value that is taken is refused', async () => {
      const { works } = await freshTables(backend)
      const taken = works.upsert({ id: 1, artist_id: 1, title: 'x', slug: 'wool' }, { conflict: 'id' })
      await expect(taken).rejects.toMatchObject({ code: 'NOORMME_UNIQUE', context: { columns: ['slug'] } })
      expect(await works.findById(1)).toEqual(WORKS[0])
    })
  })

  test('upsertMany does the same for many, all or none, and counts', async () => {
    const { userRoles } = await freshTables(backend)
    const rows = [
      { user_id: 1, role_id: 1, note: 'a' },
      { user_id: 5, role_id: 1, note: 'b' },
      { user_id: 5, role_id: 1, note: 'c' },
    ]
    expect(await userRoles.upsertMany(rows)).toEqual({ count: 3, inserted: 1, updated: 2 })
    expect(await userRoles.findById({ user_id: 5, role_id: 1 })).toMatchObject({ note: 'c' })
    expect(await userRoles.upsertMany([])).toEqual({ count: 0, inserted: 0, updated: 0 })

    const failing = userRoles.upsertMany([{ user_id: 1, role_id: 1, note: 'x' }, { user_id: 6 }])
    await expect(failing).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    expect(await userRoles.findById({ user_id: 1, role_id: 1 })).toMatchObject({ note: 'a' })
  })

  describe('findOrCreate', () => {
    test('gives the row that is there as it is, and makes one otherwise', async () => {
      const { labels } = await freshTables(backend)
      expect(await labels.findOrCreate({ name: 'sky' })).toMatchObject({ row: { id: 1, name: 'sky' }, created: false })
      const { row, created } = await labels.findOrCreate({ name: 'wind' })
      expect(created).toBe(true)
      expect(await labels.findById(row.id)).toEqual(row)
    })

    test('at the same time makes one row, and tells one caller so', async () => {
      const { labels } = await freshTables(backend)
      const found = await Promise.all(Array.from({ length: 10 }, () => labels.findOrCreate({ name: 'wind' })))
      expect(new Set(found.map(({ row }) => row.id)).size).toBe(1)
      expect(found.filter(({ created }) => created)).toHaveLength(1)
    })
  })

  test('createMany may leave out rows whose keys are taken, and no others', async () => {
    const { labels } = await freshTables(backend)
    const rows = [{ name: 'sky' }, { name: 'wind' }, { name: 'wind' }]
    expect(await labels.createMany(rows, { skipDuplicates: true })).toEqual({ count: 1 })
    const again = await labels.createMany([{ name: 'rain' }, { name: 'sky' }], {
      skipDuplicates: true,
      returning: true,
    })
    expect(again).toMatchObject({ count: 1, rows: [{ name: 'rain' }] })
    const refused = labels.createMany([{ name: 'hail' }, { name: null as unknown as string }], { skipDuplicates: true })
    await expect(refused).rejects.toMatchObject({ code: 'NOORMME_NOT_NULL' })
    expect(await labels.count({ name: ['wind', 'rain', 'hail'] })).toBe(2)
  })

  describe('updateMany and deleteMany', () => {
    test('change the rows that match, and count them', async () => {
      const { works } = await freshTables(backend)
      expect(await works.updateMany({ status: 'listed', likes: { gt: 4 } }, { status: 'sold', price: null })).toEqual({
        count: 2,
      })
      expect(idsOf(await works.findAll({ where: { status: 'sold' }, orderBy: 'id' }))).toEqual([1, 2, 3])
      expect(await works.deleteMany({ status: 'sold', price: null })).toEqual({ count: 2 })
      expect(await works.deleteMany({ id: [] })).toEqual({ count: 0 })
      expect(idsOf(await works.findAll({ orderBy: 'id' }))).toEqual([3, 4, 5])
    })

    test('touch no row when the conditions would mean every row', async () => {
      const { works } = await freshTables(backend)
      const all = [{}, { and: [] }, { or: [{}] }, { not: { or: [] } }, { id: { notIn: [] } }, { title: undefined }]
      for (const where of all as object[]) {
        const rejects = { code: 'NOORMME_VALIDATION' }
        await expect(works.deleteMany(where), JSON.stringify(where)).rejects.toMatchObject(rejects)
        await expect(works.updateMany(where, { likes: 7 }), JSON.stringify(where)).rejects.toMatchObject(rejects)
      }
      expect(await works.findAll({ orderBy: 'id' })).toEqual(WORKS)
    })

    test('change and remove all rows when that is said', async () => {
      const { userRoles } = await freshTables(backend)
      expect(await userRoles.updateMany({}, { note: 'x' }, { all: true })).toEqual({ count: 3 })
      expect(await userRoles.deleteMany({}, { all: true })).toEqual({ count: 3 })
      expect(await userRoles.exists({})).toBe(false)
    })
  })

  describe('increment', () => {
    test('counts for every caller at once, down too, and from NULL', async () => {
      const { works } = await freshTables(backend)
      await Promise.all(Array.from({ length: 50 }, () => works.increment(1, 'likes')))
      expect(await works.increment(1, 'likes', -5)).toEqual({ ...WORKS[0], likes: 50 })
      expect((await works.increment(5, 'price', 2.5)).price).toBe(2.5)
    })

    test('of what is no number, of no row, and below a check is refused', async () => {
      const { works } = await freshTables(backend)
      await expect(works.increment(1, 'title' as 'likes')).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
      await expect(works.increment(1, 'likes', Number.NaN)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
      await expect(works.increment(77, 'likes')).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })
      await expect(works.increment(1, 'price', -11)).rejects.toMatchObject({ code: 'NOORMME_CHECK' })
      expect(await works.findById(1)).toEqual(WORKS[0])
    })
  })

  test('versions and times are kept by every way of writing, and a stale row is refused', async () => {
    const { db, close } = await backend.open([notesFor(backend)], NOTE_RULES)
    try {
      const notes = db.getRepository<Note>('notes')
      const note = await notes.create({ slug: 'a', created_at: '2020-01-01T00:00:00.000Z' })
      expect(note).toMatchObject({ version: 1, created_at: '2020-01-01T00:00:00.000Z' })
      expect(Number.isNaN(Date.parse(note.updated_at))).toBe(false)

      const changed = await notes.update({ ...note, body: 'one' })
      expect(changed).toMatchObject({ version: 2, created_at: note.created_at })
      await expect(notes.update({ ...note, body: 'two' })).rejects.toMatchObject({ code: 'NOORMME_STALE' })
      await notes.updateMany({ slug: 'a' }, { body: 'three' })
      await notes.upsert({ slug: 'a', body: 'four' })
      expect(await notes.findById(note.id)).toMatchObject({ body: 'four', version: 4 })
      const { rows } = await notes.createMany([{ slug: 'b' }, { slug: 'c' }], { returning: true })
      expect(rows.every((row) => row.version === 1 && row.created_at !== null)).toBe(true)
    } finally {
      await close()
    }
  })
}

/** What goes in comes out. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Backend, openTables, type Work } from './backend.ts'
import { freshTables, testWith } from './fixtures.ts'

const MADE = new Date('2026-01-31T09:30:00.250Z')

export function values(backend: Backend): void {
  const texts = fc
    .string({ unit: 'binary' })
    .map((text) => (backend.lacks.includes('nul') ? text.replaceAll('\0', '') : text))
  const json = fc
    .jsonValue({ depthSize: 'small' })
    .map((value) => JSON.parse(JSON.stringify(value).replaceAll('-0', '0')))
  const input = fc.record({
    title: texts,
    price: fc.oneof(fc.constant(null), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
    likes: fc.integer(),
    featured: fc.constantFrom(true, false, null),
    tags: json,
    picture: fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 40 })),
  })

  test('any value of each kind comes back as it was, by every way of writing and reading', async () => {
    const { db, close } = await openTables(backend, { filled: true })
    try {
      const works = db.getRepository<Work>('works')
      await fc.assert(
        fc.asyncProperty(input, async (given) => {
          const expected = { ...given, price: given.price === null ? null : given.price + 0 }
          const created = await works.create({ artist_id: 1, ...given })
          expect(created).toMatchObject(expected)
          expect(await works.findById(created.id)).toEqual(created)
          expect(await works.findOne({ where: { id: created.id } })).toEqual(created)
          const { rows } = await works.createMany([{ artist_id: 1, ...given }], { returning: true })
          expect(rows[0]).toEqual({ ...created, id: rows[0]?.id })
          expect(await works.update(1, given)).toMatchObject(expected)
          expect(await works.count({ id: created.id, title: given.title })).toBe(1)
        }),
        { numRuns: 40 },
      )
    } finally {
      await close()
    }
  })

  describe('a value', () => {
    test('may be a Date, which is written as the text that the column holds', async () => {
      const { works } = await freshTables(backend)
      const created = await works.create({ artist_id: 1, title: 'Now', made: MADE as unknown as string })
      expect(new Date(created.made ?? '')).toEqual(MADE)
      expect(await works.count({ made: { gte: MADE } })).toBe(1)
      expect(await works.count({ made: { lt: MADE } })).toBe(1)
    })

    test('that is null, empty or zero stays what it is', async () => {
      const { works } = await freshTables(backend)
      const created = await works.create({ artist_id: 1, title: '', price: 0, featured: false, tags: [] })
      expect(created).toMatchObject({ title: '', price: 0, featured: false, tags: [], slug: null, picture: null })
      expect(await works.findBySlug(null)).toMatchObject({ id: 4 })
    })

    testWith(backend, 'bigints', 'beyond 2^53 comes back exactly', async () => {
      const { works } = await freshTables(backend)
      const likes = 2n ** 60n + 1n
      const created = await works.create({ artist_id: 1, title: 'Liked', likes: likes as unknown as number })
      expect(created.likes).toBe(likes)
      expect((await works.findById(created.id))?.likes).toBe(likes)
      expect(await works.count({ likes })).toBe(1)
    })
  })

  describe('is refused, and nothing is stored:', () => {
    test.each<[string, object]>([
      ['NaN', { price: Number.NaN }],
      ['half of a surrogate pair', { title: 'a\ud800' }],
      ['an object in a column of text', { title: { a: 1 } }],
      ['a function in JSON', { tags: { run: () => 1 } }],
      ['an invalid Date', { made: new Date(Number.NaN) }],
      ['a symbol', { title: Symbol('x') }],
    ])('%s', async (_what, data) => {
      const { works } = await freshTables(backend)
      const rejects = { code: 'NOORMME_VALIDATION' }
      await expect(works.create({ artist_id: 1, title: 'x', ...data })).rejects.toMatchObject(rejects)
      await expect(works.update(1, data)).rejects.toMatchObject(rejects)
      await expect(works.createMany([{ artist_id: 1, title: 'x' }, data])).rejects.toMatchObject(rejects)
      expect(await works.count()).toBe(5)
    })
  })
}

/** Finding rows: by key, by conditions, by finders; how many there are; in which order. */
import type { Where } from 'noormme'
import { describe, expect, test } from 'vitest'
import { type Backend, WORKS, type Work } from './backend.ts'
import { idsOf, sharedTables } from './fixtures.ts'

export function reading(backend: Backend): void {
  const tables = sharedTables(backend)
  const found = async (where: Where<Work>) => idsOf(await tables().works.findAll({ where, orderBy: 'id' }))

  describe('findById', () => {
    test('gives the row with every column, or null', async () => {
      expect(await tables().works.findById(1)).toEqual(WORKS[0])
      expect(await tables().works.findById({ id: 4 })).toEqual(WORKS[3])
      expect(await tables().works.findById(77)).toBeNull()
    })

    test('gives rows of the caller’s own', async () => {
      const first = await tables().works.findById(1)
      Object.assign(first as object, { title: 'changed' })
      expect(await tables().works.findById(1)).toEqual(WORKS[0])
    })
  })

  describe('findOne', () => {
    test('gives the first row by its order, or else by key', async () => {
      const { works } = tables()
      expect((await works.findOne({ where: { likes: 9 } }))?.id).toBe(2)
      expect((await works.findOne({ where: { likes: 9 }, orderBy: 'id', orderDirection: 'desc' }))?.id).toBe(3)
      expect((await works.findOne({ where: { likes: 9 }, offset: 1 }))?.id).toBe(3)
      expect(await works.findOne({ where: { likes: 77 } })).toBeNull()
      expect((await works.findOne())?.id).toBe(1)
    })
  })

  describe('findAll', () => {
    test('gives every row', async () => {
      expect(await tables().works.findAll({ orderBy: 'id' })).toEqual(WORKS)
      expect(await tables().works.findAll({ where: {}, orderBy: 'id' })).toEqual(WORKS)
    })

    test('reads only what is selected', async () => {
      const rows = await tables().works.findAll({ select: ['title', 'id'], orderBy: 'id', limit: 1 })
      expect(rows).toEqual([{ id: 1, title: 'Moon' }])
    })

    test('orders by several columns, with NULL first ascending and last descending', async () => {
      const { works } = tables()
      expect(idsOf(await works.findAll({ orderBy: [{ likes: 'desc' }, 'title'] }))).toEqual([3, 2, 1, 5, 4])
      expect(idsOf(await works.findAll({ orderBy: ['price', 'id'] }))).toEqual([5, 3, 1, 2, 4])
      expect(idsOf(await works.findAll({ orderBy: [{ column: 'price', direction: 'DESC' }] }))).toEqual([4, 2, 1, 3, 5])
    })

    test('takes limit and offset, each also without the other', async () => {
      const { works } = tables()
      expect(idsOf(await works.findAll({ orderBy: 'id', limit: 2 }))).toEqual([1, 2])
      expect(idsOf(await works.findAll({ orderBy: 'id', limit: 2, offset: 2 }))).toEqual([3, 4])
      expect(idsOf(await works.findAll({ orderBy: 'id', offset: 3 }))).toEqual([4, 5])
      expect(await works.findAll({ limit: 0 })).toEqual([])
    })
  })

  describe('where', () => {
    test.each<[string, Where<Work>, number[]]>([
      ['a value', { status: 'listed' }, [1, 2, 4]],
      ['all of several', { status: 'listed', likes: 9 }, [2]],
      ['a boolean', { featured: true }, [1, 5]],
      ['false, which NULL is not', { featured: false }, [2]],
      ['null', { price: null }, [5]],
      ['an array', { artist_id: [1, 3] }, [1, 2, 5]],
      ['an array with null in it', { featured: [true, null] }, [1, 3, 4, 5]],
      ['an empty array', { artist_id: [] }, []],
      ['eq', { title: { eq: 'Dunes' } }, [5]],
      ['ne, which NULL is too', { price: { ne: 10 } }, [2, 3, 4, 5]],
      ['ne null', { price: { ne: null } }, [1, 2, 3, 4]],
      ['gt and lte', { likes: { gt: 1, lte: 5 } }, [1, 5]],
      ['gte and lt', { likes: { gte: 2, lt: 9 } }, [1, 5]],
      ['between', { price: { between: [0, 25.5] } }, [1, 2, 3]],
      ['in', { status: { in: ['sold', 'draft'] } }, [3, 5]],
      ['notIn, which NULL is too', { featured: { notIn: [true] } }, [2, 3, 4]],
      ['notIn of nothing', { featured: { notIn: [] } }, [1, 2, 3, 4, 5]],
      ['isNull', { slug: { isNull: true } }, [4]],
      ['is not null', { slug: { isNull: false } }, [1, 2, 3, 5]],
      ['like, for which A and a are alike', { title: { like: 'moon%' } }, [1, 2]],
      ['notLike, which NULL is too', { slug: { notLike: 'moon%' } }, [3, 4, 5]],
      ['contains', { title: { contains: 'ON' } }, [1, 2]],
      ['a percent sign that is itself', { title: { contains: '0%' } }, [3]],
      ['an underscore that is itself', { title: { startsWith: 'tide_' } }, [4]],
      ['an underscore that is no wildcard', { title: { contains: 'n_s' } }, []],
      ['endsWith', { title: { endsWith: 'e' } }, [2]],
      ['or', { or: [{ status: 'sold' }, { likes: { gt: 5 } }] }, [2, 3]],
      ['or beside a condition', { status: 'listed', or: [{ likes: 1 }, { likes: 5 }] }, [1, 4]],
      ['and', { and: [{ likes: { gt: 1 } }, { likes: { lt: 9 } }] }, [1, 5]],
      ['not, which finds all others', { not: { price: { gt: 5 } } }, [3, 5]],
    ])('%s', async (_title, where, ids) => {
      expect(await found(where)).toEqual(ids)
      expect(await tables().works.count(where)).toBe(ids.length)
      expect(await tables().works.exists(where)).toBe(ids.length > 0)
    })

    test('an array of any length', async () => {
      expect(await found({ id: Array.from({ length: 40_000 }, (_, index) => index + 2) })).toEqual([2, 3, 4, 5])
    })

    test('a list that is longer than what is bound one by one keeps types apart', async () => {
      const titles = Array.from({ length: 200 }, (_, index) => String(index))
      expect(await found({ title: [...titles, 'Moon'] })).toEqual([1])
      expect(await found({ price: [...Array(200).keys()].map((n) => n + 0.5) })).toEqual([2])
    })
  })

  describe('count and exists', () => {
    test('answer for all rows and for a key', async () => {
      const { works, userRoles } = tables()
      expect(await works.count()).toBe(5)
      expect(await works.exists(3)).toBe(true)
      expect(await works.exists(77)).toBe(false)
      expect(await userRoles.exists({ user_id: 2, role_id: 1 })).toBe(true)
      expect(await userRoles.exists({ user_id: 2, role_id: 2 })).toBe(false)
    })
  })

  describe('finders', () => {
    test('find one or many, in every spelling of the column', async () => {
      const { works } = tables()
      expect((await works.findBySlug('wool'))?.id).toBe(3)
      expect((await works.findOneByArtistId(2))?.id).toBe(3)
      expect(idsOf(await works.findManyByArtistId(1)).sort()).toEqual([1, 2])
      expect(idsOf(await works.findManyByartist_id(1)).sort()).toEqual([1, 2])
      expect(idsOf(await works.findManyByFeatured(true)).sort()).toEqual([1, 5])
      expect(await works.findBySlug('nothing')).toBeNull()
      expect(await works.findManyBySlug('nothing')).toEqual([])
    })

    test('take null, arrays and operators', async () => {
      const { works } = tables()
      expect((await works.findByPrice(null))?.id).toBe(5)
      expect(idsOf(await works.findManyByStatus(['sold', 'draft'])).sort()).toEqual([3, 5])
      expect(idsOf(await works.findManyByPrice({ gte: 25.5 })).sort()).toEqual([2, 4])
    })
  })
}

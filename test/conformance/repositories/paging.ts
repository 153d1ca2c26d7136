/** Pages of rows. */
import { describe, expect, test } from 'vitest'
import { type Backend, WORKS } from './backend.ts'
import { freshTables, idsOf, sharedTables } from './fixtures.ts'

export function paging(backend: Backend): void {
  const tables = sharedTables(backend)

  test('a page has its rows and says where it is', async () => {
    const { data, pagination } = await tables().works.paginate({ page: 2, limit: 2, orderBy: 'id' })
    expect(idsOf(data)).toEqual([3, 4])
    expect(pagination).toEqual({ page: 2, limit: 2, total: 5, totalPages: 3, hasNext: true, hasPrev: true })
  })

  test('the first page of all is the default, and the last has no next', async () => {
    const { data, pagination } = await tables().works.paginate()
    expect(idsOf(data)).toEqual([1, 2, 3, 4, 5])
    expect(pagination).toEqual({ page: 1, limit: 20, total: 5, totalPages: 1, hasNext: false, hasPrev: false })
  })

  test('equal rows are on exactly one page each, in order', async () => {
    const seen: { readonly id: number; readonly likes: number }[] = []
    for (let page = 1; page <= 5; page++) {
      seen.push(...(await tables().works.paginate({ page, limit: 1, orderBy: { likes: 'desc' } })).data)
    }
    expect(seen.map(({ likes }) => likes)).toEqual([9, 9, 5, 2, 1])
    expect(idsOf(seen).sort()).toEqual([1, 2, 3, 4, 5])
  })

  test('conditions count too, and a page beyond the last is empty', async () => {
    const where = { status: 'listed' }
    const { data, pagination } = await tables().works.paginate({ where, page: 9, limit: 2, select: ['id'] })
    expect(data).toEqual([])
    expect(pagination).toMatchObject({ total: 3, totalPages: 2, hasNext: false, hasPrev: true })
  })

  test.each([{ page: 0 }, { page: 1.5 }, { limit: 0 }, { limit: 1001 }, { page: Number.NaN }])(
    '%o is refused',
    async (options) => {
      await expect(tables().works.paginate(options)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    },
  )

  describe('a page by cursor', () => {
    test.each([
      ['the key', {}, [1, 2, 3, 4, 5]],
      ['a column with equal values', { orderBy: { likes: 'desc' } }, [3, 2, 1, 5, 4]],
      ['a column with NULLs', { orderBy: 'price' }, [5, 3, 1, 2, 4]],
      ['several columns', { orderBy: ['status', { id: 'desc' }] }, [5, 4, 2, 1, 3]],
      ['conditions', { where: { likes: { gt: 1 } }, orderBy: 'title' }, [3, 5, 1, 2]],
    ] as const)('goes by %s, forwards and backwards', async (_by, options, ids) => {
      const { works } = tables()
      const forwards: number[] = []
      let page = await works.paginateByCursor({ ...options, limit: 2 })
      expect(page.prevCursor).toBeNull()
      for (;;) {
        forwards.push(...idsOf(page.data))
        if (page.nextCursor === null) break
        page = await works.paginateByCursor({ ...options, limit: 2, after: page.nextCursor })
      }
      expect(forwards).toEqual(ids)

      const backwards = idsOf(page.data)
      for (let { prevCursor } = page; prevCursor !== null; { prevCursor } = page) {
        page = await works.paginateByCursor({ ...options, limit: 2, before: prevCursor })
        backwards.unshift(...idsOf(page.data))
      }
      expect(backwards).toEqual(ids)
    })

    test('stays where it is while rows come and go, and finds what is new', async () => {
      const { works } = await freshTables(backend)
      const first = await works.paginateByCursor({ orderBy: { id: 'desc' }, limit: 2 })
      const { id } = await works.create({ artist_id: 1, title: 'New' })
      await works.delete(4)
      const options = { orderBy: { id: 'desc' } } as const
      expect(idsOf((await works.paginateByCursor({ ...options, limit: 2, after: first.nextCursor })).data)).toEqual([
        3, 2,
      ])
      expect(idsOf((await works.paginateByCursor({ ...options, before: first.startCursor })).data)).toEqual([id])
    })

    test('of another table or order, or that is none, is refused', async () => {
      const { works, artists } = tables()
      const { nextCursor } = await works.paginateByCursor({ limit: 1 })
      const rejects = { code: 'NOORMME_VALIDATION' }
      await expect(artists.paginateByCursor({ after: nextCursor })).rejects.toMatchObject(rejects)
      await expect(works.paginateByCursor({ after: nextCursor, orderBy: 'likes' })).rejects.toMatchObject(rejects)
      await expect(works.paginateByCursor({ after: 'x' })).rejects.toMatchObject(rejects)
    })
  })

  describe('a stream', () => {
    const read = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
      const rows: T[] = []
      for await (const row of stream) rows.push(row)
      return rows
    }

    test('has every row once, in order, whatever its batches', async () => {
      const { works, userRoles } = tables()
      expect(await read(works.stream({ batchSize: 2 }))).toEqual(WORKS)
      expect(await read(userRoles.stream({ batchSize: 1, select: ['role_id'] }))).toHaveLength(3)
      const some = works.stream({ where: { status: 'listed' }, orderBy: { likes: 'desc' }, limit: 2, batchSize: 1 })
      expect(idsOf(await read(some))).toEqual([2, 1])
    })

    test('goes on while its rows are written, and ends where the loop does', async () => {
      const { works } = await freshTables(backend)
      for await (const { id, likes } of works.stream({ batchSize: 2 })) await works.update(id, { likes: likes + 100 })
      expect(await works.count({ likes: { gte: 100 } })).toBe(5)
      for await (const _ of works.stream({ batchSize: 1 })) break
      expect(await works.delete(1)).toBe(true)
    })

    test('refuses what it does not know when it is read', async () => {
      const rejects = { code: 'NOORMME_VALIDATION' }
      await expect(read(tables().works.stream({ batchSize: 0 }))).rejects.toMatchObject(rejects)
      await expect(read(tables().works.stream({ were: {} } as object))).rejects.toMatchObject(rejects)
    })
  })
}

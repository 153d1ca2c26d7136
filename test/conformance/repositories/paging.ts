/** Pages of rows. */
import { expect, test } from 'vitest'
import type { Backend } from './backend.ts'
import { idsOf, sharedTables } from './fixtures.ts'

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
}

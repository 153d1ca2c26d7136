import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'

const TABLE = 'CREATE TABLE t(id INTEGER PRIMARY KEY, kind INTEGER, ok BOOLEAN)'

describe('paginate', () => {
  test('every row is on exactly one page, also where the order alone does not decide', async () => {
    // Stored from the last id to the first, so that the order in which rows lie is not the order of the key.
    await using db = await openRepositories('CREATE TABLE t(id INT PRIMARY KEY, kind INTEGER)')
    const rows = await db.repository<{ id: number; kind: number }>('t')
    const ids = Array.from({ length: 101 }, (_, index) => index + 1)
    await rows.createMany(ids.toReversed().map((id) => ({ id, kind: id % 2 })))

    const seen: number[] = []
    for (let page = 1; page <= 11; page++) {
      const { data, pagination } = await rows.paginate({
        page,
        limit: 10,
        orderBy: { column: 'kind', direction: 'desc' },
      })
      expect(pagination).toEqual({ page, limit: 10, total: 101, totalPages: 11, hasNext: page < 11, hasPrev: page > 1 })
      seen.push(...data.map(({ id }) => id))
    }

    const downwards = ids.toReversed()
    expect(seen).toEqual([...downwards.filter((id) => id % 2 === 1), ...downwards.filter((id) => id % 2 === 0)])
  })

  test('a where narrows rows and total alike, and rows are rows', async () => {
    await using db = await openRepositories(TABLE, 'INSERT INTO t VALUES (1, 5, 1), (2, 5, 0), (3, 6, NULL)')
    const rows = await db.repository('t')

    expect(await rows.paginate({ where: { kind: 5 }, limit: 1 })).toEqual({
      data: [{ id: 1, kind: 5, ok: true }],
      pagination: { page: 1, limit: 1, total: 2, totalPages: 2, hasNext: true, hasPrev: false },
    })
    expect((await rows.paginate({ select: ['ok'], orderBy: 'ok' })).data).toEqual([
      { ok: null },
      { ok: false },
      { ok: true },
    ])
  })

  test('a page beyond the last is empty and still knows the total', async () => {
    await using db = await openRepositories(TABLE, 'INSERT INTO t(kind) VALUES (1), (2), (3)')
    const rows = await db.repository('t')

    expect(await rows.paginate({ page: 9, limit: 2 })).toEqual({
      data: [],
      pagination: { page: 9, limit: 2, total: 3, totalPages: 2, hasNext: false, hasPrev: true },
    })
    expect(await rows.paginate({ where: { kind: 9 } })).toMatchObject({
      data: [],
      pagination: { page: 1, limit: 20, total: 0, totalPages: 0 },
    })
  })

  test('rows and total are from one point in time while others write', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')
    let writing = true
    const writer = (async () => {
      for (let kind = 0; kind < 200; kind++) await rows.createMany([{ kind }, { kind }, { kind }])
      writing = false
    })()

    while (writing) {
      const { data, pagination } = await rows.paginate({ limit: 1000 })
      expect(data).toHaveLength(pagination.total)
      expect(pagination.total % 3).toBe(0)
      const beyond = await rows.paginate({ limit: 1000, page: 2 })
      expect(beyond.pagination.total % 3).toBe(0)
    }
    await writer
  })
})

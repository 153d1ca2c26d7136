/** Conditions on what is inside JSON, and orders by it. */
import type { Where } from 'noormme'
import { beforeAll, expect, test } from 'vitest'
import type { Backend, Work } from './backend.ts'
import { idsOf, sharedTables } from './fixtures.ts'

const TAGS = [
  { size: { w: 3 }, names: ['sea', 'dusk'], hot: true },
  { size: { w: 12 }, names: [], hot: false },
  { size: { w: '12' }, names: null },
  ['sea', 3],
  null,
]

export function json(backend: Backend): void {
  const tables = sharedTables(backend, { filled: false })
  beforeAll(async () => {
    const { artists, works } = tables()
    await artists.create({ id: 1, name: 'Mira' })
    await works.createMany(TAGS.map((tags, index) => ({ id: index + 1, artist_id: 1, title: `${index}`, tags })))
  })
  const found = async (where: Where<Work>) => idsOf(await tables().works.findAll({ where, orderBy: 'id' }))

  test.each<[string, object, number[]]>([
    ['equality, by type', { path: ['size', 'w'], eq: 12 }, [2]],
    ['equality of a text', { path: ['size', 'w'], eq: '12' }, [3]],
    ['an order, of numbers alone', { path: ['size', 'w'], gte: 3, lt: 100 }, [1, 2]],
    ['a boolean', { path: ['hot'], eq: true }, [1]],
    ['an element of an array', { path: ['names', 0], eq: 'sea' }, [1]],
    ['the last element of an array', { path: [-1], eq: 3 }, [4]],
    ['what an array contains', { path: ['names'], arrayContains: 'dusk' }, [1]],
    ['what the whole contains', { path: [], arrayContains: 'sea' }, [4]],
    ['null, also where there is nothing', { path: ['names'], eq: null }, [3, 4, 5]],
    ['whether there is something', { path: ['names'], exists: true }, [1, 2, 3]],
    ['one of several', { path: ['size', 'w'], in: [3, '12'] }, [1, 3]],
    ['texts', { path: ['names', 1], startsWith: 'du' }, [1]],
  ])('%s', async (_what, tags, ids) => {
    expect(await found({ tags } as Where<Work>)).toEqual(ids)
    expect(await found({ not: { tags } } as Where<Work>)).toEqual([1, 2, 3, 4, 5].filter((id) => !ids.includes(id)))
  })

  test('an order by a path', async () => {
    const where = { tags: { path: ['size', 'w'], gt: 0 } } as Where<Work>
    const orderBy = { column: 'tags', path: ['size', 'w'], direction: 'desc' } as const
    expect(idsOf(await tables().works.findAll({ where, orderBy }))).toEqual([2, 1])
  })

  test.each<[string, object]>([
    ['an unknown operator', { tags: { path: ['a'], equals: 1 } }],
    ['a path that is no array', { tags: { path: '$.a', eq: 1 } }],
    ['a path into a column without JSON', { likes: { path: ['a'], eq: 1 } }],
    ['undefined', { tags: { path: ['a'], eq: undefined } }],
  ])('%s is refused', async (_what, where) => {
    await expect(found(where)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
  })
}

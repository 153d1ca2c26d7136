/** What goes wrong, by class and with its facts; no value that was bound is in any of them. */
import { ColumnNotFoundError, TableNotFoundError } from 'noormme'
import { describe, expect, test } from 'vitest'
import { ARTISTS, type Backend, WORKS } from './backend.ts'
import { freshTables, sharedTables, type Tables } from './fixtures.ts'

const SECRET = 'kept-out-of-every-message'

type Attempt = (tables: Tables) => Promise<unknown>

export function errors(backend: Backend): void {
  describe('a row that its table refuses', () => {
    test.each<[string, string, object, Attempt]>([
      [
        'a unique value that is taken',
        'NOORMME_UNIQUE',
        { table: 'works', columns: ['slug'] },
        ({ works }) => works.create({ artist_id: 1, title: SECRET, slug: 'moon' }),
      ],
      [
        'a key that is taken',
        'NOORMME_UNIQUE',
        { table: 'user_roles', columns: ['user_id', 'role_id'] },
        ({ userRoles }) => userRoles.create({ user_id: 1, role_id: 1, note: SECRET }),
      ],
      [
        'a missing value',
        'NOORMME_NOT_NULL',
        { table: 'works', columns: ['title'] },
        ({ works }) => works.create({ artist_id: 1, slug: SECRET }),
      ],
      ['a check', 'NOORMME_CHECK', {}, ({ works }) => works.update(1, { price: -1, title: SECRET })],
      ['no such parent', 'NOORMME_FOREIGN_KEY', {}, ({ works }) => works.create({ artist_id: 77, title: SECRET })],
      ['a parent that is needed', 'NOORMME_FOREIGN_KEY', {}, ({ artists }) => artists.delete(1)],
    ])('%s', async (_why, code, context, attempt) => {
      const tables = await freshTables(backend)
      const error = await attempt(tables).catch((reason: unknown) => reason)

      expect(error).toMatchObject({ code, retryable: false, context })
      expect(JSON.stringify({ ...(error as Error), text: String(error) })).not.toContain(SECRET)
      expect(await tables.works.findAll({ orderBy: 'id' })).toEqual(WORKS)
      expect(await tables.artists.findAll({ orderBy: 'id' })).toEqual(ARTISTS)
    })
  })

  describe('a name that is wrong', () => {
    const tables = sharedTables(backend)

    test('of a table names the nearest', () => {
      const open = () => tables().db.getRepository('work')
      expect(open).toThrow(TableNotFoundError)
      expect(open).toThrow(expect.objectContaining({ context: expect.objectContaining({ nearest: ['works'] }) }))
    })

    test.each<[string, Attempt]>([
      ['in where', ({ works }) => works.findAll({ where: { titel: 'x' } as object })],
      ['in orderBy', ({ works }) => works.findAll({ orderBy: 'titel' as 'title' })],
      ['in select', ({ works }) => works.findAll({ select: ['titel' as 'title'] })],
      ['in data', ({ works }) => works.create({ artist_id: 1, titel: 'x' } as object)],
      ['in a patch', ({ works }) => works.update(1, { titel: 'x' } as object)],
      [
        'of a finder',
        ({ works }) => (works as unknown as { findByTitel(v: string): Promise<unknown> }).findByTitel('x'),
      ],
    ])('of a column, %s, names the nearest', async (_where, attempt) => {
      const error = await attempt(tables()).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ColumnNotFoundError)
      expect(error).toMatchObject({ context: { table: 'works', nearest: ['title'] } })
    })
  })

  describe('an argument that is wrong', () => {
    const tables = sharedTables(backend)

    test.each<[string, Attempt]>([
      ['undefined in a where', ({ works }) => works.findAll({ where: { title: undefined } as object })],
      ['undefined for a finder', ({ works }) => works.findByTitle(undefined as unknown as string)],
      ['an unknown operator', ({ works }) => works.count({ likes: { greater: 1 } } as object)],
      ['an unknown option', ({ works }) => works.findAll({ were: {} } as object)],
      ['an option of another method', ({ works }) => works.findOne({ limit: 1 } as object)],
      ['a limit that is no number', ({ works }) => works.findAll({ limit: -1 })],
      ['data that are no object', ({ works }) => works.create('x' as unknown as object)],
    ])('%s', async (_what, attempt) => {
      await expect(attempt(tables())).rejects.toMatchObject({ code: 'NOORMME_VALIDATION', retryable: false })
    })
  })
}

/** What goes wrong, by class and with its facts; no value that was bound is in any of them. */
import { ColumnNotFoundError, RelationshipNotFoundError, TableNotFoundError } from 'noormme'
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
      const open = () => tables().db.getRepository('wroks')
      expect(open).toThrow(TableNotFoundError)
      expect(open).toThrow(expect.objectContaining({ context: expect.objectContaining({ nearest: ['works'] }) }))
    })

    test.each([undefined, null, 7, '', {}])('of a table, %o, finds none', (name) => {
      expect(() => tables().db.getRepository(name as string)).toThrow(TableNotFoundError)
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

  describe('a name of a relation that is wrong', () => {
    const tables = sharedTables(backend)

    test.each<[string, Attempt]>([
      ['in with', ({ works }) => works.findAll({ with: { artst: true } })],
      ['in withCount', ({ works }) => works.findAll({ withCount: ['artst'] })],
      ['in a path', ({ works }) => works.findWithRelations(1, ['artst'])],
      ['in a path, further on', ({ artists }) => artists.findWithRelations(1, ['works.artst'])],
      ['of loadRelationships', ({ works }) => works.loadRelationships([{ id: 1 }], ['artst'])],
    ])('%s names the nearest', async (_where, attempt) => {
      const error = await attempt(tables()).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(RelationshipNotFoundError)
      expect(error).toMatchObject({ context: { relation: 'artst', nearest: ['artist'] } })
    })

    test.each<[string, Attempt]>([
      ['in where', ({ works }) => works.findAll({ where: { lables: { some: {} } } as object })],
      ['in the data of create', ({ works }) => works.create({ title: 'x', lables: [] } as object)],
    ])('%s, where columns stand too, names the nearest of both', async (_where, attempt) => {
      const error = await attempt(tables()).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'NOORMME_COLUMN_NOT_FOUND', context: { nearest: ['labels'] } })
    })
  })

  describe('an argument that is wrong', () => {
    const tables = sharedTables(backend)

    test.each<[string, Attempt]>([
      ['undefined in a where', ({ works }) => works.findAll({ where: { title: undefined } as object })],
      ['undefined for a finder', ({ works }) => works.findByTitle(undefined as unknown as string)],
      ['a symbol in a where', ({ works }) => works.deleteMany({ id: 1, [Symbol('or')]: [] } as object)],
      ['undefined in a condition on a relation', ({ works }) => works.count({ artist: { name: undefined } } as object)],
      ['rows of many under no some', ({ works }) => works.count({ labels: { name: 'sky' } } as object)],
      ['a limit of a relation to one', ({ works }) => works.findAll({ with: { artist: { limit: 1 } } })],
      ['an unknown option of a relation', ({ works }) => works.findAll({ with: { labels: { oder: 'id' } as object } })],
      ['a relation in a patch', ({ works }) => works.update(1, { artist: { name: 'x' } } as object)],
      ['rows of a relation to many that are none', ({ works }) => works.create({ title: 'x', labels: {} } as object)],
      ['an unknown option of upsert', ({ labels }) => labels.upsert({ name: 'x' }, { conflit: 'name' } as object)],
      ['a conflict that is no unique key', ({ works }) => works.upsert({ title: 'x' }, { conflict: 'title' })],
      ['data with no unique key', ({ works }) => works.findOrCreate({ artist_id: 1, title: 'x' })],
      ['all that is not true', ({ works }) => works.deleteMany({}, { all: 1 } as object)],
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

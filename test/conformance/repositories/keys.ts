/** Rows by key: whole keys only, of one column and of several. */
import { describe, expect, test } from 'vitest'
import { type Backend, USER_ROLES } from './backend.ts'
import { freshTables, sharedTables } from './fixtures.ts'

const ONE = { user_id: 1, role_id: 2 }

export function keys(backend: Backend): void {
  describe('a composite key', () => {
    test('finds, changes and removes its one row', async () => {
      const { userRoles } = await freshTables(backend)
      expect(await userRoles.findById(ONE)).toEqual(USER_ROLES[1])
      expect(await userRoles.findById({ role_id: 2, user_id: 1 })).toEqual(USER_ROLES[1])
      expect(await userRoles.update(ONE, { note: 'now' })).toEqual({ ...ONE, note: 'now' })
      expect(await userRoles.update({ ...ONE, note: 'later' })).toEqual({ ...ONE, note: 'later' })
      expect(await userRoles.delete(ONE)).toBe(true)
      expect(await userRoles.findAll({ orderBy: ['user_id', 'role_id'] })).toEqual([USER_ROLES[0], USER_ROLES[2]])
    })

    test('of which a part is missing, or that has too much, touches no row', async () => {
      const { userRoles } = await freshTables(backend)
      const wrong = [1, { user_id: 1 }, { ...ONE, note: 'x' }, { user_id: 1, role_id: undefined }, {}, null, undefined]
      for (const key of wrong as { user_id: number }[]) {
        const rejects = { code: 'NOORMME_VALIDATION' }
        await expect(userRoles.findById(key), String(key)).rejects.toMatchObject(rejects)
        await expect(userRoles.delete(key), String(key)).rejects.toMatchObject(rejects)
        await expect(userRoles.update(key, { note: 'x' }), String(key)).rejects.toMatchObject(rejects)
      }
      expect(await userRoles.findAll({ orderBy: ['user_id', 'role_id'] })).toEqual(USER_ROLES)
    })
  })

  describe('a key of one column', () => {
    const tables = sharedTables(backend)

    test('is a value or an object of it', async () => {
      expect(await tables().artists.findById({ id: 2 })).toEqual(await tables().artists.findById(2))
    })

    test.each([undefined, null, {}, { name: 'Mira' }, { id: 1, name: 'Mira' }, Number.NaN])(
      'is not %o',
      async (key) => {
        await expect(tables().artists.findById(key as number)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
      },
    )
  })
}

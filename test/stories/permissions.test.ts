/** Users, roles and permissions through join tables: assigned once, asked often, kept as long as nothing changes. */
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

interface UserRole {
  readonly user_id: number
  readonly role_id: number
}

async function openRoles(caching = false) {
  // Nothing is committed by itself, and no read is too short to be kept.
  const performance = { enableCaching: caching, inlineReadBudget: 0 }
  const { db } = tempDatabase({ performance, automation: { enableAutoOptimization: false } })
  for (const sql of [
    'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
    'CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)',
    'CREATE TABLE permissions (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)',
    `CREATE TABLE user_roles (
      user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      role_id INTEGER NOT NULL REFERENCES roles (id) ON DELETE CASCADE, PRIMARY KEY (user_id, role_id))`,
    `CREATE TABLE role_permissions (
      role_id INTEGER NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
      permission_id INTEGER NOT NULL REFERENCES permissions (id) ON DELETE CASCADE, PRIMARY KEY (role_id, permission_id))`,
  ]) {
    await db.execute(sql)
  }
  await db.refreshSchema()
  await db.getRepository('users').createMany([
    { id: 1, name: 'Ada' },
    { id: 2, name: 'Bea' },
  ])
  await db.getRepository('roles').createMany([
    { id: 1, name: 'reader' },
    { id: 2, name: 'editor' },
  ])
  await db.getRepository('permissions').createMany([
    { id: 1, name: 'read' },
    { id: 2, name: 'write' },
  ])
  await db.getRepository('role_permissions').createMany([
    { role_id: 1, permission_id: 1 },
    { role_id: 2, permission_id: 1 },
    { role_id: 2, permission_id: 2 },
  ])
  const userRoles = db.getRepository<UserRole>('user_roles')
  const permissionsOf = async (user: number): Promise<unknown[]> => {
    const { rows } = await db.execute(
      `SELECT DISTINCT p.name FROM user_roles ur JOIN role_permissions rp ON rp.role_id = ur.role_id
       JOIN permissions p ON p.id = rp.permission_id WHERE ur.user_id = ? ORDER BY p.name`,
      [user],
    )
    return rows.map(({ name }) => name)
  }
  return { db, userRoles, permissionsOf, cache: async () => (await db.getConnectionStats()).cache }
}

test('assign a role as often as one likes, and have it once', async () => {
  const { userRoles } = await openRoles()
  const assign = () => userRoles.upsert({ user_id: 1, role_id: 2 })
  await Promise.all([assign(), assign(), assign()])
  expect(await userRoles.findAll()).toEqual([{ user_id: 1, role_id: 2 }])
})

test('take one role from one user: half of a key never removes more', async () => {
  const { userRoles } = await openRoles()
  await userRoles.createMany([
    { user_id: 1, role_id: 1 },
    { user_id: 1, role_id: 2 },
    { user_id: 2, role_id: 1 },
  ])
  await expect(userRoles.delete({ user_id: 1 } as UserRole)).rejects.toMatchObject({
    code: 'NOORMME_VALIDATION',
  })
  expect(await userRoles.delete({ user_id: 1, role_id: 1 })).toBe(true)
  expect(await userRoles.count()).toBe(2)
})

test('show users with their roles and what those permit, and find who may write', async () => {
  const { db, userRoles } = await openRoles()
  await userRoles.create({ user_id: 1, role_id: 2 })
  const users = db.getRepository('users')
  const shown = await users.findAll({
    orderBy: 'id',
    with: { roles: { select: ['name'], with: { permissions: { select: ['name'], orderBy: 'id' } } } },
  })
  expect(shown).toEqual([
    { id: 1, name: 'Ada', roles: [{ name: 'editor', permissions: [{ name: 'read' }, { name: 'write' }] }] },
    { id: 2, name: 'Bea', roles: [] },
  ])
  const mayWrite = { roles: { some: { permissions: { some: { name: 'write' } } } } }
  expect(await users.exists({ id: 1, ...mayWrite })).toBe(true)
  expect(await users.exists({ id: 2, ...mayWrite })).toBe(false)
})

test('give each new user the roles in one call, and the same again, without a row twice', async () => {
  const { db, userRoles } = await openRoles()
  const user = await db.getRepository('users').create<{ user_roles: object[] }>({
    name: 'Cleo',
    user_roles: [{ role_id: 1 }, { role_id: 2 }],
  })
  const roles = [1, 2].map((role_id) => ({ user_id: user.id as number, role_id }))
  expect(await userRoles.createMany(roles, { skipDuplicates: true })).toEqual({ count: 0 })
  expect(await userRoles.findManyByUserId(user.id as number)).toHaveLength(2)
})

test('ask what a user may do', async () => {
  const { userRoles, permissionsOf } = await openRoles()
  await userRoles.create({ user_id: 1, role_id: 2 })
  expect(await permissionsOf(1)).toEqual(['read', 'write'])
  expect(await permissionsOf(2)).toEqual([])
})

test('keep the permissions of each user, the lack of any too, until roles change', async () => {
  const { db, userRoles, permissionsOf, cache } = await openRoles(true)
  await userRoles.create({ user_id: 1, role_id: 1 })
  const before = await cache()
  for (let request = 0; request < 5; request++) {
    expect(await permissionsOf(1)).toEqual(['read'])
    expect(await permissionsOf(2)).toEqual([])
  }
  expect((await cache())?.hits).toBe((before?.hits ?? 0) + 8)

  await userRoles.create({ user_id: 2, role_id: 2 })
  expect(await permissionsOf(2)).toEqual(['read', 'write'])
  await db.getRepository('roles').delete(2)
  expect(await permissionsOf(2)).toEqual([])
})

test('see in numbers whether keeping results pays', async () => {
  const { db, permissionsOf, cache } = await openRoles(true)
  for (let request = 0; request < 3; request++) await permissionsOf(1)
  await db.execute("UPDATE users SET name = 'Ada B.' WHERE id = 1")
  await permissionsOf(1)
  const { hits, misses, entries, bytes, invalidations } = (await cache()) ?? {}
  expect({ hits, entries, invalidations }).toEqual({ hits: 2, entries: 1, invalidations: 1 })
  expect(misses).toBeGreaterThanOrEqual(2)
  expect(bytes).toBeGreaterThan(0)
})

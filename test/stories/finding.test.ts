/** What an application wants to find, without writing queries. */
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

interface User {
  readonly id: number
  readonly email: string
  readonly first_name: string
  readonly role: string
  readonly email_verified: boolean
  readonly active: boolean
  readonly created_at: string
  readonly settings: { readonly theme: string } | null
}

async function openUsers() {
  const { db } = tempDatabase()
  await db.execute(`
    CREATE TABLE users (
      id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, first_name TEXT NOT NULL, role TEXT NOT NULL,
      email_verified BOOLEAN NOT NULL, active BOOLEAN NOT NULL, created_at TEXT NOT NULL, settings JSON)`)
  await db.refreshSchema()
  const users = db.getRepository<User>('users')
  const user = (email: string, more: Partial<User>): Partial<User> => ({
    email,
    first_name: email.charAt(0).toUpperCase(),
    role: 'reader',
    email_verified: false,
    active: true,
    created_at: '2026-01-01T00:00:00.000Z',
    ...more,
  })
  await users.createMany([
    user('ada@example.org', { role: 'admin', email_verified: true, settings: { theme: 'dark' } }),
    user('bea@example.org', { role: 'editor', email_verified: true, created_at: '2026-02-01T12:00:00.000Z' }),
    user('cleo@example.org', { active: false, created_at: '2026-02-02T12:00:00.000Z' }),
    user('dora@example.com', { settings: { theme: 'light' }, created_at: '2026-03-01T00:00:00.000Z' }),
  ])
  const emails = (rows: readonly { readonly email: string }[]) => rows.map(({ email }) => email.slice(0, 3)).sort()
  return { users, emails }
}

test('find users by any of their columns, by the name the column has or the one that JavaScript would give it', async () => {
  const { users, emails } = await openUsers()
  expect((await users.findByEmail('ada@example.org'))?.role).toBe('admin')
  expect((await users.findOneByEmail('ada@example.org'))?.email_verified).toBe(true)
  expect(emails(await users.findManyByRole('reader'))).toEqual(['cle', 'dor'])
  expect(emails(await users.findManyByEmailVerified(true))).toEqual(['ada', 'bea'])
  expect(emails(await users.findManyByemail_verified(false))).toEqual(['cle', 'dor'])
  expect(emails(await users.findManyByActive(false))).toEqual(['cle'])
  expect(await users.findByFirstName('Z')).toBeNull()
})

test('filter, order and cut a list as a search page needs it', async () => {
  const { users, emails } = await openUsers()
  const listed = await users.findAll({
    where: { active: true, or: [{ role: 'admin' }, { created_at: { gte: '2026-02-01' } }] },
    orderBy: { created_at: 'desc' },
    limit: 2,
    offset: 1,
  })
  expect(listed.map(({ email }) => email)).toEqual(['bea@example.org', 'ada@example.org'])
  expect(emails(await users.findAll({ where: { email: { like: '%@example.org' }, role: { ne: 'admin' } } }))).toEqual([
    'bea',
    'cle',
  ])
})

test('search without regard to case, and find a percent sign that a visitor types', async () => {
  const { users, emails } = await openUsers()
  expect(emails(await users.findAll({ where: { email: { contains: 'EXAMPLE.ORG' } } }))).toHaveLength(3)
  expect(await users.count({ email: { contains: '%' } })).toBe(0)
})

test('compare dates that are stored as ISO text, with text or with a Date', async () => {
  const { users, emails } = await openUsers()
  const since = new Date('2026-02-01T12:00:00.000Z')
  expect(emails(await users.findAll({ where: { created_at: { gt: since } } }))).toEqual(['cle', 'dor'])
  expect(emails(await users.findAll({ where: { created_at: { between: ['2026-02-01', '2026-02-28'] } } }))).toEqual([
    'bea',
    'cle',
  ])
})

test('read JSON columns as objects, and find rows by what is inside', async () => {
  const { users } = await openUsers()
  expect((await users.findByEmail('ada@example.org'))?.settings?.theme).toBe('dark')
  const light = await users.findAll({ where: { settings: { path: ['theme'], eq: 'light' } }, select: ['email'] })
  expect(light).toEqual([{ email: 'dora@example.com' }])
})

test('show a page with the number of all, and never more than a page may hold', async () => {
  const { users } = await openUsers()
  const { data, pagination } = await users.paginate({ page: 2, limit: 3, orderBy: 'email' })
  expect(data.map(({ email }) => email)).toEqual(['dora@example.com'])
  expect(pagination).toEqual({ page: 2, limit: 3, total: 4, totalPages: 2, hasNext: false, hasPrev: true })
  await expect(users.paginate({ limit: 1_000_000 })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
})

test('be told of a misspelt column instead of being given every row', async () => {
  const { users } = await openUsers()
  const misspelt = users.findAll({ where: { emial: 'ada@example.org' } as object })
  await expect(misspelt).rejects.toMatchObject({ code: 'NOORMME_COLUMN_NOT_FOUND', context: { nearest: ['email'] } })
})

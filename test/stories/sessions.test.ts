/** What signing in needs: tokens that are used once, sessions that end, accounts that are made once. */
import { randomUUID } from 'node:crypto'
import { isNoormmeError } from 'noormme'
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

interface User {
  readonly id: string
  readonly email: string
}
interface Session {
  readonly token: string
  readonly user_id: string
  readonly expires: string
}

async function openAccounts() {
  const { db } = tempDatabase()
  for (const sql of [
    'CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE)',
    `CREATE TABLE accounts (
      provider TEXT NOT NULL, account TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      PRIMARY KEY (provider, account))`,
    `CREATE TABLE sessions (
      token TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, expires TEXT NOT NULL)`,
    'CREATE TABLE verification_tokens (email TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (email, token))',
  ]) {
    await db.execute(sql)
  }
  await db.refreshSchema()
  return {
    db,
    users: db.getRepository<User>('users'),
    sessions: db.getRepository<Session>('sessions'),
    tokens: db.getRepository<{ email: string; token: string }>('verification_tokens'),
  }
}

type Database = Awaited<ReturnType<typeof openAccounts>>['db']

/** A first sign-in: a user and an account, or those that are there already. */
async function signIn(db: Database, account: string): Promise<User> {
  const email = `${account}@example.org`
  return db.transaction(async (tx) => {
    const users = tx.getRepository<User>('users')
    const known = await users.findOne({ where: { email } })
    if (known !== null) return known
    const user = await users.create({ id: randomUUID(), email })
    await tx.getRepository('accounts').create({ provider: 'studio', account, user_id: user.id })
    return user
  })
}

test('make one user when the provider calls back several times at once', async () => {
  const { db, users } = await openAccounts()
  const signedIn = await Promise.all(Array.from({ length: 10 }, () => signIn(db, 'ada')))
  expect(new Set(signedIn.map(({ id }) => id)).size).toBe(1)
  expect(await users.count()).toBe(1)
  expect(await db.getRepository('accounts').findById({ provider: 'studio', account: 'ada' })).not.toBeNull()
})

test('register an address once, and tell that it is taken from every other failure', async () => {
  const { users } = await openAccounts()
  const register = async (): Promise<'registered' | 'taken'> => {
    try {
      await users.create({ id: randomUUID(), email: 'ada@example.org' })
      return 'registered'
    } catch (error) {
      if (isNoormmeError(error, 'NOORMME_UNIQUE')) return 'taken'
      throw error
    }
  }
  const outcomes = await Promise.all(Array.from({ length: 5 }, register))
  expect(outcomes.sort()).toEqual(['registered', 'taken', 'taken', 'taken', 'taken'])
})

test('use a one-time token once, though two requests bring it together', async () => {
  const { db, tokens } = await openAccounts()
  await tokens.create({ email: 'ada@example.org', token: 'abc' })
  const key = { email: 'ada@example.org', token: 'abc' }
  expect((await Promise.all([tokens.delete(key), tokens.delete(key)])).sort()).toEqual([false, true])

  await tokens.create(key)
  const take = async () =>
    (await db.execute('DELETE FROM verification_tokens WHERE email = ? AND token = ? RETURNING *', Object.values(key)))
      .rows
  expect((await Promise.all([take(), take()])).flat()).toEqual([key])
})

test('find no session that has expired, and clear those away', async () => {
  const { db, sessions } = await openAccounts()
  const { id } = await signIn(db, 'ada')
  const now = new Date('2026-06-01T00:00:00.000Z')
  await sessions.createMany([
    { token: 'old', user_id: id, expires: '2026-05-31T23:59:59.999Z' },
    { token: 'new', user_id: id, expires: '2026-06-02T00:00:00.000Z' },
  ])
  const valid = (token: string) => sessions.findOne({ where: { token, expires: { gt: now } } })
  expect(await valid('old')).toBeNull()
  expect((await valid('new'))?.user_id).toBe(id)

  expect(await sessions.deleteMany({ expires: { lte: now } })).toEqual({ count: 1 })
  expect(await sessions.findAll({ select: ['token'] })).toEqual([{ token: 'new' }])
})

test('remove a user with all accounts and sessions in one call', async () => {
  const { db, users, sessions } = await openAccounts()
  const { id } = await signIn(db, 'ada')
  await sessions.create({ token: 'a', user_id: id, expires: '2026-06-02T00:00:00.000Z' })
  expect(await users.delete(id)).toBe(true)
  expect(await sessions.count()).toBe(0)
  expect(await db.getRepository('accounts').count()).toBe(0)
})

test('be told at once which table is missing, and that a session has no user', async () => {
  const { db, sessions } = await openAccounts()
  expect(() => db.getRepository('session')).toThrow(/sessions/)
  const orphan = sessions.create({ token: 'a', user_id: 'nobody', expires: '2026-06-02T00:00:00.000Z' })
  await expect(orphan).rejects.toMatchObject({ code: 'NOORMME_FOREIGN_KEY' })
})

/** Better Auth on our Kysely, over HTTP: the page docs/auth.md, whose migration makes the tables. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { genericOAuth } from 'better-auth/plugins'
import { NOORMME } from 'noormme'
import { expect, onTestFinished, test } from 'vitest'
import { codeBlocks } from '../../scripts/lib/markdown.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { Browser } from './support/browser.ts'
import { startProvider } from './support/oauth-provider.ts'
import { serve } from './support/serve.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'auth.md')
const MIRA = { name: 'Mira', email: 'mira@example.org', password: 'a long enough password' }

async function openDatabase(folder: string): Promise<NOORMME> {
  const db = new NOORMME(join(folder, 'app.db'))
  onTestFinished(() => db.close())
  await db.initialize()
  const sql = codeBlocks(await readFile(PAGE, 'utf8')).find(({ info }) => info === 'sql')?.code ?? ''
  await mkdir(join(folder, 'migrations'), { recursive: true })
  await writeFile(join(folder, 'migrations', '20260101120000_auth.sql'), sql)
  await db.migrate(join(folder, 'migrations'))
  return db
}

interface Application {
  readonly db: NOORMME
  readonly auth: ReturnType<typeof authOver>
  readonly url: string
  /** Another visitor, without cookies. */
  readonly visit: () => Browser
}

function authOver(db: NOORMME, url: string, provider: string) {
  return betterAuth({
    baseURL: url,
    secret: 'Zk3v9QpXw7LbT2mR8sNc5JyHf6DgA4Ue',
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    // What goes wrong on purpose is not for the terminal.
    logger: { disabled: true },
    database: { db: db.getKysely(), type: 'sqlite' },
    emailAndPassword: { enabled: true },
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: 'studio',
            clientId: 'shop',
            clientSecret: 'a secret of the shop',
            authorizationUrl: `${provider}/authorize`,
            tokenUrl: `${provider}/token`,
            userInfoUrl: `${provider}/userinfo`,
          },
        ],
      }),
    ],
  })
}

async function start(folder = tempFolder()): Promise<Application> {
  const db = await openDatabase(folder)
  const provider = await startProvider({ sub: 'p-1', email: 'noor@example.org', name: 'Noor' })
  const handler: { current: (request: Request) => Promise<Response> } = {
    current: async () => new Response(null, { status: 503 }),
  }
  const url = await serve((request) => handler.current(request))
  const auth = authOver(db, url, provider)
  handler.current = (request) => auth.handler(request)
  return { db, auth, url, visit: () => new Browser(url) }
}

const count = async (db: NOORMME, table: string): Promise<number> => db.getRepository(table).count()

test('the migration of the page makes all the tables that it asks for', async () => {
  const { auth } = await start()
  const { toBeCreated, toBeAdded } = await getMigrations(auth.options)
  expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] })
})

test('the tables can be made by Better Auth itself as well, and are the same', async () => {
  const { db, auth } = await start()
  const empty = new NOORMME(':memory:')
  onTestFinished(() => empty.close())
  await empty.initialize()
  await (await getMigrations({ ...auth.options, database: { db: empty.getKysely(), type: 'sqlite' } })).runMigrations()
  const described = async (of: NOORMME) =>
    (await of.refreshSchema()).tables.map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => [column.name, column.type.toUpperCase(), column.notNull]),
    }))
  expect(await described(db)).toEqual(await described(empty))
})

test('someone signs up, signs out, signs in with the right password alone, and has a session', async () => {
  const { db, visit } = await start()
  const mira = visit()
  expect(await mira.post('/api/auth/sign-up/email', MIRA)).toMatchObject({ status: 200 })
  expect(await mira.get('/api/auth/get-session')).toMatchObject({ body: { user: { email: MIRA.email } } })
  expect(await visit().get('/api/auth/get-session')).toMatchObject({ body: null })

  expect(await mira.post('/api/auth/sign-out', {})).toMatchObject({ status: 200 })
  expect(await mira.get('/api/auth/get-session')).toMatchObject({ body: null })
  expect(await count(db, 'session')).toBe(0)

  const wrong = await mira.post('/api/auth/sign-in/email', { ...MIRA, password: 'another long password' })
  expect(wrong.status).toBe(401)
  expect(await count(db, 'session')).toBe(0)
  expect(await mira.post('/api/auth/sign-in/email', MIRA)).toMatchObject({ status: 200 })
  expect(await mira.get('/api/auth/get-session')).toMatchObject({ body: { user: { name: 'Mira' } } })
})

test('a session outlives a restart, and ends when its time is over', async () => {
  const folder = tempFolder()
  const first = await start(folder)
  const mira = first.visit()
  await mira.post('/api/auth/sign-up/email', MIRA)
  await first.db.close()

  const second = await start(folder)
  const later = second.visit().with(mira)
  expect(await later.get('/api/auth/get-session')).toMatchObject({ body: { user: { name: 'Mira' } } })
  await second.db.execute('UPDATE session SET expiresAt = ?', [new Date(0)])
  expect(await later.get('/api/auth/get-session')).toMatchObject({ body: null })
})

test('of many who sign up with one address at once, one does', async () => {
  const { db, visit } = await start()
  const answers = await Promise.all(Array.from({ length: 8 }, () => visit().post('/api/auth/sign-up/email', MIRA)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await count(db, 'user')).toBe(1)
})

test('someone comes back from another site: account, user and session are stored, a forged answer is not', async () => {
  const { db, url, visit } = await start()
  const noor = visit()
  const asked = await noor.post('/api/auth/sign-in/social', { provider: 'studio', callbackURL: `${url}/welcome` })
  const back = await fetch((asked.body as { url: string }).url, { redirect: 'manual' })
  const callback = back.headers.get('location') ?? ''
  expect(callback).toContain('/api/auth/callback/studio?code=')

  const forged = new URL(callback)
  forged.searchParams.set('state', 'of-somebody-else')
  await visit().get(forged.pathname + forged.search)
  expect(await count(db, 'user')).toBe(0)

  const arrived = await noor.get(callback.slice(url.length))
  expect(arrived).toMatchObject({ status: 302, location: `${url}/welcome` })
  expect(await noor.get('/api/auth/get-session')).toMatchObject({ body: { user: { email: 'noor@example.org' } } })
  expect(await db.getRepository('account').findAll()).toMatchObject([{ providerId: 'studio', accountId: 'p-1' }])

  await visit().get(callback.slice(url.length))
  expect(await count(db, 'session')).toBe(1)
})

test('a sign-up inside a transaction that is rolled back has not happened', async () => {
  const { db, auth } = await start()
  const failing = db.transaction(async () => {
    await auth.api.signUpEmail({ body: MIRA })
    expect(await count(db, 'user')).toBe(1)
    throw new Error('the cart could not be made')
  })
  await expect(failing).rejects.toThrow('the cart could not be made')
  expect(await count(db, 'user')).toBe(0)
  await expect(auth.api.signUpEmail({ body: MIRA })).resolves.toMatchObject({ user: { name: 'Mira' } })
})

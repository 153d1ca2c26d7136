/** Who may look, and what a page of another site cannot do: through real HTTP, with headers that no browser would send. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { DashboardLogger } from 'noormme/dashboard'
import { describe, expect, it } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'
import { type Answer, ask, serveDashboard } from './support/serve.ts'

const TOKEN = 'correct-horse-battery-staple'
const LOGIN = { method: 'POST', path: '/login', headers: { 'content-type': 'application/x-www-form-urlencoded' } }

function logger(): { readonly lines: string[]; readonly to: DashboardLogger } {
  const lines: string[] = []
  const log = (details: object, message: string): void => void lines.push(`${message} ${JSON.stringify(details)}`)
  return { lines, to: { info: log, warn: log, error: log } }
}

async function open(options: Parameters<typeof serveDashboard>[1] = {}) {
  const { db } = tempDatabase()
  await db.initialize()
  return { db, ...(await serveDashboard(db, options)) }
}

async function signIn(port: number, token: string): Promise<{ answer: Answer; cookie: string }> {
  const answer = await ask(port, { ...LOGIN, body: new URLSearchParams({ token }).toString() })
  return { answer, cookie: (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '' }
}

describe('every answer', () => {
  it.each(['/', '/api/overview', '/nowhere', '/api/actions/checkpoint', '/assets/none.js'])(
    'of %s forbids what is not from here, and is not kept',
    async (path) => {
      const { port } = await open()

      const { headers } = await ask(port, { path })

      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
      expect(headers['content-security-policy']).toMatch(/base-uri 'none'; frame-ancestors 'none'$/)
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|http:/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['cache-control']).toMatch(/^no-(store|cache)$/)
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )
})

describe('without a token', () => {
  it('answers this machine by its names, and no other name', async () => {
    const { port } = await open()
    const status = async (host: string): Promise<number> =>
      (await ask(port, { path: '/api/overview', headers: { host } })).status

    expect(await status('localhost')).toBe(200)
    expect(await status(`127.0.0.1:${port}`)).toBe(200)
    expect(await status('rebound.example')).toBe(403)
    expect(await status('localhost.rebound.example')).toBe(403)
  })

  it('does not answer what a proxy passes on', async () => {
    const { port } = await open()

    expect((await ask(port, { path: '/api/overview', headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(403)
  })

  it('does not answer who reads events from another site', async () => {
    const { port } = await open()
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }

    expect((await ask(port, { path: '/api/events', headers })).status).toBe(403)
    expect((await ask(port, { path: '/api/overview', headers: { origin: 'http://evil.example' } })).status).toBe(403)
  })
})

describe('with a token', () => {
  it('asks for it, and takes it as Bearer', async () => {
    const { port } = await open({ token: TOKEN })

    const page = await ask(port, { path: '/' })
    const api = await ask(port, { path: '/api/overview' })
    const known = await ask(port, { path: '/api/overview', headers: { authorization: `Bearer ${TOKEN}` } })

    expect([page.status, api.status, known.status]).toEqual([401, 401, 200])
    expect(page.body).toContain('<form method="post" action="./login">')
    expect(page.body).not.toMatch(/<script|<style| style=/)
    expect(JSON.parse(api.body)).toEqual({ error: { code: 'unauthorized', message: expect.any(String) } })
    expect((await ask(port, { path: '/login.css' })).headers['content-type']).toBe('text/css; charset=utf-8')
  })

  it.each(['/api/overview', '/api/events', '/api/schema', '/api/statements/x', '/assets/x.js', '/metrics'])(
    'shows nothing of %s to who has none',
    async (path) => {
      const { port } = await open({ token: TOKEN })

      expect((await ask(port, { path })).status).toBe(401)
      expect((await ask(port, { path, headers: { cookie: `noormme=${TOKEN}` } })).status).toBe(401)
    },
  )

  it('opens a session for who types it, with a cookie that is not the token and that no script reads', async () => {
    const { port } = await open({ token: TOKEN })

    const { answer, cookie } = await signIn(port, TOKEN)

    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('./')
    const [set = ''] = answer.headers['set-cookie'] ?? []
    expect(set).toMatch(/; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    expect(set).not.toContain(TOKEN)
    expect((await ask(port, { path: '/api/overview', headers: { cookie } })).status).toBe(200)
    expect((await ask(port, { path: '/api/overview', headers: { cookie: `${cookie}x` } })).status).toBe(401)
  })

  it('ends the session at logout', async () => {
    const { port } = await open({ token: TOKEN })

    const { headers } = await ask(port, { method: 'POST', path: '/logout' })

    expect(headers['set-cookie']?.[0]).toMatch(/=; Path=\/; Max-Age=0;/)
  })

  it('tells of a wrong token in the form and the log, without its text', async () => {
    const { lines, to } = logger()
    const { port } = await open({ token: TOKEN, logger: to })

    const { answer, cookie } = await signIn(port, 'wrong-token-of-somebody')

    expect(answer.status).toBe(401)
    expect(cookie).toBe('')
    expect(answer.body).toContain('role="alert"')
    expect(lines).toEqual(['dashboard: a wrong token was given {}'])
  })

  it('takes no form from another site, none that is no form, and none that is endless', async () => {
    const { port } = await open({ token: TOKEN })
    const body = new URLSearchParams({ token: TOKEN }).toString()
    const login = async (headers: Record<string, string>, sent: string = body): Promise<number> =>
      (await ask(port, { ...LOGIN, headers: { ...LOGIN.headers, ...headers }, body: sent })).status

    expect(await login({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await login({ origin: 'http://evil.example' })).toBe(403)
    expect(await login({ 'content-type': 'application/json' }, JSON.stringify({ token: TOKEN }))).toBe(400)
    expect(await login({}, 'x=y')).toBe(400)
    expect(await login({}, `token=${'x'.repeat(10_000)}`)).toBe(413)
  })

  it('marks the cookie as Secure behind a proxy that speaks TLS', async () => {
    const { port } = await open({ token: TOKEN })
    const headers = { ...LOGIN.headers, 'x-forwarded-proto': 'https' }

    const answer = await ask(port, { ...LOGIN, headers, body: `token=${TOKEN}` })

    expect(answer.headers['set-cookie']?.[0]).toMatch(/; Secure$/)
  })

  it('keeps the cookie to where it is mounted, and answers nothing elsewhere', async () => {
    const { port } = await open({ token: TOKEN, basePath: '/admin/database' })
    const answer = await ask(port, { ...LOGIN, path: '/admin/database/login', body: `token=${TOKEN}` })

    expect(answer.headers['set-cookie']?.[0]).toContain('; Path=/admin/database/;')
    expect((await ask(port, { path: '/admin/database' })).headers.location).toBe('database/')
    expect((await ask(port, { path: '/' })).status).toBe(404)
    expect((await ask(port, { path: '/admin/database2/' })).status).toBe(404)
  })
})

describe('authorize', () => {
  it('decides in the place of a token', async () => {
    const { port } = await open({ authorize: (request) => request.headers.get('x-user') === 'admin' })

    expect((await ask(port, { path: '/api/overview', headers: { 'x-user': 'admin' } })).status).toBe(200)
    expect((await ask(port, { path: '/api/overview' })).status).toBe(403)
  })

  it('that fails lets nobody in', async () => {
    const { lines, to } = logger()
    const { port } = await open({ authorize: () => Promise.reject(new Error('no sessions')), logger: to })

    const { status, body } = await ask(port, { path: '/api/overview' })

    expect(status).toBe(500)
    expect(body).not.toContain('no sessions')
    expect(lines).toHaveLength(1)
  })
})

describe('actions', () => {
  const CONFIRM = { 'noormme-action': 'confirm' }
  const post = (path: string, headers: Record<string, string> = {}) => ({ method: 'POST', path, headers })

  it('are refused unless they are allowed', async () => {
    const { port, db } = await open()
    await db.execute('CREATE TABLE t (a)')
    const before = (await db.getConnectionStats()).log?.checkpoints

    expect((await ask(port, post('/api/actions/checkpoint', CONFIRM))).status).toBe(403)
    expect(JSON.parse((await ask(port, { path: '/api/overview' })).body).actions).toEqual([])
    expect((await db.getConnectionStats()).log?.checkpoints.copies).toBe(before?.copies)
  })

  it('need POST and a confirmation, which another site cannot send, and are logged', async () => {
    const { lines, to } = logger()
    const { port, db } = await open({ allowActions: true, logger: to })
    await db.execute('CREATE TABLE t (a)')

    expect((await ask(port, { path: '/api/actions/checkpoint', headers: CONFIRM })).status).toBe(405)
    expect((await ask(port, post('/api/actions/checkpoint'))).status).toBe(400)
    const foreign = { ...CONFIRM, 'sec-fetch-site': 'cross-site' }
    expect((await ask(port, post('/api/actions/checkpoint', foreign))).status).toBe(403)
    expect((await ask(port, post('/api/actions/vacuum', CONFIRM))).status).toBe(404)
    expect(lines).toEqual([])

    const { status, body } = await ask(port, post('/api/actions/checkpoint', CONFIRM))
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({ ok: true, detail: expect.stringMatching(/^(\d+) of \1 pages of the log/) })
    expect((await db.getConnectionStats()).log?.checkpoints.last).toMatchObject({ mode: 'PASSIVE', result: 'complete' })
    expect(JSON.parse((await ask(port, post('/api/actions/optimize', CONFIRM))).body).ok).toBe(true)
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'dashboard: checkpoint',
      'dashboard: optimize',
    ])
  })

  it('say in words why they cannot be done', async () => {
    const { port, db } = await open({ allowActions: true })
    await db.close()

    const { status, body } = await ask(port, post('/api/actions/checkpoint', CONFIRM))

    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({ ok: false, detail: 'The database is not open.' })
  })
})

describe('what is no request', () => {
  it.each([
    ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ['a Host with a path', 'GET / HTTP/1.1\r\nHost: localhost/x\r\nConnection: close\r\n\r\n', 400],
    ['a Host with a user', 'GET / HTTP/1.1\r\nHost: localhost@evil.example\r\nConnection: close\r\n\r\n', 400],
    [
      'another address as the path',
      'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['no path at all', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    [
      'two slashes, which is another host elsewhere',
      'GET //evil.example/api/overview HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      404,
    ],
    ['the way up', 'GET /assets/../../package.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 404],
    [
      'the way up, encoded',
      'GET /assets/..%2f..%2fpackage.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      404,
    ],
  ])('%s', async (_, raw, status) => {
    const { port } = await open()
    const socket = connect(port, '127.0.0.1')
    socket.end(raw)

    expect(await text(socket)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })
})

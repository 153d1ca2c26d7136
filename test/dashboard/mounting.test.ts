/** Mounted in the servers of the guide, below a path: the page, its API, events, a token, and what happens when one goes away. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { type DashboardOptions, dashboard, toNodeHandler } from 'noormme/dashboard'
import { afterEach, describe, expect, it } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'
import { nextTick, ticks } from './support/events.ts'
import { ask } from './support/serve.ts'

const TOKEN = 'correct-horse-battery-staple'
const PATH = '/admin/database'
type Database = ReturnType<typeof tempDatabase>['db']

interface Mounted {
  readonly port: number
  close(): Promise<void>
}

const mounted: Mounted[] = []
afterEach(async () => {
  for (const server of mounted.splice(0)) await server.close()
})

async function listening(server: Server): Promise<Mounted> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { port: (server.address() as AddressInfo).port, close }
}

const SERVERS: Readonly<Record<string, (db: Database, options: DashboardOptions) => Promise<Mounted>>> = {
  'node:http': async (db, options) => {
    const show = toNodeHandler(dashboard(db, { ...options, basePath: PATH }))
    const server = createServer((request, response) => {
      if (request.url?.startsWith(PATH)) void show(request, response)
      else response.end('the shop')
    })
    return listening(server.listen(0, '127.0.0.1'))
  },

  express: async (db, options) => {
    const app = express()
    app.use(PATH, toNodeHandler(dashboard(db, { ...options, basePath: PATH })))
    app.use(express.urlencoded())
    app.get('/', (_, response) => void response.send('the shop'))
    return listening(app.listen(0, '127.0.0.1'))
  },

  fastify: async (db, options) => {
    const app = fastify({ forceCloseConnections: true })
    const show = toNodeHandler(dashboard(db, { ...options, basePath: PATH }))
    app.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _body, done) => done(null))
      scope.all(`${PATH}*`, async (request, reply) => {
        reply.hijack()
        await show(request.raw, reply.raw)
      })
    })
    app.get('/', async () => 'the shop')
    await app.listen({ port: 0, host: '127.0.0.1' })
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
  },

  hono: async (db, options) => {
    const show = dashboard(db, { ...options, basePath: PATH })
    const app = new Hono()
    app.all(`${PATH}/*`, (c) => show(c.req.raw, { remoteAddress: getConnInfo(c).remote.address }))
    app.get('/', (c) => c.text('the shop'))
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server)
  },
}

describe.each(Object.keys(SERVERS))('%s', (name) => {
  async function mount(options: DashboardOptions = {}) {
    const { db } = tempDatabase()
    await db.initialize()
    await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY)')
    const server = await SERVERS[name]?.(db, options)
    if (server === undefined) throw new Error('no such server')
    mounted.push(server)
    return { db, port: server.port, url: `http://127.0.0.1:${server.port}${PATH}` }
  }

  it('answers below its path, and leaves the rest alone', async () => {
    const { port, url } = await mount()

    expect((await ask(port, { path: '/' })).body).toBe('the shop')
    const bare = await ask(port, { path: PATH })
    expect(new URL(bare.headers.location ?? '', `${url}`).pathname).toBe(`${PATH}/`)
    expect((await ask(port, { path: `${PATH}/` })).headers['content-type']).toContain('text/html')
    expect(await (await fetch(`${url}/api/schema`)).json()).toMatchObject([{ table: 'works' }])
    expect((await ask(port, { path: `${PATH}/nothing` })).status).toBe(404)
  })

  it('sends events as they come, and stops asking when the page has gone', async () => {
    const { db, url } = await mount()
    const sessions = new Set<string>()

    for await (const tick of ticks(url)) {
      sessions.add(`${tick.session} ${tick.point.at}`)
      if (sessions.size === 2) break
    }
    let asked = 0
    const { healthCheck } = db
    db.healthCheck = () => {
      asked++
      return healthCheck.call(db)
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(asked).toBeLessThanOrEqual(1)
  })

  it('knows this machine, without a token', async () => {
    const { port } = await mount()

    expect((await ask(port, { path: `${PATH}/api/overview` })).status).toBe(200)
    expect((await ask(port, { path: `${PATH}/api/overview`, headers: { host: 'evil.example' } })).status).toBe(403)
  })

  it('signs in with a token, and shows events to who has a session', async () => {
    const { port, url } = await mount({ token: TOKEN })
    expect((await ask(port, { path: `${PATH}/api/overview` })).status).toBe(401)

    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const login = await ask(port, { method: 'POST', path: `${PATH}/login`, headers, body: `token=${TOKEN}` })
    const cookie = (login.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''

    expect(login.status).toBe(303)
    expect(await nextTick(url, { headers: { cookie } })).toMatchObject({ health: { status: 'healthy' } })
    const bearer = { authorization: `Bearer ${TOKEN}` }
    expect(await nextTick(url, { headers: bearer })).toMatchObject({ health: { status: 'healthy' } })
  })

  it('runs an action', async () => {
    const { port } = await mount({ allowActions: true })
    const headers = { 'noormme-action': 'confirm' }

    const answer = await ask(port, { method: 'POST', path: `${PATH}/api/actions/optimize`, headers })

    expect(JSON.parse(answer.body)).toMatchObject({ ok: true })
  })
})

it('a server closes in time when its signal has ended the streams', async () => {
  const { db } = tempDatabase()
  await db.initialize()
  const ending = new AbortController()
  const server = createServer(toNodeHandler(dashboard(db, { signal: ending.signal }))).listen(0, '127.0.0.1')
  const { port } = await listening(server)

  for await (const _ of ticks(`http://127.0.0.1:${port}`)) {
    ending.abort()
  }
  expect((await ask(port, { path: '/api/events' })).status).toBe(503)
  server.closeIdleConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

/** Requests that nobody would send: none ends the server, none is answered with 500, none tells of folders or of stacks. */
import fc from 'fast-check'
import { type DashboardOptions, dashboard } from 'noormme/dashboard'
import { expect, it } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'
import { ask, serveHandler } from './support/serve.ts'

const TOKEN = 'correct-horse-battery-staple'
const RUNS = 150

const segment = fc.oneof(
  fc.constantFrom('api', 'overview', 'events', 'schema', 'statements', 'actions', 'checkpoint', 'assets', 'login', ''),
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2f',
    '%00',
    '%',
    '%zz',
    '%c0%ae',
    '\\',
    'index.html',
    'constructor',
    '__proto__',
  ),
  fc.string({ unit: 'grapheme' }).map(encodeURIComponent),
  fc.bigInt().map(String),
  fc.nat(4000).map((length) => '9'.repeat(length)),
)
const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`)
const query = fc.option(
  fc.string({ unit: 'grapheme' }).map((text) => `?${encodeURIComponent(text)}`),
  { nil: '' },
)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'PROPFIND', 'QUERY')
// What a client may put into a header at all; the server's parser refuses the rest before anybody sees it.
const value = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }).map((text) => text.trim()),
  fc.constantFrom(
    `Bearer ${TOKEN}x`,
    'Bearer ',
    'Basic x',
    'null',
    'http://[',
    'cross-site',
    'navigate',
    'confirm',
    '*',
    '"',
  ),
  fc.constantFrom(
    'noormme-00000000=..',
    'a=b;;;=;',
    'gzip, deflate',
    'identity;q=0',
    'application/x-www-form-urlencoded',
  ),
)
const name = fc.constantFrom(
  'authorization',
  'cookie',
  'origin',
  'referer',
  'sec-fetch-site',
  'sec-fetch-mode',
  'if-none-match',
  'accept',
  'accept-encoding',
  'content-type',
  'content-encoding',
  'noormme-action',
  'x-forwarded-for',
  'x-forwarded-proto',
  'range',
  'last-event-id',
  'upgrade-insecure-requests',
)
const headers = fc.dictionary(name, value, { maxKeys: 6 })
const host = fc.oneof(
  fc.constant('localhost'),
  fc.constantFrom('evil.example', '[::1]', '', 'a b', 'localhost:99999', '%'),
)
const body = fc.option(
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 6000 }),
    fc.constantFrom('token=', 'token=%', `token=${TOKEN}&token=x`, '{"token":1}'),
  ),
  { nil: undefined },
)

it.each<[string, DashboardOptions]>([
  ['without a token', { allowActions: true }],
  ['with a token', { token: TOKEN }],
  ['below a path', { basePath: '/admin/database' }],
])('%s', async (_, options) => {
  const { db, folder } = tempDatabase()
  await db.initialize()
  const errors: unknown[] = []
  const log = (details: object): void => void errors.push(details)
  const handler = dashboard(db, { ...options, logger: { info: () => {}, warn: () => {}, error: log } })
  const { port } = await serveHandler(handler)
  const base = options.basePath ?? ''

  await fc.assert(
    fc.asyncProperty(method, path, query, headers, host, body, async (how, where, asked, given, to, sent) => {
      // Streams go on and on.
      if (/events/.test(where)) return
      const answer = await ask(port, {
        method: how,
        path: `${base}${where}${asked}`,
        headers: { ...given, host: to },
        ...(sent === undefined || how === 'GET' || how === 'HEAD' ? {} : { body: sent }),
      })
      expect([200, 303, 304, 400, 401, 403, 404, 405, 413, 503]).toContain(answer.status)
      // That the page was not built is the one thing that 503 says.
      if (answer.status === 503 && how !== 'HEAD') expect(answer.body).toContain('has not been built')
      expect(answer.body).not.toContain(folder)
      expect(answer.body).not.toContain(process.cwd())
      expect(answer.body).not.toMatch(/\bat .+:\d+:\d+|node_modules|Error:/)
    }),
    { numRuns: RUNS },
  )
  expect(errors).toEqual([])
  expect((await ask(port, { path: `${base}/api/overview` })).status).toBe(options.token === undefined ? 200 : 401)
})

it('is refused before the handler when it cannot be a request', async () => {
  let handled = 0
  const { port } = await serveHandler(async () => {
    handled++
    return new Response('x')
  })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('a b', '%', 'a/b', 'a?b', 'a#b', 'u@a', '[', 'a:x'), async (to) => {
      expect((await ask(port, { headers: { host: to } })).status).toBe(400)
    }),
  )
  expect(handled).toBe(0)
})

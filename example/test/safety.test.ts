/** What the gallery refuses, and what it takes literally. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPlace, type Gallery, type Place } from './support/gallery.ts'
import { createShopper } from './support/shopper.ts'

let place: Place
let gallery: Gallery

beforeAll(async () => {
  place = await createPlace()
  gallery = await place.start()
})

afterAll(() => place[Symbol.asyncDispose]())

function post(path: string, headers: Readonly<Record<string, string>>, body = 'liked=yes'): Promise<Response> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return fetch(gallery.url + path, { method: 'POST', headers: { ...type, ...headers }, body, redirect: 'manual' })
}

describe('a form from another site', () => {
  test.each([
    ['says so in Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
    ['comes from a sister site', { 'sec-fetch-site': 'same-site' }],
    ['has another Origin', { origin: 'https://example.org' }],
    ['has an opaque Origin', { origin: 'null' }],
    ['says nothing about where it is from', {}],
  ])('is refused when it %s', async (_, headers) => {
    const response = await post('/works/1/like', headers)

    expect(response.status).toBe(403)
    expect(await response.text()).toContain('sent from another site')
  })

  test('is the only one that is refused', async () => {
    expect((await post('/works/1/like', { origin: gallery.url })).status).toBe(303)
    expect((await post('/works/1/like', { 'sec-fetch-site': 'same-origin' })).status).toBe(303)
  })
})

test.each([
  '"',
  "'",
  '" OR 1',
  'a"b',
  'say "moon" now"',
  'AND',
  'NEAR(',
  'title:',
  '*',
  '^a',
  '-',
  '%',
  '_',
  '{a b}',
  'a\0b',
  '\ud800',
  '(((',
  '🐝',
  '%00',
])('a search for %j is text, never syntax', async (text) => {
  const response = await fetch(`${gallery.url}/?q=${encodeURIComponent(text.toWellFormed())}`)

  expect(response.status).toBe(200)
  expect(await response.text()).toMatch(/\d+ works?</)
})

test.each(['🙂', '%', '"', '(', '-'])('a search for %j, which has no word in it, finds nothing', async (text) => {
  const page = await (await fetch(`${gallery.url}/?q=${encodeURIComponent(text)}`)).text()

  expect(page).toContain('0 works')
  expect(page).toContain('No work matches')
})

test('a page beyond the last one is the last one', async () => {
  for (const [path, item] of [
    ['/artists?page=999', 'class="artist"'],
    ['/?page=999', 'class="card"'],
  ] as const) {
    const page = await (await fetch(gallery.url + path)).text()
    expect(page, path).toContain(item)
  }
})

test.each(['/', '/works/1', '/artists', '/cart', '/orders', '/nowhere'])('%s is kept by no browser', async (path) => {
  const response = await fetch(gallery.url + path)

  expect(response.headers.get('cache-control')).toBe('no-store')
})

test.each(['/works/1/like', '/works/1/comments', '/cart', '/cart/1', '/checkout', '/theme'])(
  'a garbled form to %s is refused, and is no failure of the gallery',
  async (path) => {
    const response = await post(path, { origin: gallery.url, 'content-type': 'multipart/form-data' }, 'garbled')

    expect(response.status).toBe(400)
    expect(gallery.output()).not.toContain('failed:')
  },
)

test('what is not a form is refused as such', async () => {
  const response = await post('/cart', { origin: gallery.url, 'content-type': 'application/json' }, '{"artwork":1}')

  expect(response.status).toBe(415)
})

test('a form that is too large is refused', async () => {
  const response = await post('/works/1/comments', { origin: gallery.url }, `name=a&body=${'x'.repeat(20_000)}`)

  expect(response.status).toBe(413)
})

test.each([
  ['empty', { name: 'Robin', body: '   ' }, 'Please write something first.'],
  ['too long', { name: 'Robin', body: 'x'.repeat(1001) }, 'under 1000 characters'],
  ['unsigned', { name: '', body: 'Lovely' }, 'Please add a name'],
  ['signed at length', { name: 'x'.repeat(41), body: 'Lovely' }, 'under 40 characters'],
])('a comment that is %s is given back with a reason', async (_, fields, reason) => {
  const before = place.query('SELECT count(*) AS n FROM comments')

  const response = await createShopper(gallery.url).post('/works/1/comments', fields)

  expect(response.status).toBe(422)
  expect(await response.text()).toContain(reason)
  expect(place.query('SELECT count(*) AS n FROM comments')).toEqual(before)
})

test.each([
  '/works/0',
  '/works/999999',
  '/works/1e3',
  '/works/1%00',
  '/artists/nobody',
  '/orders/BEE-0000-0000',
  '/art/999999.svg',
  '/nowhere',
])('%s is answered with a page that says it is not there', async (path) => {
  const response = await fetch(gallery.url + path)

  expect(response.status).toBe(404)
  expect(await response.text()).toContain('Nothing here')
})

test('cookies are out of reach of scripts and of other sites', async () => {
  const response = await post('/works/1/like', { origin: gallery.url })

  const cookie = response.headers.getSetCookie().find((text) => text.startsWith('dreambee='))
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Lax/)
})

test('a visitor who only looks is not recorded', async () => {
  const before = place.query('SELECT count(*) AS n FROM visitors')

  for (const path of ['/', '/works/1', '/artists', '/cart', '/orders']) await fetch(gallery.url + path)

  expect(place.query('SELECT count(*) AS n FROM visitors')).toEqual(before)
})

test('a theme form leads back to this site only', async () => {
  for (const back of ['//example.org', '/\\example.org', 'https://example.org', '\t//example.org']) {
    const response = await createShopper(gallery.url).post('/theme', { theme: 'dark', back })
    expect(response.headers.get('location'), back).toBe('/')
  }
})

test('a picture is kept for a year and not sent twice', async () => {
  const first = await fetch(`${gallery.url}/art/1.svg`)
  const etag = first.headers.get('etag') ?? ''

  const second = await fetch(`${gallery.url}/art/1.svg`, { headers: { 'if-none-match': etag } })

  expect(first.headers.get('content-type')).toBe('image/svg+xml')
  expect(first.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect([second.status, await second.text()]).toEqual([304, ''])
})

test('health answers without being asked twice', async () => {
  const response = await fetch(`${gallery.url}/healthz`)

  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ healthy: true })
})

test('the counter shows every connection with its settings, to this machine only', async () => {
  const page = await (await fetch(`${gallery.url}/admin`)).text()
  const forwarded = await fetch(`${gallery.url}/admin`, { headers: { 'x-forwarded-for': '203.0.113.7' } })

  for (const text of ['writer', 'inline', 'journal_mode', 'artworks', 'artwork_search']) expect(page).toContain(text)
  expect(forwarded.status).toBe(404)
})

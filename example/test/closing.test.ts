/** Opening and closing: files, signals, ports, and filling that is interrupted. */
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPlace, type Place, refusal } from './support/gallery.ts'
import { createShopper } from './support/shopper.ts'

let place: Place

beforeEach(async () => {
  place = await createPlace()
})

afterEach(() => place[Symbol.asyncDispose]())

test.each(['SIGINT', 'SIGTERM'] as const)(
  'three files while it is open, one after %s, and the process ends by itself',
  async (signal) => {
    const gallery = await place.start()
    const shopper = createShopper(gallery.url)
    await shopper.post('/works/1/like', { liked: 'yes' })
    expect(await place.files()).toEqual(['gallery.db', 'gallery.db-shm', 'gallery.db-wal'])

    const end = await gallery.stop(signal)

    expect(end).toEqual({ code: 0, signal: null })
    expect(await place.files()).toEqual(['gallery.db'])
    expect(place.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  },
)

test('a request under way is answered before it closes, and no later one is taken', async () => {
  const gallery = await place.start()
  const body = 'name=Robin&body=Just+in+time'
  const form = request(`${gallery.url}/works/1/comments`, {
    method: 'POST',
    headers: {
      origin: gallery.url,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': body.length,
      expect: '100-continue',
    },
  })
  const answered = once(form, 'response')
  form.flushHeaders()
  await once(form, 'continue') // the gallery has read the head and waits for the body

  const end = gallery.stop('SIGTERM')
  await gallery.printed(/closing the gallery/)
  await expect(fetch(gallery.url)).rejects.toThrow()
  form.end(body)

  const [response] = await answered
  expect(response.statusCode).toBe(303)
  response.resume()
  expect(await end).toEqual({ code: 0, signal: null })
  expect(place.query("SELECT name FROM comments WHERE body = 'Just in time'")).toEqual([{ name: 'Robin' }])
})

test('the second start finds everything as it was left', async () => {
  const first = await place.start()
  await createShopper(first.url).post('/works/7/comments', { name: 'Robin', body: 'Still here tomorrow?' })
  await first.stop('SIGINT')
  const before = place.query('SELECT * FROM comments ORDER BY id')

  const second = await place.start({ works: 500 })

  expect(await (await fetch(`${second.url}/works/7`)).text()).toContain('Still here tomorrow?')
  await second.stop('SIGINT')
  expect(place.query('SELECT * FROM comments ORDER BY id')).toEqual(before)
  expect(place.query('SELECT count(*) AS n FROM artworks')).toEqual([{ n: 60 }])
  expect(second.output()).not.toContain('Applied')
})

test('filling that was interrupted leaves an empty gallery, and the next start fills it', async () => {
  const first = await place.start({ works: 30_000, until: /Applied \d+ migrations/ })
  const end = await first.stop('SIGINT')

  expect(end).toEqual({ code: 0, signal: null })
  expect(first.output()).not.toContain('on the walls')
  expect(place.query('SELECT count(*) AS n FROM artists')).toEqual([{ n: 0 }])

  await place.start({ works: 100 })
  expect(place.query('SELECT count(*) AS n FROM artworks')).toEqual([{ n: 100 }])
})

test('the same database is filled with the same works everywhere', async () => {
  await place.start()
  await using other = await createPlace()
  await other.start()

  for (const table of ['artists', 'artworks', 'artwork_tags', 'likes', 'comments']) {
    expect(other.query(`SELECT * FROM ${table} ORDER BY 1, 2`), table).toEqual(
      place.query(`SELECT * FROM ${table} ORDER BY 1, 2`),
    )
  }
})

test('a relative database path starts at the folder of the gallery, wherever it is started from', async () => {
  const home = fileURLToPath(new URL('..', import.meta.url))
  // Deeper than the path climbs, so that from here it would lead elsewhere.
  const from = join(place.folder, ...Array<string>(20).fill('deep'))
  await mkdir(from, { recursive: true })

  const gallery = await place.start({ from, database: relative(home, place.database) })
  await gallery.stop('SIGTERM')

  expect(await place.files()).toContain('gallery.db')
})

test('a setting that cannot be used is named in one line, and nothing is opened', async () => {
  const end = await refusal({ PORT: 'abc', DREAMBEESART_DATABASE: place.database })

  expect(end).toEqual({ code: 2, said: 'PORT is expected to be a whole number from 0 to 65535\n' })
  expect(await place.files()).toEqual([])
})

test('a port that is taken makes way for the next free one', async () => {
  const blocker = createServer()
  const port = await new Promise<number>((resolve) => {
    blocker.listen(0, '127.0.0.1', () => {
      const address = blocker.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  try {
    const gallery = await place.start({ port })

    expect(Number(new URL(gallery.url).port)).toBeGreaterThan(port)
    expect((await fetch(`${gallery.url}/`)).status).toBe(200)
  } finally {
    blocker.close()
  }
})

/** The live dashboard behind the counter: for this machine only, beside a shop that goes on selling. */
import type { Overview } from 'noormme/dashboard'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPlace, type Gallery, type Place } from './support/gallery.ts'
import { createShopper } from './support/shopper.ts'

let place: Place
let gallery: Gallery

beforeEach(async () => {
  place = await createPlace()
  gallery = await place.start()
})

afterEach(() => place[Symbol.asyncDispose]())

test('it tells of the shop’s database, and counts what visitors do', async () => {
  const shopper = createShopper(gallery.url)
  for (const path of ['/', '/works/1', '/artists']) await fetch(`${gallery.url}${path}`)
  await shopper.post('/works/1/like', { liked: 'yes' })

  const overview = (await (await fetch(`${gallery.url}/admin/database/api/overview`)).json()) as Overview

  expect(overview).toMatchObject({
    database: { name: 'gallery.db', journalMode: 'wal', synchronous: 'NORMAL', open: true },
    actions: ['checkpoint', 'optimize', 'backup'],
  })
  expect(overview.metrics.queries).toBeGreaterThan(5)
  expect(JSON.stringify(overview)).not.toContain(place.folder)
})

test('from elsewhere there is nothing', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.7' }

  for (const path of ['/admin/database', '/admin/database/', '/admin/database/api/overview']) {
    expect((await fetch(`${gallery.url}${path}`, { headers, redirect: 'manual' })).status).toBe(404)
  }
})

test('an action is done when it is confirmed, and logged', async () => {
  const url = `${gallery.url}/admin/database/api/actions/checkpoint`
  expect((await fetch(url, { method: 'POST' })).status).toBe(400)

  const answer = await fetch(url, { method: 'POST', headers: { 'noormme-action': 'confirm' } })

  expect(await answer.json()).toMatchObject({ ok: true })
  await gallery.printed(/dashboard: checkpoint/)
})

test('the shop closes at once although a page is open', async () => {
  const response = await fetch(`${gallery.url}/admin/database/api/events`)
  const events = (response.body as ReadableStream<Uint8Array>).getReader()
  await events.read()

  const end = gallery.stop('SIGTERM')
  while (!(await events.read()).done) {
    // What was on its way.
  }

  expect(await end).toEqual({ code: 0, signal: null })
  expect(await place.files()).toEqual(['gallery.db'])
})

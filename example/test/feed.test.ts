/** Reading on: the feed of comments by place, and searches by the best match. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPlace, type Gallery, type Place } from './support/gallery.ts'

let place: Place
let gallery: Gallery

beforeAll(async () => {
  place = await createPlace()
  gallery = await place.start()
})

afterAll(() => place[Symbol.asyncDispose]())

const read = async (path: string): Promise<string> => (await fetch(gallery.url + path)).text()
const comments = (page: string): number => page.split('class="comment"').length - 1
const link = (page: string, rel: string): string | undefined =>
  new RegExp(`href="(/comments[^"]*)" rel="${rel}"`).exec(page)?.[1]?.replaceAll('&amp;', '&')

test('the feed shows every comment on one page, also while more is said', async () => {
  const [{ n } = {}] = place.query('SELECT count(*) AS n FROM comments')
  let page = await read('/comments')
  expect(link(page, 'prev')).toBeUndefined()
  let seen = comments(page)
  for (let next = link(page, 'next'); next !== undefined; next = link(page, 'next')) {
    place.query(
      `INSERT INTO comments (artwork_id, visitor_id, name, body, created_at)
       SELECT artwork_id, visitor_id, 'Late', 'New', '9999-01-01T00:00:00.000Z' FROM comments LIMIT 1`,
    )
    page = await read(next)
    expect(page).not.toContain('Late')
    seen += comments(page)
  }
  expect(seen).toBe(n)

  for (let previous = link(page, 'prev'); previous !== undefined; previous = link(page, 'prev'))
    page = await read(previous)
  expect(page).toContain('Late')
})

test('a place in the feed that is none leads to its beginning', async () => {
  for (const query of ['after=x', 'before=', 'after=WzFd', 'after=a&before=b']) {
    const response = await fetch(`${gallery.url}/comments?${query}`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')], query).toEqual([303, '/comments'])
  }
})

test('a search shows the best match first, with what was found in titles, under every filter', async () => {
  const [{ id, title, style, price_cents } = {}] = place.query(
    "SELECT id, title, style, price_cents FROM artworks WHERE stock > 0 AND title NOT GLOB '*[^A-Za-z ]*' LIMIT 1",
  )
  const q = encodeURIComponent(String(title))

  const page = await read(`/?q=${q}`)
  expect(/class="plain-link card-link" href="\/works\/(\d+)"/.exec(page)?.[1]).toBe(String(id))
  expect(page).toContain(`<mark>${String(title).split(' ')[0]}`)
  expect(page).toContain('<option value="" selected="">Best match</option>')

  const band =
    Number(price_cents) < 5000
      ? 'under-50'
      : Number(price_cents) < 10_000
        ? '50-100'
        : Number(price_cents) < 20_000
          ? '100-200'
          : 'over-200'
  for (const sort of ['', 'newest', 'price-up']) {
    const narrowed = await read(`/?q=${q}&style=${style}&show=available&price=${band}&sort=${sort}`)
    expect(narrowed, sort).toContain(`href="/works/${id}"`)
    expect(await read(`/?q=${q}&show=sold-out&sort=${sort}`)).not.toContain(`card-link" href="/works/${id}"`)
  }
  expect(await read('/')).toContain('<option value="" selected="">Newest first</option>')
})

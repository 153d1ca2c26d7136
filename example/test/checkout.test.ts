/** Limited editions under real HTTP: stock never below zero, no order lost, none twice. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPlace, type Gallery, type Place } from './support/gallery.ts'
import { createShopper } from './support/shopper.ts'

let place: Place
let gallery: Gallery

beforeAll(async () => {
  place = await createPlace()
  gallery = await place.start()
})

afterAll(() => place[Symbol.asyncDispose]())

function limit(id: number, edition: number): void {
  place.query('UPDATE artworks SET edition = ?, stock = ? WHERE id = ?', edition, edition, id)
}

test('of 200 buyers at once, 50 get the 50 copies and 150 are told that none is left', async () => {
  limit(1, 50)
  const buyers = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const shopper = createShopper(gallery.url)
      return { shopper, token: await shopper.fillCart(1) }
    }),
  )

  const answers = await Promise.all(
    buyers.map(async ({ shopper, token }) => {
      const response = await shopper.post('/checkout', { token, name: 'Robin Vale' })
      return { status: response.status, location: response.headers.get('location'), body: await response.text() }
    }),
  )

  const ordered = answers.filter(({ status }) => status === 303)
  const refused = answers.filter(({ status }) => status === 409)
  expect([ordered.length, refused.length]).toEqual([50, 150])
  expect(refused.every(({ body }) => body.includes('you asked for 1, none are left'))).toBe(true)
  expect(new Set(ordered.map(({ location }) => location)).size).toBe(50)
  expect(place.query('SELECT stock FROM artworks WHERE id = 1')).toEqual([{ stock: 0 }])
  const copies = place.query('SELECT copy FROM order_copies WHERE artwork_id = 1 ORDER BY copy')
  expect(copies.map(({ copy }) => copy)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  const [orders] = place.query(
    'SELECT count(*) AS n FROM orders WHERE id IN (SELECT order_id FROM order_copies WHERE artwork_id = 1)',
  )
  expect(orders).toEqual({ n: 50 })
})

test('a checkout form sent many times is one order', async () => {
  limit(2, 10)
  const shopper = createShopper(gallery.url)
  const token = await shopper.fillCart(2)

  const responses = await Promise.all(
    Array.from({ length: 8 }, () => shopper.post('/checkout', { token, name: 'Robin Vale' })),
  )
  const again = await shopper.post('/checkout', { token, name: 'Robin Vale' })

  const places = new Set([...responses, again].map((response) => response.headers.get('location')))
  expect(places.size).toBe(1)
  expect([...places][0]).toMatch(/^\/orders\/BEE-/)
  expect(place.query('SELECT stock FROM artworks WHERE id = 2')).toEqual([{ stock: 9 }])
})

test('cart, confirmation and work show what belongs to them', async () => {
  limit(12, 10)
  place.query('UPDATE artworks SET title = ? WHERE id = 12', 'Seven Moons')
  const [artist] = place.query('SELECT name FROM artists WHERE id = (SELECT artist_id FROM artworks WHERE id = 12)')
  const tags = place.query('SELECT name FROM tags JOIN artwork_tags ON tag_id = tags.id WHERE artwork_id = 12')
  const shopper = createShopper(gallery.url)
  await shopper.fillCart(12)
  const token = await shopper.fillCart(12)
  const cart = await (await shopper.get('/cart')).text()
  const { headers } = await shopper.post('/checkout', { token, name: 'Robin Vale' })
  await shopper.post('/works/12/comments', { name: 'Robin', body: 'Worth the wait' })

  const order = await (await shopper.get(headers.get('location') ?? '')).text()
  const work = await (await shopper.get('/works/12')).text()

  for (const page of [cart, order, work]) {
    expect(page).toContain('Seven Moons')
    expect(page).toContain(artist?.name)
  }
  expect(order).toMatch(/Copy <strong>1<\/strong> of 10.*Copy <strong>2<\/strong> of 10/s)
  expect(work).toContain('Worth the wait')
  for (const { name } of tags) expect(work).toContain(name)
})

test('a cart that cannot be bought whole is not bought at all, and can be cut to what is left', async () => {
  limit(3, 1)
  limit(4, 20)
  const shopper = createShopper(gallery.url)
  await shopper.fillCart(4)
  await shopper.fillCart(3)
  const token = await shopper.fillCart(3)

  const refusal = await shopper.post('/checkout', { token, name: 'Robin Vale' })
  expect(refusal.status).toBe(409)
  expect(await refusal.text()).toContain('you asked for 2, 1 left')
  expect(place.query('SELECT stock FROM artworks WHERE id IN (3, 4) ORDER BY id')).toEqual([
    { stock: 1 },
    { stock: 20 },
  ])

  await shopper.post('/cart/fit', {})
  const order = await shopper.post('/checkout', { token, name: 'Robin Vale' })
  expect(order.headers.get('location')).toMatch(/^\/orders\/BEE-/)
  expect(place.query('SELECT stock FROM artworks WHERE id IN (3, 4) ORDER BY id')).toEqual([
    { stock: 0 },
    { stock: 19 },
  ])
})

test.each(['-5', 'abc', '', '1.5', '00'])(
  'a quantity of %j changes nothing, and the cart says so',
  async (quantity) => {
    const shopper = createShopper(gallery.url)
    await shopper.fillCart(4)

    const response = await shopper.post('/cart/4', { quantity })

    expect(response.status).toBe(422)
    expect(await response.text()).toContain('your cart is as it was')
    expect(await (await shopper.get('/cart')).text()).toContain('href="/works/4"')
  },
)

test.each([{ remove: 'yes', quantity: '1' }, { quantity: '0' }])(
  '%j takes the work out of the cart',
  async (fields) => {
    const shopper = createShopper(gallery.url)
    await shopper.fillCart(4)

    expect((await shopper.post('/cart/4', fields)).status).toBe(303)
    expect(await (await shopper.get('/cart')).text()).toContain('Your cart is empty')
  },
)

test('a browser that keeps no cookies is told that the cart needs them', async () => {
  const added = await createShopper(gallery.url).post('/cart', { artwork: '4' })
  const path = added.headers.get('location') ?? ''
  const warning = 'This shop needs cookies to remember a cart'

  expect(await (await fetch(gallery.url + path)).text()).toContain(warning)
  expect(await (await fetch(`${gallery.url}/cart`)).text()).not.toContain(warning)
  const shopper = createShopper(gallery.url)
  await shopper.fillCart(4)
  expect(await (await shopper.get(path)).text()).not.toContain(warning)
})

test('an order is shown to the visitor who made it and to nobody else', async () => {
  limit(5, 10)
  const shopper = createShopper(gallery.url)
  const token = await shopper.fillCart(5)
  const path = (await shopper.post('/checkout', { token, name: 'Robin Vale' })).headers.get('location') ?? ''

  const stranger = createShopper(gallery.url)
  await stranger.fillCart(4)
  expect((await shopper.get(path)).status).toBe(200)
  expect((await stranger.get(path)).status).toBe(404)
  expect((await createShopper(gallery.url).get(path)).status).toBe(404)
})

test('the triggers have kept every counter right', () => {
  const wrong = place.query(
    `SELECT id FROM artworks w WHERE likes <> (SELECT count(*) FROM likes WHERE artwork_id = w.id)
     UNION ALL SELECT id FROM artists a WHERE work_count <> (SELECT count(*) FROM artworks WHERE artist_id = a.id)`,
  )
  expect(wrong).toEqual([])
})

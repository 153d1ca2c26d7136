/** What a visitor does, in a real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { browserTest, hasBrowser, launchBrowser } from './support/browser.ts'
import { createPlace, type Gallery, type Place } from './support/gallery.ts'

const WORKS = 60

let place: Place
let gallery: Gallery
let browser: Browser

beforeAll(async () => {
  place = await createPlace()
  gallery = await place.start({ works: WORKS })
  if (hasBrowser) browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await place[Symbol.asyncDispose]()
})

beforeEach(() => {
  place.query('DELETE FROM cart_items')
})

/** A new visitor; every error of the page and every request to another place is a failure. */
async function visit(
  act: (page: Page, context: BrowserContext) => Promise<void>,
  options: { readonly script?: boolean } = {},
): Promise<void> {
  const context = await browser.newContext({ baseURL: gallery.url, javaScriptEnabled: options.script ?? true })
  const complaints: string[] = []
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'data:' && origin !== gallery.url) complaints.push(`asked ${origin}`)
  })
  try {
    await act(page, context)
  } finally {
    await context.close()
  }
  expect(complaints).toEqual([])
}

/** A work with more than `least` prints left. */
function workInStock(least = 5): { readonly id: number; readonly title: string; readonly likes: number } {
  const [row] = place.query('SELECT id, title, likes FROM artworks WHERE stock > ? ORDER BY id LIMIT 1', least)
  return row as { id: number; title: string; likes: number }
}

browserTest('the works are browsed page by page and by style', () =>
  visit(async (page) => {
    await page.goto('/')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('seed')
    expect(await page.locator('.grid .card').count()).toBe(24)

    await page.getByRole('link', { name: 'Next →' }).click()
    await page.waitForURL(/page=2/)
    await page.getByRole('link', { name: 'Next →' }).click()
    await page.waitForURL(/page=3/)
    expect(await page.locator('.grid .card').count()).toBe(WORKS - 48)

    await page.getByRole('navigation', { name: 'Styles' }).getByRole('link', { name: 'Tides' }).click()
    await page.waitForURL(/style=tides/)
    const [counted] = place.query("SELECT count(*) AS n FROM artworks WHERE style = 'tides'")
    expect(await page.locator('.grid .card').count()).toBe(counted?.n)
  }),
)

browserTest('filters apply when they are chosen', () =>
  visit(async (page) => {
    await page.goto('/')
    await page.getByLabel('Availability').selectOption('Sold out')
    await page.waitForURL(/show=sold-out/)

    const [counted] = place.query('SELECT count(*) AS n FROM artworks WHERE stock = 0')
    expect(await page.locator('.edition-gone').count()).toBe(counted?.n)
    expect(new URL(page.url()).search).toBe('?show=sold-out')
  }),
)

browserTest('a search finds works by title, artist and tag', () =>
  visit(async (page) => {
    const [row] = place.query(
      `SELECT w.id, w.title, a.name, t.name AS tag FROM artworks w JOIN artists a ON a.id = w.artist_id
       JOIN artwork_tags l ON l.artwork_id = w.id JOIN tags t ON t.id = l.tag_id ORDER BY w.id DESC LIMIT 1`,
    )
    for (const text of [row?.title, row?.name, row?.tag]) {
      await page.goto('/')
      await page.getByRole('searchbox').fill(String(text))
      await page.getByRole('searchbox').press('Enter')
      await page.waitForURL(/q=/)
      expect(await page.locator(`.grid h3 a[href="/works/${row?.id}"]`).count(), String(text)).toBe(1)
    }
  }),
)

browserTest('a like counts once, without leaving the page, and can be taken back', () =>
  visit(async (page) => {
    const { id, likes } = workInStock()
    await page.goto(`/works/${id}`)
    const button = page.locator('.like')

    await button.click()
    await page.locator('.like[aria-pressed="true"]').waitFor()
    expect(await page.locator('[data-likes]').textContent()).toBe(String(likes + 1))

    await page.reload()
    expect(await button.getAttribute('aria-pressed')).toBe('true')
    await button.click()
    await page.locator('.like[aria-pressed="false"]').waitFor()
    expect(place.query('SELECT likes FROM artworks WHERE id = ?', id)).toEqual([{ likes }])
  }),
)

browserTest('a comment is shown as it was written, mark-up included', () =>
  visit(async (page) => {
    const { id } = workInStock()
    await page.goto(`/works/${id}`)
    await page.getByLabel('What do you see?').fill('Two moons & <b>one</b> sea\n“quietly”')
    await page.getByLabel('Signed').fill('Robin <3')
    await page.getByRole('button', { name: 'Post the comment' }).click()

    await page.getByRole('status').filter({ hasText: 'Thank you' }).waitFor()
    const comment = page.locator('.comment').first()
    expect(await comment.locator('.comment-body').textContent()).toBe('Two moons & <b>one</b> sea\n“quietly”')
    expect(await comment.locator('.comment-by').textContent()).toContain('Robin <3')
  }),
)

for (const script of [true, false]) {
  browserTest(`a print is bought ${script ? 'with' : 'without'} script`, () =>
    visit(
      async (page) => {
        const { id, title } = workInStock()
        const stock = (): unknown => place.query('SELECT stock FROM artworks WHERE id = ?', id)[0]?.stock
        const before = Number(stock())

        await page.goto(`/works/${id}`)
        await page.getByRole('button', { name: 'Buy a print' }).click()
        await page.waitForURL(/\/cart/)
        await page.getByLabel(`Prints of ${title}`).selectOption('2 prints')
        if (!script) await page.getByRole('button', { name: 'Update' }).click()
        await page.locator('.sums', { hasText: '2 prints' }).waitFor()
        await page.getByLabel('Name on the certificate').fill('Robin Vale')
        await page.getByRole('button', { name: 'Place the order' }).click()

        await page.waitForURL('**/orders/BEE-*')
        expect(await page.locator('h1').textContent()).toBe('Thank you, Robin Vale')
        expect(await page.locator('.certificate').count()).toBe(2)
        expect(stock()).toBe(before - 2)
        expect(await page.locator('.cart-count').count()).toBe(0)
      },
      { script },
    ),
  )
}

browserTest('going back after the checkout shows the cart as it is now', () =>
  visit(async (page) => {
    await page.goto(`/works/${workInStock().id}`)
    await page.getByRole('button', { name: 'Buy a print' }).click()
    await page.getByLabel('Name on the certificate').fill('Robin Vale')
    await page.getByRole('button', { name: 'Place the order' }).click()
    await page.waitForURL('**/orders/BEE-*')

    await page.goBack()

    expect(await page.locator('h1').textContent()).toBe('Your cart is empty')
  }),
)

browserTest('the theme that was chosen is kept', () =>
  visit(async (page) => {
    await page.goto('/')
    const remembered = page.waitForResponse('**/theme')
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click()
    await remembered
    await page.goto('/artists')
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
  }),
)

browserTest('no page is wider than a phone', () =>
  visit(async (page) => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['/', '/?q=moon', `/works/${workInStock().id}`, '/artists', '/cart', '/orders', '/admin']) {
      await page.goto(path)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
    }
  }),
)

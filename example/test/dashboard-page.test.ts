/** The dashboard of the gallery's database, while visitors come and go. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { browserTest, hasBrowser, launchBrowser } from './support/browser.ts'
import { createPlace, type Gallery, type Place } from './support/gallery.ts'

const LOAD = fileURLToPath(new URL('../dist/load/main.js', import.meta.url))

let place: Place
let gallery: Gallery
let browser: Browser

beforeAll(async () => {
  place = await createPlace()
  gallery = await place.start({ works: 60 })
  if (hasBrowser) browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await place[Symbol.asyncDispose]()
})

/** Visitors from another process, until it is ended. */
async function visitors(act: () => Promise<void>): Promise<void> {
  const load: ChildProcess = spawn(
    process.execPath,
    [LOAD, '--url', gallery.url, '--visitors', '4', '--seconds', '60'],
    { stdio: 'ignore' },
  )
  const gone = once(load, 'exit')
  try {
    await act()
  } finally {
    load.kill('SIGKILL')
    await gone
  }
}

const isLive = (page: Page): Promise<void> => page.locator('[data-link=live]').waitFor()
const figure = (page: Page, title: string): Promise<string | null> =>
  page
    .locator('.tile', { has: page.getByRole('heading', { name: title, exact: true }) })
    .locator('.figure-value')
    .textContent()

browserTest('what visitors do is seen in the dashboard, which outlives a restart of the gallery', async () => {
  const context = await browser.newContext({ baseURL: gallery.url })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto('/admin/database')
  expect(new URL(page.url()).pathname).toBe('/admin/database/')
  await isLive(page)
  // A busy machine may be worth a warning.
  expect(await page.locator('.health-badge').textContent()).toMatch(/^(?:Healthy|Degraded)$/)

  await visitors(async () => {
    await expect.poll(() => figure(page, 'Reads'), { timeout: 20_000 }).toMatch(/^[1-9]/)
    await expect.poll(() => figure(page, 'Writes'), { timeout: 20_000 }).toMatch(/^[1-9]/)
    const statements = page.getByRole('table', { name: 'Top statements' })
    await statements.getByText('artworks').first().waitFor()
  })
  await page.getByRole('button', { name: 'Measure' }).click()
  await page.getByRole('table', { name: 'Tables' }).getByRole('button', { name: 'artworks', exact: true }).waitFor()

  expect(await gallery.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  await page.locator('[data-link=lost]').waitFor()
  gallery = await place.start({ port: Number(new URL(gallery.url).port) })
  await isLive(page)
  expect(errors).toEqual([])
  await context.close()
})

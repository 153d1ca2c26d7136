/** How the page holds on to its server. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { browserTest } from '../../example/test/support/browser.ts'
import { isLive, panel, useBrowser, visit } from './support/visit.ts'

const CUT_OFF = /Failed to load resource|net::ERR/

useBrowser()

const reads = (page: Page): Promise<string | null> => panel(page, 'Reads').locator('dd').first().textContent()

/** The figure is another one than it was. */
async function hasMoved(page: Page): Promise<void> {
  const before = await reads(page)
  await page.waitForFunction((text) => document.querySelector('#reads dd')?.textContent !== text, before)
}

/** The button loads the page again: the server has the form in its place then. */
async function signIn(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await loaded
}

browserTest('histories are there at once, and figures move with each tick', () =>
  visit(async (page) => {
    await isLive(page)

    expect(Number(await panel(page, 'Reads').getByRole('slider').getAttribute('aria-valuemax'))).toBeGreaterThan(290)
    await hasMoved(page)
  }),
)

browserTest('a restart of the server is outlived: the page says so, comes back, and keeps what it had', () =>
  visit(
    async (page, server) => {
      await isLive(page)

      await server.stop()
      await page.locator('[data-link=lost]').waitFor()
      expect(await page.getByRole('status').first().textContent()).toContain('What is shown is from before')
      expect(await reads(page)).toMatch(/\d/)

      server.state = 'busy'
      await server.start()
      await isLive(page)
      await page.locator('.health-badge', { hasText: 'Degraded' }).waitFor()
      expect(await page.getByRole('status').first().textContent()).toBe('')
      await hasMoved(page)
    },
    { expected: CUT_OFF },
  ),
)

browserTest('a server that is not there is asked again until it is', () =>
  visit(
    async (page, server) => {
      await page.getByRole('heading', { name: 'The numbers cannot be had' }).waitFor()
      expect(await page.getByRole('alert').textContent()).toContain('The disk is full.')

      server.refusal = null
      await isLive(page)
    },
    {
      expected: CUT_OFF,
      before: (_, server) => {
        server.refusal = { status: 500, message: 'The disk is full.' }
      },
    },
  ),
)

browserTest('without permission the page offers to sign in', () =>
  visit(
    async (page, server) => {
      await page.getByRole('heading', { name: /may not be seen without signing in/ }).waitFor()

      await signIn(page)
      server.refusal = null
      await isLive(page)
    },
    {
      expected: CUT_OFF,
      before: (_, server) => {
        server.refusal = { status: 401, message: 'A token is needed.' }
      },
    },
  ),
)

browserTest('when a session ends under the page, it offers to sign in again', () =>
  visit(
    async (page, server) => {
      await isLive(page)
      server.refusal = { status: 401, message: 'A token is needed.' }
      await server.stop()
      await server.start()
      await page.getByRole('status').getByText('A token is needed.').waitFor()

      await signIn(page)
      server.refusal = null
      await isLive(page)
    },
    { expected: CUT_OFF },
  ),
)

browserTest('a server of another version than the page is said to be one', () =>
  visit(
    async (page, server) => {
      await page.getByRole('heading', { name: 'This page does not understand its server' }).waitFor()

      server.alter = (overview) => overview
      await page.getByRole('button', { name: 'Load the page again' }).click()
      await isLive(page)
    },
    {
      before: (_, server) => {
        server.alter = ({ recommendations: _, ...overview }) => overview
      },
    },
  ),
)

browserTest('a stream that has gone silent is given up and opened anew', () =>
  visit(
    async (page, server) => {
      await page.locator('[data-link=connecting]').waitFor()
      await expect.poll(() => server.watchers).toBe(1)
      server.tick()
      await isLive(page)

      await page.clock.fastForward(11_000)
      await page.locator('[data-link=lost]').waitFor()
      await page.clock.fastForward(1_000)
      await expect.poll(() => server.watchers).toBe(1)
      server.tick()
      await isLive(page)
    },
    { tickMs: 3_600_000, before: (page) => page.clock.install() },
  ),
)

browserTest('a page in the background lets go of its stream, and catches up when it is seen again', () =>
  visit(async (page, server) => {
    await isLive(page)
    const see = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, isHidden)

    await see(true)
    await expect.poll(() => server.watchers).toBe(0)

    await see(false)
    await expect.poll(() => server.watchers).toBe(1)
    await hasMoved(page)
  }),
)

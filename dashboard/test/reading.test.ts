/** What a reader does with the page, by mouse and by keyboard. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { browserTest } from '../../example/test/support/browser.ts'
import { isLive, panel, useBrowser, visit } from './support/visit.ts'

useBrowser()

const legend = (page: Page, name: string) => panel(page, name).locator('.legend')

browserTest('paused, everything stands still; going on, it has caught up', () =>
  visit(async (page, server) => {
    await isLive(page)
    await page.keyboard.press('p')
    await page.locator('[data-link=paused]').waitFor()
    expect(await page.getByRole('button', { name: 'Pause' }).getAttribute('aria-pressed')).toBe('true')

    const before = await page.locator('main').textContent()
    server.state = 'busy'
    await page.locator('[data-link=paused]', { hasText: 'behind' }).waitFor()
    expect(await page.locator('main').textContent()).toBe(before)

    await page.getByRole('button', { name: 'Pause' }).click()
    await isLive(page)
    await page.locator('.health-badge', { hasText: 'Degraded' }).waitFor()
  }),
)

browserTest('the time range is chosen by key or by pointer, and remembered', () =>
  visit(async (page) => {
    await isLive(page)
    const points = async () => Number(await panel(page, 'Reads').getByRole('slider').getAttribute('aria-valuemax'))

    await page.keyboard.press('1')
    await expect.poll(points).toBeLessThanOrEqual(61)
    await page.getByRole('radio', { name: '24 h' }).check({ force: true })
    await expect.poll(points).toBeGreaterThan(1400)
    await page.keyboard.press('3')
    await expect.poll(points).toBeLessThan(1000)
    expect(await points()).toBeGreaterThan(800)

    await page.reload()
    await isLive(page)
    expect(await page.getByRole('radio', { name: '15 min' }).isChecked()).toBe(true)
  }),
)

browserTest('the crosshair is at the same time in all charts, by pointer and by arrow keys', () =>
  visit(async (page) => {
    await isLive(page)
    await page.keyboard.press('p')
    const time = (name: string) => panel(page, name).locator('.panel-head time').textContent()
    expect(await time('Reads')).toBe('now')

    await panel(page, 'Reads')
      .locator('.u-over')
      .hover({ position: { x: 90, y: 40 } })
    await expect.poll(() => time('Write latency')).toMatch(/^\d\d:\d\d:\d\d$/)
    expect(await time('Processor')).toBe(await time('Reads'))

    const slider = panel(page, 'Read latency').getByRole('slider')
    await page.mouse.move(0, 0)
    await slider.focus()
    await page.keyboard.press('End')
    const last = await legend(page, 'Reads').textContent()
    await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(() => legend(page, 'Reads').textContent()).not.toBe(last)
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d:\d\d: p50 .*, p95 .*, p99 /)
  }),
)

browserTest('statements are sorted by what is asked for; one opens with its plan, has an address, and closes', () =>
  visit(
    async (page) => {
      await isLive(page)
      const table = page.getByRole('table', { name: 'Top statements' })
      const first = () => table.locator('tbody tr').first().locator('.statement-link').textContent()

      await table.getByRole('button', { name: 'p95' }).click()
      expect(await table.getByRole('columnheader', { name: 'p95' }).getAttribute('aria-sort')).toBe('descending')
      expect(await first()).toContain('select count(*) from "orders"')
      await table.getByRole('button', { name: 'p95' }).click()
      expect(await first()).toContain('select * from "artworks" where "id" = ?')
      await table.getByRole('button', { name: 'p95' }).click()

      await table.locator('.statement-link').first().press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Statement' })
      await dialog.getByText('SCAN orders').first().waitFor()
      expect(await dialog.locator('.plan-scan').first().textContent()).toContain('SCAN orders')
      expect(await dialog.locator('.slow-call').count()).toBeGreaterThan(0)

      const address = await page.evaluate(() => location.href)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      expect(await page.evaluate(() => location.hash)).toBe('')
      await page.goto(address)
      await dialog.getByText('SCAN orders').first().waitFor()
    },
    { state: 'busy' },
  ),
)

browserTest('a slow call shows where it was made, why it was slow, and its plan', () =>
  visit(
    async (page) => {
      await isLive(page)
      const slow = panel(page, 'Slow statements')
      await slow.locator('summary').first().click()

      const text = await slow.locator('.slow-detail').first().textContent()
      for (const part of ['In SQLite', 'Waited', 'src/routes/admin.ts:41:9', 'SCAN orders'])
        expect(text).toContain(part)
      expect(await slow.locator('.slow-call').count()).toBe(8)
      await slow.getByRole('button', { name: 'Show all 23' }).click()
      expect(await slow.locator('.slow-call').count()).toBe(23)
    },
    { state: 'busy' },
  ),
)

browserTest('a recommendation is copied as it is', () =>
  visit(async (page) => {
    await isLive(page)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy Do it: SQL' }).click()

    await page.getByText('Copied', { exact: true }).and(page.locator('[aria-live]')).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'CREATE INDEX "order_items_artwork_id" ON "order_items" ("artwork_id")',
    )
  }),
)

browserTest('tables are measured when asked for, and open with their columns and indexes', () =>
  visit(async (page) => {
    await isLive(page)
    await page.getByRole('button', { name: 'Measure' }).click()
    const tables = page.getByRole('table', { name: 'Tables' })
    await tables.waitFor()
    expect(await tables.locator('tbody tr').first().textContent()).toContain('artworks10.0k61.2')

    await tables.getByRole('button', { name: 'artworks', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'artworks' })
    expect(await dialog.textContent()).toContain('artworks_style_created_at')
  }),
)

browserTest('an action asks first, does nothing when it is called off, and shows what it came to', () =>
  visit(async (page, server) => {
    await isLive(page)
    const dialog = page.getByRole('dialog', { name: 'Checkpoint' })
    await page.getByRole('button', { name: 'Checkpoint…' }).click()
    await dialog.getByText('Copies what is in the log').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(server.actions).toEqual([])

    await page.getByRole('button', { name: 'Checkpoint…' }).click()
    await dialog.getByRole('button', { name: 'Checkpoint', exact: true }).click()
    await dialog.getByText('The checkpoint is done').waitFor()
    expect(server.actions).toEqual(['checkpoint'])
  }),
)

browserTest('everything is reached and worked by keyboard alone, and the focus comes back', () =>
  visit(async (page) => {
    await isLive(page)
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)

    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the panels')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('panels')

    await page.keyboard.press('j')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('health')
    await page.keyboard.press('j')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Reads over time')
    await page.keyboard.press('k')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('health')

    await page.getByRole('button', { name: /^Keyboard/ }).focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Reading this page' }).waitFor()
    await page.keyboard.press('p')
    expect(await page.locator('[data-link=paused]').count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused()).toMatch(/^Keyboard/)
  }),
)

browserTest('the theme follows the system until one is chosen, which is remembered', () =>
  visit(
    async (page) => {
      await isLive(page)
      const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
      const dark = await ground()

      await page.getByRole('button', { name: /^Theme/ }).click()
      expect(await ground()).not.toBe(dark)
      await page.reload()
      await isLive(page)
      expect(await page.getByRole('button', { name: 'Theme: light' }).count()).toBe(1)
      await page.keyboard.press('t')
      expect(await ground()).toBe(dark)
    },
    { scheme: 'dark' },
  ),
)

browserTest('who wants less motion has none', () =>
  visit(
    async (page) => {
      await isLive(page)
      const name = await page.locator('.link-dot').evaluate((dot) => getComputedStyle(dot).animationName)

      expect(name).toBe('none')
    },
    { before: (page) => page.emulateMedia({ reducedMotion: 'reduce' }) },
  ),
)

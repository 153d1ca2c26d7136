/** The page in every state of a database, looked at by axe in both themes and at both ends of width. */
import { expect } from 'vitest'
import { browserTest } from '../../example/test/support/browser.ts'
import type { StateName } from '../fixtures/traits.ts'
import { findings } from './support/axe.ts'
import { isLive, panel, useBrowser, visit } from './support/visit.ts'

const PHONE = 390

useBrowser()

const LOOKS: readonly (readonly [StateName, 'light' | 'dark', number])[] = [
  ['healthy', 'light', 1280],
  ['healthy', 'dark', PHONE],
  ['busy', 'light', PHONE],
  ['busy', 'dark', 1280],
  ['unhealthy', 'light', 1920],
  ['closed', 'dark', PHONE],
  ['empty', 'light', PHONE],
  ['empty', 'dark', 1280],
]

for (const [state, scheme, width] of LOOKS) {
  browserTest(`${state}, ${scheme}, ${width} pixels: nothing is in the way of anyone`, () =>
    visit(
      async (page) => {
        await isLive(page)
        await page.keyboard.press('p')
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true
        })

        expect(await findings(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      },
      { state, scheme, width },
    ),
  )
}

browserTest('dialogs are in nobody’s way either', () =>
  visit(
    async (page) => {
      await isLive(page)
      await page.keyboard.press('p')
      await page.keyboard.press('?')
      expect(await findings(page, 'dialog')).toEqual([])
      await page.keyboard.press('Escape')

      await page.locator('.statement-link').first().click()
      await page.getByRole('dialog').getByText('Longest').waitFor()
      expect(await findings(page, 'dialog')).toEqual([])
      await page.keyboard.press('Escape')

      await page.getByRole('button', { name: 'Checkpoint…' }).click()
      expect(await findings(page, 'dialog')).toEqual([])
    },
    { scheme: 'dark' },
  ),
)

browserTest('a busy database: the reader that holds the log is named with its statement and age', () =>
  visit(
    async (page) => {
      await isLive(page)
      const log = panel(page, 'Write-ahead log')

      expect(await log.locator('[data-pin=reader-1]').textContent()).toMatch(/reader-1 \(snapshot\) for 74.s.*select/)
      expect(await log.textContent()).toContain('Other programs have the file open: sqlite3 (4711)')
      expect(await log.textContent()).toContain('partial')
      expect(await panel(page, 'N+1 suspects').textContent()).toContain('24 times from src/routes/feed.ts:58:31')
      expect(await page.title()).toBe('Degraded: dreambeesart.db')
    },
    { state: 'busy' },
  ),
)

browserTest('an unhealthy database: the failing checks come first, and the title says so', () =>
  visit(
    async (page) => {
      await isLive(page)
      const checks = await panel(page, 'Health').getByRole('listitem').allTextContents()

      expect(checks.slice(0, 2)).toEqual([
        'writer fails: the writer has ended',
        'disk fails: 211.0 MiB of 252.0 GiB are free (0.1 %)',
      ])
      expect(await page.title()).toBe('Unhealthy: dreambeesart.db')
      expect(await panel(page, 'Connections').locator('tr', { hasText: 'writer' }).textContent()).toContain('ended')
      expect(await panel(page, 'Backups').getByRole('alert').textContent()).toContain('connection refused')
    },
    { state: 'unhealthy' },
  ),
)

browserTest('a closed database says so, and keeps what was recorded', () =>
  visit(
    async (page) => {
      await isLive(page)

      expect(await page.getByRole('status').first().textContent()).toContain('The database is closed')
      expect(await page.locator('.health-badge').textContent()).toBe('Closed')
      expect(await panel(page, 'Connections').textContent()).toContain('No connection is open.')
    },
    { state: 'closed' },
  ),
)

browserTest('a file seen from outside says what cannot be known, and shows no zeros in its place', () =>
  visit(
    async (page) => {
      await isLive(page)

      expect(await page.getByRole('status').first().textContent()).toContain('only that program knows')
      expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
        'Health',
        'Write-ahead log',
        'Commits',
        'Recommendations',
        'Programs that have it open',
        'Schema and sizes',
      ])
      expect(await findings(page)).toEqual([])
    },
    { state: 'outside' },
  ),
)

browserTest('an empty database has a word for every panel, and nothing is offered that is not allowed', () =>
  visit(
    async (page) => {
      await isLive(page)
      await page.getByRole('button', { name: 'Measure' }).click()

      expect(await panel(page, 'Top statements').textContent()).toContain('No statement has run yet')
      expect(await panel(page, 'Read latency').textContent()).toContain('No reads in this time.')
      expect(await panel(page, 'Backups').textContent()).toContain('No backups are configured')
      await panel(page, 'Schema and sizes').getByText('The database has no tables.').waitFor()
      expect(await page.getByRole('button', { name: /Checkpoint|Optimise|Back up/ }).count()).toBe(0)
    },
    { state: 'empty', withActions: false, withBackups: false },
  ),
)

/** The page before a real database, through the real server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { type DashboardOptions, dashboard, toNodeHandler } from 'noormme/dashboard'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { browserTest } from '../../example/test/support/browser.ts'
import { holdDatabase } from '../../test/support/database-holder.ts'
import { findings } from './support/axe.ts'
import { isLive, look, panel, useBrowser } from './support/visit.ts'

useBrowser()

interface Place {
  readonly db: NOORMME
  readonly path: string
  readonly page: Page
}

/** A busy machine may be worth a warning. */
const SERVING = /^(?:Healthy|Degraded)$/

const COUNT_PAIRS = 'SELECT count(*) AS pairs FROM works a JOIN works b ON a.title < b.title AND b.title LIKE ?'

/** A shop with two thousand works, and its dashboard in a browser. */
async function inPlace(
  act: (place: Place) => Promise<void>,
  options: DashboardOptions = {},
  expected?: RegExp,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'noormme-page-'))
  const path = join(folder, 'shop.db')
  const db = new NOORMME({
    connection: { database: path },
    optimization: { busyTimeout: 30_000 },
    performance: { slowQueryThreshold: 30 },
  })
  await db.initialize()
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price INTEGER NOT NULL)')
  await db.execute(
    `INSERT INTO works (title, price) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
     SELECT 'work ' || i, i % 50 FROM n`,
  )
  const handler = dashboard(db, { basePath: '/admin/database', allowActions: true, ...options })
  const server = createServer(toNodeHandler(handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    await look(`http://127.0.0.1:${port}/admin/database/`, (page) => act({ db, path, page }), {
      ...(expected === undefined ? {} : { expected }),
    })
  } finally {
    await db.close()
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
    await rm(folder, { recursive: true, force: true })
  }
}

browserTest('what the application does is seen a second later, statement by statement', () =>
  inPlace(async ({ db, page }) => {
    await isLive(page)
    let isOver = false
    const shop = async () => {
      while (!isOver) {
        await db.execute('SELECT title FROM works WHERE id = ?', [7])
        await db.execute('UPDATE works SET price = price + 1 WHERE id = ?', [7])
      }
    }
    const shoppers = Promise.all([shop(), shop(), shop()])

    const tile = (name: string) =>
      page
        .locator('.tile', { has: page.getByRole('heading', { name, exact: true }) })
        .locator('.figure-value')
        .textContent()
    await expect.poll(() => tile('Reads')).toMatch(/^[1-9]/)
    await expect.poll(() => tile('Writes')).toMatch(/^[1-9]/)
    const statements = page.getByRole('table', { name: 'Top statements' })
    await statements.getByText('UPDATE works SET price = price + ? WHERE id = ?').waitFor()
    isOver = true
    await shoppers
    const calls = db.getPerformanceMetrics().then(({ topStatements }) => {
      return topStatements.find(({ fingerprint }) => fingerprint.startsWith('UPDATE'))?.calls
    })
    await expect
      .poll(() => statements.locator('tr', { hasText: 'UPDATE' }).locator('[data-label=Calls]').textContent())
      .toBe((await calls)?.toLocaleString('en-US'))
  }),
)

browserTest('a read that stays open is named as what holds the log, until it ends', () =>
  inPlace(async ({ db, page }) => {
    await isLive(page)
    const end = Promise.withResolvers<void>()
    const reading = db.snapshot(async (scope) => {
      await scope.execute('SELECT count(*) AS n FROM works')
      await end.promise
    })
    await db.execute('UPDATE works SET price = 0 WHERE id = 1')

    const pin = panel(page, 'Write-ahead log').locator('[data-pin^=reader]')
    await pin.waitFor()
    expect(await pin.textContent()).toMatch(/reader-\d+ \(snapshot\) for \d+\u00a0s/)

    end.resolve()
    await reading
    await pin.waitFor({ state: 'detached' })
  }),
)

browserTest('a slow statement appears by itself, with its plan and where it was called', () =>
  inPlace(async ({ db, page }) => {
    await isLive(page)
    await db.execute(COUNT_PAIRS, ['%9%'])

    const slow = panel(page, 'Slow statements').locator('.slow-call', { hasText: 'count' }).first()
    await slow.locator('summary').click()
    await slow.locator('.plan').waitFor()
    expect(await slow.locator('.plan').textContent()).toMatch(/SCAN|SEARCH/)
    expect(await slow.textContent()).toContain('real.test.ts')
    expect(await page.locator('body').textContent()).not.toContain('%9%')

    await slow.getByRole('link', { name: 'All calls of this statement' }).click()
    await page.getByRole('dialog', { name: 'Statement' }).locator('.plan').first().waitFor()
  }),
)

browserTest('writes that another program locks out turn health red, and green again', () =>
  inPlace(async ({ db, path, page }) => {
    await isLive(page)
    const other = await holdDatabase(path, 'WAL', 'BEGIN IMMEDIATE; UPDATE works SET price = 1 WHERE id = 1')
    const price = (cents: number) => db.execute('UPDATE works SET price = ? WHERE id = 1', [cents])
    const writes = [price(2)]
    await page.locator('#connections tr', { hasText: 'writer' }).getByText('busy').waitFor()
    writes.push(price(3))

    await page.locator('.health-badge', { hasText: 'Unhealthy' }).waitFor()
    const [first] = await panel(page, 'Health').getByRole('listitem').allTextContents()
    expect(first).toMatch(/^writer fails: .*1 waiting/)

    await other[Symbol.asyncDispose]()
    await Promise.all(writes)
    await page.locator('.health-badge', { hasText: SERVING }).waitFor()
  }),
)

browserTest('a database that is closed and opened again under the page goes on', () =>
  inPlace(async ({ db, page }) => {
    await isLive(page)
    await page.getByRole('button', { name: 'Measure' }).click()
    await page.getByRole('table', { name: 'Tables' }).getByText('works').waitFor()

    await db.close()
    await page.locator('.health-badge', { hasText: 'Closed' }).waitFor()
    await db.initialize()
    await page.locator('.health-badge', { hasText: SERVING }).waitFor()
    await db.execute('CREATE TABLE notes (id INTEGER PRIMARY KEY)')
    await page.getByRole('table', { name: 'Tables' }).getByText('notes').waitFor()
  }),
)

browserTest('with a token the page begins with a form for it, which anyone can fill in', () =>
  inPlace(
    async ({ page }) => {
      expect(await findings(page)).toEqual([])
      await page.getByLabel('Token of this dashboard').fill('a wrong token of theirs')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').getByText('This is not the token.').waitFor()

      await page.getByLabel('Token of this dashboard').fill('a token of seventeen')
      await page.keyboard.press('Enter')
      await isLive(page)
    },
    { token: 'a token of seventeen' },
    // The form has no icon of its own: the browser asks the site for one.
    /40[14]/,
  ),
)

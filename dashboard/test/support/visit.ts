/** A page in a real browser, before a scripted database. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { hasBrowser, launchBrowser } from '../../../example/test/support/browser.ts'
import { type FakeOptions, FakeServer } from '../../fixtures/server.ts'

let browser: Browser

/** To be called once by each file that visits. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (hasBrowser) browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
}

export interface VisitOptions extends FakeOptions {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  /** What the browser may complain of; anything else fails the visit. */
  readonly expected?: RegExp
  /** Before the page is asked for. */
  readonly before?: (page: Page, server: FakeServer) => unknown
}

/** Ticks come quicker than from a database, unless it is asked for otherwise. */
const TICK_MS = 250

export async function visit(
  act: (page: Page, server: FakeServer) => Promise<void>,
  options: VisitOptions = {},
): Promise<void> {
  const { width = 1280, height = 800, scheme = 'light', expected, before } = options
  const settings: BrowserContextOptions = { viewport: { width, height }, colorScheme: scheme }
  const context = await browser.newContext(settings)
  const server = await new FakeServer({ tickMs: TICK_MS, ...options }).start()
  const complaints: string[] = []
  const complain = (what: string) => expected?.test(what) !== true && complaints.push(what)
  try {
    const page = await context.newPage()
    page.on('pageerror', (error) => complain(String(error)))
    page.on('console', (message) => message.type() === 'error' && complain(message.text()))
    page.on('request', (request) => request.url().startsWith(new URL(server.url).origin) || complain(request.url()))
    await before?.(page, server)
    await page.goto(server.url)
    await act(page, server)
  } finally {
    await context.close()
    await server.stop()
  }
  expect(complaints).toEqual([])
}

/** The page has shown a tick. */
export const isLive = (page: Page): Promise<void> => page.locator('[data-link=live]').waitFor()

/** A panel by its title. */
export const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

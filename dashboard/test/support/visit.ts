/** A page in a real browser, before a scripted database. */
import type { Browser, Page } from 'playwright-core'
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
  const server = await new FakeServer({ tickMs: TICK_MS, ...options }).start()
  const { before, ...looks } = options
  try {
    await look(server.url, (page) => act(page, server), {
      ...looks,
      ...(before === undefined ? {} : { before: (page: Page) => before(page, server) }),
    })
  } finally {
    await server.stop()
  }
}

interface LookOptions extends Pick<VisitOptions, 'width' | 'height' | 'scheme' | 'expected'> {
  readonly before?: (page: Page) => unknown
}

/** Opens a page of any server. Errors of the page, and requests to anywhere else, are failures. */
export async function look(
  url: string,
  act: (page: Page) => Promise<void>,
  { width = 1280, height = 800, scheme = 'light', expected, before }: LookOptions = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme })
  const complaints: string[] = []
  const complain = (what: string) => expected?.test(what) !== true && complaints.push(what)
  try {
    const page = await context.newPage()
    page.on('pageerror', (error) => complain(String(error)))
    page.on('console', (message) => message.type() === 'error' && complain(message.text()))
    page.on('request', (request) => request.url().startsWith(new URL(url).origin) || complain(request.url()))
    await before?.(page)
    await page.goto(url)
    await act(page)
  } finally {
    await context.close()
  }
  expect(complaints).toEqual([])
}

/** The page has shown a tick. */
export const isLive = (page: Page): Promise<void> => page.locator('[data-link=live]').waitFor()

/** A panel by its title. */
export const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

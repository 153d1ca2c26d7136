import { chromium } from 'playwright-core'
import { FakeServer } from '../fixtures/server.ts'
import type { StateName } from '../fixtures/traits.ts'

const out = process.argv[2] ?? '/tmp/shots'
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
})
const shots: [string, StateName, 'light' | 'dark', number, number][] = [
  ['healthy-light-1280', 'healthy', 'light', 1280, 900],
  ['busy-dark-1280', 'busy', 'dark', 1280, 900],
  ['unhealthy-light-1920', 'unhealthy', 'light', 1920, 1080],
  ['busy-phone', 'busy', 'light', 390, 844],
  ['empty-dark-1280', 'empty', 'dark', 1280, 900],
  ['closed-light-1280', 'closed', 'light', 1280, 900],
]
const only = process.argv[3]
for (const [name, state, scheme, width, height] of shots) {
  if (only && !name.startsWith(only)) continue
  const server = await new FakeServer({ state }).start()
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, deviceScaleFactor: 1 })
  page.on('console', (m) => console.log(name, m.type(), m.text()))
  page.on('pageerror', (e) => console.log(name, String(e)))
  await page.goto(server.url)
  await page.waitForSelector('.link-live')
  await page.waitForTimeout(600)
  console.log(name, await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]))
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: true })
  await page.close()
  await server.stop()
}
await browser.close()

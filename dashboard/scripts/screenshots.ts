/**
 * Pictures of the page for its guide: `npm run screenshots -w noormme-dashboard`, after a build. With a folder, all
 * states at all widths go there instead, in full length.
 */
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../../example/test/support/browser.ts'
import { FakeServer } from '../fixtures/server.ts'
import { STATES, type StateName } from '../fixtures/traits.ts'

interface Shot {
  readonly name: string
  readonly state: StateName
  readonly scheme: 'light' | 'dark'
  readonly width: number
  readonly height: number
  readonly whole?: boolean
}

const GUIDE: readonly Shot[] = [
  { name: 'dashboard-light', state: 'healthy', scheme: 'light', width: 1280, height: 1250 },
  { name: 'dashboard-dark', state: 'busy', scheme: 'dark', width: 1280, height: 1250 },
  { name: 'dashboard-phone', state: 'busy', scheme: 'light', width: 390, height: 844 },
]

const ALL: readonly Shot[] = STATES.flatMap((state) =>
  [390, 1280, 1920].flatMap((width) =>
    (['light', 'dark'] as const).map((scheme) => ({
      name: `${state}-${width}-${scheme}`,
      state,
      scheme,
      width,
      height: 900,
      whole: true,
    })),
  ),
)

async function take(browser: Browser, folder: string, shot: Shot): Promise<void> {
  const { name, state, scheme, width, height, whole = false } = shot
  const server = await new FakeServer({ state }).start()
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' })
  await page.goto(server.url)
  await page.locator('[data-link=live]').waitFor()
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole })
  await page.close()
  await server.stop()
}

/** Fewer colours, where ImageMagick is there: a third of the size, and no difference to see. */
async function shrink(path: string): Promise<void> {
  await promisify(execFile)('convert', [path, '-strip', '+dither', '-colors', '128', `PNG8:${path}`]).catch(() => {
    console.warn(`${path} is left as it is: there is no ImageMagick here.`)
  })
}

const [to] = process.argv.slice(2)
const folder = to ?? fileURLToPath(new URL('../../docs/images', import.meta.url))
await mkdir(folder, { recursive: true })
const browser = await launchBrowser()
for (const shot of to === undefined ? GUIDE : ALL) {
  await take(browser, folder, shot)
  if (to === undefined) await shrink(join(folder, `${shot.name}.png`))
}
await browser.close()

/** What is built: small, and of one piece. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const PAGE = fileURLToPath(new URL('../../dist/dashboard/page/', import.meta.url))
const MAX_SCRIPT_BYTES = 80_000
const MAX_STYLE_BYTES = 12_000

async function zipped(ending: string): Promise<number> {
  const names = (await readdir(join(PAGE, 'assets'))).filter((name) => name.endsWith(ending))
  const files = await Promise.all(names.map((name) => readFile(join(PAGE, 'assets', name))))
  expect(files.length).toBeGreaterThan(0)
  return files.reduce((sum, file) => sum + gzipSync(file).length, 0)
}

test('scripts are under 80 kB and styles under 12 kB, compressed', async () => {
  expect(await zipped('.js')).toBeLessThan(MAX_SCRIPT_BYTES)
  expect(await zipped('.css')).toBeLessThan(MAX_STYLE_BYTES)
})

test('it is the page for production', async () => {
  const names = (await readdir(join(PAGE, 'assets'))).filter((name) => name.endsWith('.js'))

  for (const name of names) {
    const text = await readFile(join(PAGE, 'assets', name), 'utf8')
    expect(text.includes('lineNumber')).toBe(false)
  }
})

test('nothing is inline, and every address is relative to where the page is mounted', async () => {
  const html = await readFile(join(PAGE, 'index.html'), 'utf8')

  expect(html).not.toMatch(/<style|\sstyle=|<script>|\son\w+=/)
  for (const [, address] of html.matchAll(/\s(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^(?:\.\/|metrics$)/)
})

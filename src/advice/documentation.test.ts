import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { backticked, tableRows } from '../../scripts/lib/markdown.ts'
import { CACHE_SHARE_OF_MEMORY } from './settings-advice.ts'
import {
  FREE_BYTES,
  FREE_SHARE,
  PAGE_SIZE_MATTERS_BYTES,
  STATISTICS_MATTER_BYTES,
  USUAL_PAGE_BYTES,
} from './storage-advice.ts'
import { ADVICE_IDS, type AdviceId } from './types.ts'

const rows = async () =>
  tableRows(await readFile(new URL('../../docs/advice.md', import.meta.url), 'utf8')).filter(
    ([cell]) => backticked(cell).length > 0,
  )

const mib = (value: number): string => `${value / 2 ** 20} MiB`

test('docs/advice.md describes exactly the recommendations that there are, in their order', async () => {
  expect((await rows()).flatMap(([id]) => backticked(id))).toEqual([...ADVICE_IDS])
})

test('every recommendation is described with severity, occasion, reason, remedy and undo', async () => {
  for (const row of await rows()) {
    expect(row).toHaveLength(6)
    expect(row.every((cell) => cell.length > 0)).toBe(true)
  }
})

test.each<[AdviceId, readonly string[]]>([
  ['cache-memory', [`${CACHE_SHARE_OF_MEMORY * 100} %`]],
  ['statistics-missing', [mib(STATISTICS_MATTER_BYTES)]],
  ['free-pages', [`${FREE_SHARE * 100} %`, mib(FREE_BYTES)]],
  ['page-size-small', [USUAL_PAGE_BYTES.toLocaleString('en'), mib(PAGE_SIZE_MATTERS_BYTES)]],
])('docs/advice.md tells the thresholds of %s', async (id, values) => {
  const row = (await rows()).find(([cell]) => backticked(cell)[0] === id)

  for (const value of values) expect(row?.join(' ')).toContain(value)
})

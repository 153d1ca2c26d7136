import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { readResults } from './harness/results.ts'
import { pagesOf, RESULTS_JSON } from './write-report.ts'

it('README.md, results.md and the charts say what results.json says (npm run report writes them)', async () => {
  const results = await readResults(RESULTS_JSON)
  if (results === null) throw new Error('there are no results')
  const pages = await pagesOf(results)
  const stale: string[] = []
  for (const [file, text] of pages) {
    const found = await readFile(new URL(file), 'utf8').catch(() => '')
    if (found !== text) stale.push(file)
  }

  expect(stale).toEqual([])
})

/** Writes all that is made of `results.json`: `npm run report`, and the end of every `npm run bench`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { drawCharts } from './charts/charts.ts'
import { report } from './harness/report.ts'
import { type Results, readResults } from './harness/results.ts'
import { withSideBySide } from './readme/side-by-side.ts'
import { WORKS } from './works/works.ts'

export const RESULTS_JSON = new URL('../results.json', import.meta.url)
const RESULTS_MD = new URL('../results.md', import.meta.url)
const CHARTS = new URL('../charts/', import.meta.url)
const README = new URL('../../README.md', import.meta.url)

/** What the results become, by file. */
export async function pagesOf(results: Results): Promise<ReadonlyMap<string, string>> {
  const charts = [...drawCharts(WORKS, results)].map(
    ([name, svg]) => [new URL(`${name}.svg`, CHARTS).href, svg] as const,
  )
  const readme = await readFile(README, 'utf8')
  return new Map([
    ...charts,
    [RESULTS_MD.href, report(WORKS, results)],
    [README.href, withSideBySide(readme, WORKS, results)],
  ])
}

export async function writeReport(results: Results): Promise<void> {
  await mkdir(CHARTS, { recursive: true })
  for (const [file, text] of await pagesOf(results)) await writeFile(new URL(file), text)
}

if (import.meta.main) {
  const results = await readResults(RESULTS_JSON)
  if (results === null) throw new Error('there are no results yet')
  await writeReport(results)
}

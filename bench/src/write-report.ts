/** Writes all that is made of `results.json`: `npm run report`, and the end of every `npm run bench`. */
import { writeFile } from 'node:fs/promises'
import { report } from './harness/report.ts'
import { type Results, readResults } from './harness/results.ts'
import { WORKS } from './works/works.ts'

export const RESULTS_JSON = new URL('../results.json', import.meta.url)
const RESULTS_MD = new URL('../results.md', import.meta.url)

export async function writeReport(results: Results): Promise<void> {
  await writeFile(RESULTS_MD, report(WORKS, results))
}

if (import.meta.main) {
  const results = await readResults(RESULTS_JSON)
  if (results === null) throw new Error('there are no results yet')
  await writeReport(results)
}

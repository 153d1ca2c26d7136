/**
 * Protects the reader from the file that attracts everything: in src no file over 500 lines, nine in ten at most 300,
 * half at most 120; scripts under 80. Tests are not counted.
 */
import { type Check, report } from './lib/report.ts'
import { readProduction } from './lib/source.ts'

const MAX_LINES = 500
const NINE_IN_TEN_LINES = 300
const MEDIAN_LINES = 120
const MAX_SCRIPT_LINES = 79

export const checkSizes: Check = async (root, say) => {
  const source = await linesOf(root, 'src')
  const scripts = await linesOf(root, 'scripts')
  const sorted = source.map(({ lines }) => lines).sort((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  const long = source.filter(({ lines }) => lines > NINE_IN_TEN_LINES)
  say(
    `${source.length} files, median ${median} lines, longest ${sorted.at(-1) ?? 0}, ${long.length} over ${NINE_IN_TEN_LINES}`,
  )

  const problems = [
    ...source.filter(({ lines }) => lines > MAX_LINES).map(tooLong(MAX_LINES)),
    ...scripts.filter(({ lines }) => lines > MAX_SCRIPT_LINES).map(tooLong(MAX_SCRIPT_LINES)),
  ]
  if (long.length > source.length / 10)
    problems.push(`${long.length} of ${source.length} files are over ${NINE_IN_TEN_LINES} lines: ${names(long)}`)
  if (median > MEDIAN_LINES) problems.push(`half of the files of src are over ${median - 1} lines, not ${MEDIAN_LINES}`)
  return problems
}

interface Size {
  readonly path: string
  readonly lines: number
}

async function linesOf(root: string, folder: string): Promise<readonly Size[]> {
  const sources = await readProduction(root, folder)
  return sources.map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
}

const tooLong =
  (limit: number) =>
  ({ path, lines }: Size) =>
    `${path} has ${lines} lines, over ${limit}`

const names = (sizes: readonly Size[]): string => sizes.map(({ path, lines }) => `${path} (${lines})`).join(', ')

if (import.meta.main) await report('sizes', checkSizes)

/**
 * The comparison: `npm run compare`. Runs every script and writes `correctness.json` and, from it, `correctness.md` and
 * its table in README.md.
 *
 *     --only NAME   one scenario; may be given several times
 *     --tool NAME   one contestant; may be given several times
 */
import { readFile, writeFile } from 'node:fs/promises'
import type { Contestant } from './contestants.ts'
import { SYMBOLS } from './lib/verdict.ts'
import { type Cell, cellsOf, needsSetting, worstByRow } from './runner/cells.ts'
import { type CommandLine, parseCommandLine } from './runner/command-line.ts'
import { describeConditions } from './runner/conditions.ts'
import { withComparison } from './runner/readme.ts'
import { report } from './runner/report.ts'
import { saveResults } from './runner/results.ts'
import { runScript } from './runner/run-script.ts'
import type { Scenario } from './scenarios.ts'

const RESULTS_JSON = new URL('../correctness.json', import.meta.url)
const RESULTS_MD = new URL('../correctness.md', import.meta.url)
const README = new URL('../../README.md', import.meta.url)

const args = process.argv.slice(2)
const asked = understand()
if (asked !== null) {
  const conditions = await describeConditions()
  const command = ['npm run compare', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  for (const scenario of asked.scenarios) {
    const found = await runScenario(scenario, asked.contestants)
    const date = new Date().toISOString().slice(0, 10)
    const cells = found.map((cell) => ({ ...cell, date, command }))
    // After each, so that a run which is stopped leaves what it has found.
    const results = await saveResults(RESULTS_JSON, { conditions, cells })
    await writeFile(RESULTS_MD, report(results))
    await writeFile(README, withComparison(await readFile(README, 'utf8'), results))
    if (cells.some(({ kind, short }) => kind === 'not-run' && short === 'failed')) process.exitCode = 1
  }
  console.log('Written to bench/correctness.json and bench/correctness.md.')
}

function understand(): CommandLine | null {
  try {
    return parseCommandLine(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
    return null
  }
}

/** One after another: what is compared is not to be decided by who else is running. */
async function runScenario(scenario: Scenario, contestants: readonly Contestant[]): Promise<readonly Cell[]> {
  console.log(scenario.title)
  const cells: Cell[] = []
  for (const contestant of contestants) {
    const found = await runOne(scenario, contestant)
    for (const { kind, row, short, setting } of found) {
      const better = setting === null ? '' : ` (${setting.name}: ${SYMBOLS[setting.kind]} ${setting.short})`
      console.log(`  ${contestant.title}${row === null ? '' : `, ${row}`}: ${SYMBOLS[kind]} ${short}${better}`)
    }
    cells.push(...found)
  }
  return cells
}

async function runOne({ name: scenario, times }: Scenario, { name: tool }: Contestant): Promise<readonly Cell[]> {
  const runs = async (recommended: boolean) => {
    const all = []
    for (let time = 0; time < times; time++) all.push(await runScript({ scenario, tool, recommended }))
    return worstByRow(all)
  }
  const defaults = await runs(false)
  return cellsOf({ scenario, tool }, defaults, defaults.some(needsSetting) ? await runs(true) : [])
}

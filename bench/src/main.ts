/**
 * The benchmark: `npm run bench`, or for a first look `npm run bench -- --quick`. Writes `results.json` and, from it,
 * `results.md`.
 *
 *     --quick       few rounds and short trials, a few minutes
 *     --only NAME   one work; may be given several times
 *     --rounds N    this many rounds of each work
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandLine, parseCommandLine } from './harness/command-line.ts'
import { describeMachine } from './harness/machine.ts'
import { report } from './harness/report.ts'
import { saveResults, type WorkRecord } from './harness/results.ts'
import { runWork } from './harness/run-work.ts'
import { verify } from './harness/verify.ts'
import { WORKS } from './works/works.ts'

const RESULTS_JSON = new URL('../results.json', import.meta.url)
const RESULTS_MD = new URL('../results.md', import.meta.url)

const args = process.argv.slice(2)
const asked = understand()
if (asked !== null) {
  const machine = describeMachine()
  const results = await saveResults(RESULTS_JSON, { machine, works: await run(asked) }, WORKS)
  await writeFile(RESULTS_MD, report(WORKS, results))
  console.log('Written to bench/results.json and bench/results.md.')
}

function understand(): CommandLine | null {
  try {
    return parseCommandLine(args, WORKS)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
    return null
  }
}

async function run({ size, works, rounds }: CommandLine): Promise<readonly WorkRecord[]> {
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  const folder = await mkdtemp(join(tmpdir(), 'noormme-bench-'))
  const records: WorkRecord[] = []
  try {
    console.log('Verifying that all contestants answer alike …')
    await verify(folder)
    for (const work of works) {
      const started = performance.now()
      const count = rounds ?? work.rounds[size]
      console.log(`${work.name}: ${count} × ${work.lanes.length} trials …`)
      records.push(await runWork(work, { size, rounds: count, folder, command }))
      console.log(`  ${((performance.now() - started) / 1000).toFixed(0)} s`)
    }
    return records
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

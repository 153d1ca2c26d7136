/**
 * The benchmark: `npm run bench`, or for a first look `npm run bench -- --quick`. Writes `results.json` and, from it,
 * `results.md`.
 *
 *     --quick       few rounds and short trials, a few minutes
 *     --only NAME   one work; may be given several times
 *     --rounds N    this many rounds of each work
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandLine, parseCommandLine } from './harness/command-line.ts'
import { describeMachine } from './harness/machine.ts'
import { saveResults, type WorkRecord } from './harness/results.ts'
import { runWork } from './harness/run-work.ts'
import { verify } from './harness/verify.ts'
import { generatePrismaClients } from './prepare/prisma-clients.ts'
import { WORKS } from './works/works.ts'
import { RESULTS_JSON, writeReport } from './write-report.ts'

const args = process.argv.slice(2)
const asked = understand()
if (asked !== null) {
  await generatePrismaClients()
  const machine = await describeMachine()
  const results = await saveResults(RESULTS_JSON, { machine, works: await run(asked) }, WORKS)
  await writeReport(results)
  console.log('Written to bench/results.json, bench/results.md, bench/charts and README.md.')
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
    const contestants = new Set(works.flatMap(({ lanes }) => lanes.map(({ contestant }) => contestant)))
    const unfit = await verify(folder, contestants)
    for (const [name, problem] of unfit) console.error(`  ${name} is not measured: it ${problem}`)
    for (const work of works) {
      const started = performance.now()
      console.log(`${work.name}: ${work.lanes.length} lanes …`)
      const record = await runWork(work, { size, rounds, unfit, folder, command })
      if (work.lanes.some(({ name, contestant }) => contestant.startsWith('noormme') && record.failed[name])) {
        process.exitCode = 1
      }
      records.push(record)
      console.log(`  ${((performance.now() - started) / 1000).toFixed(0)} s`)
    }
    return records
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

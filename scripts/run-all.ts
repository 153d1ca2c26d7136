/**
 * Everything that has to hold before a change is taken over: `npm test`. Goes on after a failure, so that one run
 * shows all of it, and ends with one line counted from the test runners' own reports.
 *
 * A test that cannot run on a machine skips itself. Where nothing may go unseen (`NOORMME_CI=1`, or any CI unless
 * `NOORMME_CI=0`) a skipped test is a failure.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ONCE } from './lib/once.ts'
import { ROOT } from './lib/report.ts'
import { npm, type Outcome, run } from './lib/run.ts'
import { closingLine, readReport, type TestCounts } from './lib/test-report.ts'

/** A step that hangs is ended after 15 minutes. */
const STEP_LIMIT_MS = 15 * 60_000
const EXAMPLE = ['-w', 'dreambeesart']
const PAGE = ['-w', 'noormme-dashboard']
const { CI = '', NOORMME_CI = CI === '' || CI === 'false' ? '0' : '1' } = process.env
const mayNotSkip = NOORMME_CI !== '0'

const options = { cwd: ROOT, show: true, timeoutMs: STEP_LIMIT_MS, env: { NOORMME_CI: mayNotSkip ? '1' : '0' } }
const failed: string[] = []

async function step(name: string, work: () => Promise<Outcome>): Promise<void> {
  console.log(`\n=== ${name}`)
  const started = performance.now()
  const { code } = await work()
  console.log(`=== ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  if (code !== 0) failed.push(name)
}

const script = (name: string, ...more: readonly string[]) => npm(['run', name, ...more], options)
const folder = await mkdtemp(join(tmpdir(), 'noormme-tests-'))
const reports: TestCounts[] = []

async function tests(name: string, work: (flags: readonly string[]) => Promise<Outcome>): Promise<void> {
  const file = join(folder, `${name.replaceAll(' ', '-')}.json`)
  await step(name, () => work(['--reporter=default', '--reporter=json', `--outputFile=${file}`]))
  const counts = await readReport(file)
  if (counts !== null) reports.push(counts)
  else failed.push(`${name}: no report`)
  if (mayNotSkip && counts !== null && counts.skipped.length > 0) {
    failed.push(`${name}: skipped tests`)
    for (const title of counts.skipped) console.log(`skipped, which is a failure here: ${title}`)
  }
}

await step('build', () => script('build'))
await step('build of the example', () => script('build', ...EXAMPLE))
await step('lint', () => script('lint'))
await step('types', () => script('types'))
await step('checks', () => script('check'))
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
const withoutNative = { ...options, env: { ...options.env, NOORMME_NATIVE: '0' } }
await tests('tests', (flags) => run(process.execPath, [vitest, 'run', ...flags], options))
await tests('tests without the native extension', (flags) =>
  run(process.execPath, [vitest, 'run', ...ONCE, ...flags], withoutNative),
)
await tests('tests of the example', (flags) => npm(['test', ...EXAMPLE, '--', ...flags], options))
await tests('tests of the dashboard', (flags) => npm(['test', ...PAGE, '--', ...flags], options))
// Installed where it is run, and by .ci/run.
if (existsSync(join(ROOT, 'bench', 'node_modules'))) {
  const BENCH = ['--prefix', 'bench']
  await step('types of the benchmark', () => script('types', ...BENCH))
  await tests('tests of the benchmark', (flags) => npm(['test', ...BENCH, '--', ...flags], options))
} else console.log('\n=== tests of the benchmark: it is not installed (npm install --prefix bench)')
await rm(folder, { recursive: true, force: true })

console.log(failed.length === 0 ? '\nAll steps passed.' : `\nFailed: ${failed.join(', ')}.`)
console.log(closingLine(reports))
process.exitCode = failed.length === 0 ? 0 : 1

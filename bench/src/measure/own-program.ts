/**
 * Runs a small program in a process that has nothing of the benchmark in it: what Node.js needs to run TypeScript
 * alone would hide a part of what a package weighs.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Measured } from '../work.ts'

const execute = promisify(execFile)
const BENCH = new URL('../..', import.meta.url)
const PRINT = `
function print(measured) {
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ ...measured, childrenCpuMs: (user + system) / 1000 }))
}`

/**
 * @param program JavaScript that calls `print` once with what it measured; its arguments are in `process.argv`, from the
 *   second on, and it finds packages as a file in the folder of the benchmark does.
 */
export async function runProgram(program: string, args: readonly string[]): Promise<Measured> {
  const { stdout } = await execute(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program + PRINT, ...args],
    { cwd: BENCH },
  )
  return JSON.parse(stdout)
}

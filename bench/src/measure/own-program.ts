/**
 * Runs a small program in a process that has nothing of the benchmark in it: what Node.js needs to run TypeScript
 * alone would hide a part of what a package weighs.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const BENCH = new URL('../..', import.meta.url)

export interface Printed {
  readonly value: number
  /** CPU that the program has used. */
  readonly cpuMs: number
}

/** @param program JavaScript that prints a `Printed` as JSON; finds its arguments in `process.argv`, from the second on. */
export async function runProgram(program: string, args: readonly string[]): Promise<Printed> {
  const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', program, ...args], {
    cwd: BENCH,
  })
  return JSON.parse(stdout)
}

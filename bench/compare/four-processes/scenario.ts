/**
 * Four processes at once, each with the tool of its own on the same file: a hundred times each reads a counter in a transaction,
 * adds one and writes it. Nobody tries again after an error. The script starts itself four times for it.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { committed, freshFile } from '../lib/fresh-file.ts'
import { end } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

const PROCESSES = 4
const EACH = 100

export interface Tool {
  /** In a transaction: reads `value` of row 1 of `counters`, adds one, writes it. */
  increment(): unknown
  close(): unknown
}

interface Tally {
  readonly done: number
  readonly refused: number
  readonly told: string
}

/** @param script `import.meta.url` of the script. */
export async function run(script: string, open: (file: string) => Tool | Promise<Tool>): Promise<never> {
  const file = process.env.COMPARE_FILE
  return file === undefined ? oversee(script) : work(await open(file))
}

async function oversee(script: string): Promise<never> {
  const file = freshFile()
  const processes = Array.from({ length: PROCESSES }, () =>
    fork(fileURLToPath(script), process.argv.slice(2), { env: { ...process.env, COMPARE_FILE: file } }),
  )
  await Promise.all(processes.map((child) => said(child)))
  const tallies = await Promise.all(
    processes.map((child) => {
      child.send('go')
      return said(child) as Promise<Tally>
    }),
  )
  const [counter] = committed<{ readonly value: number }>(file, 'SELECT value FROM counters')
  judge(tallies, counter?.value ?? 0)
  return end(() => Promise.all(processes.map((child) => child.exitCode ?? once(child, 'exit'))))
}

async function said(child: ChildProcess): Promise<unknown> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`a process ended with exit code ${code}`))),
  ])
  return message
}

async function work({ increment, close }: Tool): Promise<never> {
  process.send?.('ready')
  await once(process, 'message')
  let done = 0
  let told = ''
  for (let n = 0; n < EACH; n++) {
    try {
      await increment()
      done++
    } catch (error) {
      told = firstLine(error)
    }
  }
  process.send?.({ done, refused: EACH - done, told } satisfies Tally)
  return end(close)
}

function judge(tallies: readonly Tally[], value: number): void {
  const done = tallies.reduce((sum, tally) => sum + tally.done, 0)
  const refused = tallies.reduce((sum, tally) => sum + tally.refused, 0)
  const told = tallies.find((tally) => tally.refused > 0)?.told
  const all = PROCESSES * EACH
  if (value > done) {
    verdict('red', 'kept what failed', `${done} were told that they are committed, yet the counter stands at ${value}.`)
  } else if (value < done) {
    verdict(
      'red',
      `lost ${done - value} of ${done}`,
      `${done} were told that they are committed; the counter stands at ${value}.`,
    )
  } else if (refused > 0) {
    verdict('yellow', `${refused} of ${all} fail`, `${done} were done, ${refused} refused: ${told}`)
  } else verdict('green', `all ${all}`, `All ${all} were done.`)
}

/** Four processes at once, each with the tool of its own on the same file. The script starts itself four times for it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freshFile, TABLES } from './fresh-file.ts'
import { end } from './timing.ts'
import { firstLine } from './verdict.ts'

const PROCESSES = 4
const EACH = 100
export const ALL = PROCESSES * EACH

export interface Worker {
  /** Called a hundred times in each process, one after another; its errors are counted. */
  act(process: number, n: number): unknown
  close(): unknown
}

export interface Tally {
  readonly done: number
  readonly refused: number
  /** What one that was refused was told. */
  readonly told: string
}

/**
 * In the script's own process: starts four, lets them begin together, and judges when all are done. In each of those: does the work.
 *
 * @param script `import.meta.url` of the script.
 * @param journal The mode that the file is in.
 */
export async function inProcesses(
  script: string,
  open: (file: string) => Promise<Worker>,
  judge: (tally: Tally, file: string) => void,
  journal: 'delete' | 'wal' = 'delete',
): Promise<never> {
  const { COMPARE_FILE: file, COMPARE_PROCESS: number } = process.env
  return file === undefined ? oversee(script, judge, journal) : work(await open(file), Number(number))
}

async function oversee(script: string, judge: (tally: Tally, file: string) => void, journal: string): Promise<never> {
  const file = freshFile(`PRAGMA journal_mode = ${journal}; ${TABLES}`)
  const processes = Array.from({ length: PROCESSES }, (_, number) =>
    fork(fileURLToPath(script), process.argv.slice(2), {
      env: { ...process.env, COMPARE_FILE: file, COMPARE_PROCESS: `${number}` },
    }),
  )
  await Promise.all(processes.map((child) => said(child)))
  const tallies = await Promise.all(
    processes.map((child) => {
      child.send('go')
      return said(child) as Promise<Tally>
    }),
  )
  await Promise.all(processes.map((child) => child.exitCode ?? once(child, 'exit')))
  judge(tallies.reduce(sum), file)
  return end(() => undefined)
}

function sum(one: Tally, other: Tally): Tally {
  return {
    done: one.done + other.done,
    refused: one.refused + other.refused,
    told: one.told === '' ? other.told : one.told,
  }
}

async function said(child: ChildProcess): Promise<unknown> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`a process ended with exit code ${code}`))),
  ])
  return message
}

async function work({ act, close }: Worker, number: number): Promise<never> {
  process.send?.('ready')
  await once(process, 'message')
  let done = 0
  let told = ''
  for (let n = 0; n < EACH; n++) {
    try {
      await act(number, n)
      done++
    } catch (error) {
      told = firstLine(error)
    }
  }
  process.send?.({ done, refused: EACH - done, told } satisfies Tally)
  return end(close)
}

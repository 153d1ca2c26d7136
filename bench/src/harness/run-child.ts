/** Runs one task in a process of its own, so that no trial inherits another's heap, compiled code or caches. */
import { fork } from 'node:child_process'
import type { Measured } from '../work.ts'
import type { Answer, Task, Verified } from './task.ts'

/** A trial that takes longer than 5 minutes hangs. */
const LIMIT_MS = 300_000

export function runChild(task: Extract<Task, { kind: 'measure' }>): Promise<Answer<Measured>>
export function runChild(task: Extract<Task, { kind: 'verify' }>): Promise<Answer<Verified>>
export function runChild(task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./child.ts', import.meta.url), {
      timeout: LIMIT_MS,
      execArgv: process.execArgv,
    })
    let answer: Answer | null = null
    child.once('message', (message: Answer) => {
      answer = message
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0 && answer !== null) resolve(answer)
      else reject(new Error(`${describe(task)} ended with ${signal ?? `exit code ${code}`}`))
    })
    child.send(task)
  })
}

function describe(task: Task): string {
  return task.kind === 'verify' ? `verifying ${task.lane.name}` : `${task.work} with ${task.trial.lane.name}`
}

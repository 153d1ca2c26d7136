/** Runs one task in a process of its own, so that no trial inherits another's heap, compiled code or caches. */
import { fork } from 'node:child_process'
import type { Measured } from '../work.ts'
import type { Answer, Refusal, Task, Verified } from './task.ts'

/** A trial that takes longer than 5 minutes hangs. */
const LIMIT_MS = 300_000

export function runChild(task: Extract<Task, { kind: 'measure' }>): Promise<Answer<Measured>>
export function runChild(task: Extract<Task, { kind: 'verify' }>): Promise<Answer<Verified>>
export function runChild(task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./child.ts', import.meta.url), {
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      execArgv: process.execArgv,
    })
    let answer: Answer | Refusal | null = null
    child.once('message', (message: Answer | Refusal) => {
      answer = message
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (answer === null)
        reject(new Error(signal === null ? `it ended with exit code ${code}` : `it ended by ${signal}`))
      else if ('failed' in answer) reject(new Error(answer.failed))
      else resolve(answer)
    })
    child.send(task)
  })
}

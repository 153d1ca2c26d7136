/** Starts one of the programs beside this folder in a process of its own, and keeps every line that it says. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** Compiled programs, kept from run to run: most of a program's start would be compiling it again. */
const COMPILED = fileURLToPath(new URL('../../../node_modules/.cache/noormme-crash', import.meta.url))

export interface RunningProgram {
  readonly child: ChildProcess
  /** What it has said so far. */
  readonly lines: readonly string[]
  /** Resolves when it has said `count` lines, or has ended. */
  said(count: number): Promise<void>
  /** `kill -9`; resolves when it is dead. Rejects with its last words when it had ended by itself. */
  kill(): Promise<void>
  /** Resolves when it has ended and everything it said has arrived. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>
}

/** It is killed after the test. */
export function startProgram(
  name: string,
  options: object,
  environment: Readonly<Record<string, string>> = {},
): RunningProgram {
  const file = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...environment },
  })
  onTestFinished(() => void child.kill('SIGKILL'))

  const lines: string[] = []
  const waiting = new Set<() => void>()
  const tell = () => {
    for (const check of waiting) check()
  }
  let rest = ''
  let stderr = ''
  let over = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    tell()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.once('close', (code) => {
      over = true
      resolve({ code, stderr })
      tell()
    })
  })
  const said = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const check = () => {
        if (lines.length < count && !over) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    const { code } = await ended
    if (code !== null) throw new Error(`the program had ended with ${code} before it was killed: ${stderr}`)
  }
  return { child, lines, said, kill, ended }
}

/** Resolves when it has ended by itself and without complaint. */
export async function finished(program: RunningProgram): Promise<void> {
  const { code, stderr } = await program.ended
  if (code !== 0) throw new Error(`the program ended with ${code}: ${stderr}`)
}

/** Runs a small program in a real process of its own: what ends, dies or waits is then the operating system's word. */
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Program {
  readonly child: ChildProcess
  /** Resolves with the next line it prints. */
  line(): Promise<string>
  /** Resolves when it has ended. */
  readonly ended: Promise<{
    readonly code: number | null
    readonly signal: NodeJS.Signals | null
    readonly stderr: string
  }>
}

/** Starts `source` (TypeScript, `noormme/…` standing for the source folder) with `args`; it is killed after the test. */
export function runProgram(folder: string, source: string, args: readonly string[] = []): Program {
  const file = join(folder, `program-${Math.random().toString(36).slice(2)}.ts`)
  writeFileSync(file, source.replaceAll("'noormme/", `'${ROOT}src/`))
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'], cwd: ROOT })
  onTestFinished(() => void child.kill('SIGKILL'))

  const lines: string[] = []
  const waiting: ((line: string) => void)[] = []
  let rest = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const next = waiting.shift()
      if (next === undefined) lines.push(part)
      else next(part)
    }
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Awaited<Program['ended']>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stderr }))
  })
  const line = (): Promise<string> => {
    const ready = lines.shift()
    if (ready !== undefined) return Promise.resolve(ready)
    const next = new Promise<string>((resolve) => waiting.push(resolve))
    const early = ended.then(({ stderr: text }) =>
      Promise.reject(new Error(`the program ended without a further line: ${text}`)),
    )
    return Promise.race([next, early])
  }
  return { child, line, ended }
}

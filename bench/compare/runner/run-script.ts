/** Runs one script in a process of its own. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Verdict, verdictsIn } from '../lib/verdict.ts'

/** A script that is not done after two minutes hangs. */
const LIMIT_MS = 120_000

export interface Asked {
  readonly scenario: string
  readonly tool: string
  /** With the setting that it offers beside the defaults. */
  readonly recommended: boolean
}

export async function runScript({ scenario, tool, recommended }: Asked): Promise<readonly Verdict[]> {
  const script = fileURLToPath(new URL(`../${scenario}/${tool}.ts`, import.meta.url))
  if (!existsSync(script)) throw new Error(`${scenario} has no script for ${tool}`)
  const { output, errors, inTime } = await print(script, recommended ? ['--recommended'] : [])
  const verdicts = verdictsIn(output)
  if (verdicts.length > 0) return verdicts
  const says = inTime ? `The script failed: ${errors.trim().split('\n').at(-1)}` : 'Not over after two minutes; ended.'
  const common = { says, row: null, offers: null, recommended }
  return [inTime ? { kind: 'not-run', short: 'failed', ...common } : { kind: 'red', short: 'hangs', ...common }]
}

interface Printed {
  readonly output: string
  readonly errors: string
  readonly inTime: boolean
}

function print(script: string, args: readonly string[]): Promise<Printed> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that the processes it has started end with it.
    const child = spawn(process.execPath, [script, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    let inTime = true
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    const limit = setTimeout(() => {
      inTime = false
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, LIMIT_MS)
    child.once('error', reject)
    child.once('close', () => {
      clearTimeout(limit)
      resolve({ output, errors, inTime })
    })
  })
}

/** Runs other programs for the checks: output kept, never waiting for ever, the same on every platform. */
import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'

export interface Outcome {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  /** Default: two minutes, then it is killed and `signal` says so. */
  readonly timeoutMs?: number
  /** Show its output as it comes instead of keeping it. */
  readonly show?: boolean
  readonly env?: Readonly<Record<string, string>>
}

export function run(command: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...environment(), ...options.env },
      stdio: options.show === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 120_000,
      killSignal: 'SIGKILL',
      shell: process.platform === 'win32' && command === 'npm',
    })
    const output = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk))
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...output }))
  })
}

/** npm, the one that runs this script where there is one: on Windows the plain name is a batch file. */
export function npm(args: readonly string[], options: RunOptions): Promise<Outcome> {
  const self = process.env.npm_execpath
  return self?.endsWith('.js') === true ? run(process.execPath, [self, ...args], options) : run('npm', args, options)
}

/** What went wrong, in one line; `null` when nothing did. */
export function failure({ code, signal, stderr, stdout }: Outcome): string | null {
  if (code === 0) return null
  const how = signal === null ? `exit code ${code}` : `ended by ${signal}`
  return `${how}: ${`${stderr}\n${stdout}`.trim().split('\n').slice(0, 12).join(' ⏎ ')}`
}

/**
 * This process's environment with the Node.js that runs this script first on the path, and without what `npm run`
 * left in it about *this* package, which would steer an npm started in another folder.
 */
function environment(): NodeJS.ProcessEnv {
  const own = /^(?:npm_package_|npm_lifecycle_|npm_config_(?:local_prefix|workspaces?|if_present|dry_run)$|INIT_CWD$)/i
  const entries = Object.entries(process.env).filter(([name]) => !own.test(name))
  const path = entries.find(([name]) => name.toUpperCase() === 'PATH')
  const rest = entries.filter((entry) => entry !== path)
  return {
    ...Object.fromEntries(rest),
    [path?.[0] ?? 'PATH']: [dirname(process.execPath), path?.[1] ?? ''].join(delimiter),
  }
}

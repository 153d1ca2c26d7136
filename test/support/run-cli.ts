/** The command line as its users run it: a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface CliOutcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Arguments for Node.js itself. */
  readonly node?: readonly string[]
}

/** Resolves when the process has ended by itself; a process that never does fails the test by its time limit. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  return startCli(args, options).ended
}

export interface RunningCli extends AsyncDisposable {
  readonly pid: number
  /** The next line of stdout. */
  line(): Promise<string>
  /** Sends SIGINT, as Ctrl+C does; resolves when the process has ended. */
  interrupt(): Promise<CliOutcome>
  readonly ended: Promise<CliOutcome>
}

/** A command that goes on until it is ended. */
export function startCli(args: readonly string[], { cwd, env, node = [] }: CliOptions = {}): RunningCli {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...node, MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  const lines = new Lines(child.stdout)
  const errors = text(child.stderr)
  const exited = once(child, 'close') as Promise<[number | null]>
  const ended = exited.then(async ([code]) => ({ code, stdout: lines.text, stderr: await errors }))
  const interrupt = (signal: NodeJS.Signals = 'SIGINT'): Promise<CliOutcome> => {
    child.kill(signal)
    return ended
  }
  const dispose = async (): Promise<void> => void (await interrupt('SIGKILL'))
  return {
    pid: child.pid ?? 0,
    line: () => lines.next(),
    interrupt: () => interrupt(),
    ended,
    [Symbol.asyncDispose]: dispose,
  }
}

/** What a stream has brought, and the lines of it one by one. */
class Lines {
  text = ''
  #given = 0
  #ended = false
  #arrived = Promise.withResolvers<void>()

  constructor(stream: Readable) {
    const wake = (): void => {
      this.#arrived.resolve()
      this.#arrived = Promise.withResolvers()
    }
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk
      wake()
    })
    stream.on('end', () => {
      this.#ended = true
      wake()
    })
  }

  async next(): Promise<string> {
    for (;;) {
      const end = this.text.indexOf('\n', this.#given)
      if (end !== -1) {
        const line = this.text.slice(this.#given, end)
        this.#given = end + 1
        return line
      }
      if (this.#ended) throw new Error(`it ended after: ${this.text}`)
      await this.#arrived.promise
    }
  }
}

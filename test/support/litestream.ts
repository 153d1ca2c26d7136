/** The real Litestream, from npm, replicating a database file of a test into a folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

// The package's own command starts the binary as a child and does not end it.
const BINARY = fileURLToPath(
  new URL(`../../node_modules/@flydotio/litestream-${process.platform}-${process.arch}/litestream`, import.meta.url),
)

/** Whether npm has a Litestream for this machine. */
export const hasLitestream = existsSync(BINARY)

export class Litestream {
  readonly #config: string
  readonly #path: string
  readonly #replica: string
  #child: ChildProcess | null = null
  #exited: Promise<unknown> = Promise.resolve()

  /** Replicates `path` into a folder beside it: looks 20 times a second, and checkpoints from `pages` pages on. */
  constructor(folder: string, path: string, { pages }: { readonly pages: number }) {
    this.#path = path
    this.#replica = join(folder, 'replica')
    this.#config = join(folder, 'litestream.yml')
    writeFileSync(
      this.#config,
      `dbs:
  - path: ${path}
    monitor-interval: 50ms
    min-checkpoint-page-count: ${pages}
    replicas:
      - path: ${this.#replica}
        sync-interval: 50ms
`,
    )
  }

  start(): void {
    const child = spawn(BINARY, ['replicate', '-config', this.#config], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    this.#child = child
    this.#exited = new Promise((resolve) => child.once('exit', resolve))
  }

  /** Lets it copy what is left, and end. */
  async stop(): Promise<void> {
    this.#child?.kill('SIGINT')
    await this.#exited
  }

  /** What it calls generations: one for as long as it never lost its place in the log. */
  generations(): string[] {
    const folder = join(this.#replica, 'generations')
    return existsSync(folder) ? readdirSync(folder) : []
  }

  /** How many logs it has copied: one more each time it made the log start again. */
  logs(): number {
    const names = this.generations().flatMap((name) => {
      const folder = join(this.#replica, 'generations', name, 'wal')
      return existsSync(folder) ? readdirSync(folder) : []
    })
    return new Set(names.map((name) => name.slice(0, 8))).size
  }

  /** Restores the newest state to another file. */
  async restore(output: string): Promise<void> {
    const child = spawn(BINARY, ['restore', '-config', this.#config, '-o', output, this.#path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const code = await new Promise((resolve) => child.once('close', resolve))
    if (code !== 0) throw new Error(`litestream restore ended with ${code}: ${said}`)
  }
}

/** A real gallery in a process of its own, on a fresh database, at a port of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** A folder that is removed at the end, with all galleries that ran on it. */
export interface Place extends AsyncDisposable {
  readonly folder: string
  readonly database: string
  start(options?: StartOptions): Promise<Gallery>
  files(): Promise<string[]>
  /** Asks the file itself, past the package under test. */
  query(sql: string, ...parameters: unknown[]): Record<string, unknown>[]
}

export interface StartOptions {
  readonly works?: number
  readonly port?: number
  /** The folder it is started from. Default: this process's own. */
  readonly from?: string
  /** The database as it is told. Default: the absolute path of the place's own. */
  readonly database?: string
  /** A line of its output to wait for. Default: that it is open. */
  readonly until?: RegExp
}

export interface Gallery {
  readonly url: string
  /** Everything it has printed so far. */
  output(): string
  /** Resolves once it has printed this. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends the signal and resolves with how the process ended. */
  stop(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** How the program ends that never opens a gallery. */
export function refusal(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN], { env: { ...process.env, ...env } }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, said: stdout + stderr }),
    )
  })
}

export async function createPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'dreambeesart-'))
  const database = join(folder, 'gallery.db')
  const running = new Set<ChildProcess>()

  return {
    folder,
    database,
    start: (options) => start(database, running, options),
    files: async () => (await readdir(folder)).sort(),
    query(sql, ...parameters) {
      const file = new Database(database)
      try {
        const statement = file.prepare<unknown[], Record<string, unknown>>(sql)
        if (statement.reader) return statement.all(...parameters)
        statement.run(...parameters)
        return []
      } finally {
        file.close()
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map((child) => ended(child, () => child.kill('SIGKILL'))))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function start(own: string, running: Set<ChildProcess>, options: StartOptions = {}): Promise<Gallery> {
  const { works = 60, port = 0, until = /open at (http:\S+)/, from = process.cwd(), database = own } = options
  const child = spawn(process.execPath, [MAIN], {
    cwd: from,
    env: { ...process.env, DREAMBEESART_DATABASE: database, DREAMBEESART_WORKS: String(works), PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))

  let output = ''
  const readers = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      for (const read of readers) read()
    })
  }
  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const read = (): void => {
        const found = pattern.exec(output)
        if (found === null) return
        readers.delete(read)
        resolve(found)
      }
      readers.add(read)
      child.once('close', (code) =>
        reject(new Error(`the gallery ended with ${code} and never printed ${pattern}:\n${output}`)),
      )
      read()
    })

  const [, url = ''] = await printed(until)
  return { url, output: () => output, printed, stop: (signal) => ended(child, () => child.kill(signal)) }
}

function ended(
  child: ChildProcess,
  act: () => void,
): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve({ code: child.exitCode, signal: child.signalCode })
      return
    }
    // `close` comes after the last of its output.
    child.once('close', (code, signal) => resolve({ code, signal }))
    act()
  })
}

/**
 * Another process that has a database open, made with plain better-sqlite3. It writes, says so, and then either waits
 * (a live file) or is killed (what a crash leaves behind).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

const PROGRAM = `
import Database from ${JSON.stringify(import.meta.resolve('better-sqlite3'))}
const [path, mode, ...statements] = process.argv.slice(1)
const database = new Database(path)
database.pragma('journal_mode = ' + mode)
database.pragma('cache_size = 2')
database.pragma('wal_autocheckpoint = 0')
for (const statement of statements) database.exec(statement)
process.stdout.write('ready')
process.stdin.resume().on('end', () => process.exit())
`

export interface DatabaseHolder extends AsyncDisposable {
  readonly pid: number
  /** Ends it as a crash does: nothing is closed. */
  kill(): Promise<void>
}

/** Resolves when the statements have been run. */
export async function holdDatabase(
  path: string,
  mode: 'WAL' | 'DELETE',
  ...statements: readonly string[]
): Promise<DatabaseHolder> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, path, mode, ...statements], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return { pid: child.pid ?? 0, kill: () => kill(child), [Symbol.asyncDispose]: () => kill(child) }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

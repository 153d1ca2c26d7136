/** A new database file, as any program may have left it: rollback journal, no settings of its own. Removed at the end. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export const TABLES = `
  CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
  CREATE TABLE counters (id INTEGER PRIMARY KEY, value INTEGER NOT NULL);
  INSERT INTO counters VALUES (1, 0);`

export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-compare-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** @param sql What is in it instead of `items` and a counter. */
export function freshFile(sql: string = TABLES): string {
  const file = join(freshFolder(), 'data.db')
  create(file, sql)
  return file
}

export function create(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

/**
 * What a query finds in the file, asked by another process, so that it sees what is committed and touches no lock of this one.
 * @throws Error when the file cannot be read.
 */
export function committed<Row>(file: string, sql: string): readonly Row[] {
  return JSON.parse(elsewhere(file, `console.log(JSON.stringify(database.prepare(${JSON.stringify(sql)}).all()))`))
}

/** Names in `items`, in order. */
export function committedNames(file: string): readonly string[] {
  return committed<{ readonly name: string }>(file, 'SELECT name FROM items ORDER BY id').map(({ name }) => name)
}

/** Whether another process, which waits for up to a second, can write to the file now. */
export function othersCanWrite(file: string): boolean {
  try {
    elsewhere(file, `database.exec('BEGIN IMMEDIATE; COMMIT')`)
    return true
  } catch {
    // It is told that the file is locked.
    return false
  }
}

function elsewhere(file: string, act: string): string {
  const program = `
    const { DatabaseSync } = require('node:sqlite')
    const database = new DatabaseSync(${JSON.stringify(file)}, { timeout: 1000 })
    ${act}`
  return execFileSync(process.execPath, ['-e', program], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '', LD_PRELOAD: '' },
  })
}

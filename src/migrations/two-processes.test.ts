/**
 * Two processes migrate one file at the same time:
 *
 *     this test              process 1                 process 2
 *     BEGIN IMMEDIATE
 *                            opens, says "ready"       opens, says "ready"
 *                            migrate() waits           migrate() waits
 *     COMMIT
 *                            the two take turns, each file applied by one of them
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'

const MIGRATIONS = 40

const PROGRAM = `
import { openEngine } from ${JSON.stringify(new URL('../engine/engine.ts', import.meta.url).href)}
import { DEFAULT_SETTINGS, engineOptions } from ${JSON.stringify(new URL('../../test/support/engine-options.ts', import.meta.url).href)}
import { migrate } from ${JSON.stringify(new URL('./migrate.ts', import.meta.url).href)}
const [path, folder] = process.argv.slice(2)
const settings = { ...DEFAULT_SETTINGS, synchronous: 'NORMAL', busyTimeout: 60000 }
const engine = await openEngine(engineOptions(path, { settings }))
process.stderr.write('ready')
const result = await migrate(engine, folder)
await engine.close()
console.log(JSON.stringify(result))
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noormme-migrations-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function start(path: string): ChildProcess {
  const program = join(folder, 'program.mjs')
  writeFileSync(program, PROGRAM)
  const args = ['--disable-warning=ExperimentalWarning', program, path, folder]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
}

it('applies each migration in one of two processes, never in both', async () => {
  const path = join(folder, 'app.db')
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.exec('CREATE TABLE log (migration INTEGER)')
  for (let number = 1; number <= MIGRATIONS; number++) {
    writeFileSync(
      join(folder, `${number}_step.sql`),
      `CREATE TABLE t${number} (id INTEGER); INSERT INTO log VALUES (${number});`,
    )
  }

  database.exec('BEGIN IMMEDIATE')
  const children = [start(path), start(path)]
  const outputs = children.map(({ stdout }) => (stdout === null ? Promise.resolve('') : text(stdout)))
  await Promise.all(
    children.map(async ({ stderr }) => expect(String((await once(stderr ?? process.stderr, 'data'))[0])).toBe('ready')),
  )
  database.exec('COMMIT')
  const results = (await Promise.all(outputs)).map((output) => JSON.parse(output))

  const applied = results.map((result) => result.applied.map(({ name }: { name: string }) => name))
  expect(applied.flat().toSorted()).toEqual(
    Array.from({ length: MIGRATIONS }, (_, index) => `${index + 1}_step.sql`).toSorted(),
  )
  expect(results.map(({ skipped }, index) => skipped + applied[index].length)).toEqual([MIGRATIONS, MIGRATIONS])
  expect(database.prepare('SELECT migration FROM log ORDER BY rowid').pluck().all()).toEqual(
    Array.from({ length: MIGRATIONS }, (_, index) => index + 1),
  )
  expect(database.prepare('SELECT count(*) FROM noormme_migrations').pluck().get()).toBe(MIGRATIONS)
  database.close()
})

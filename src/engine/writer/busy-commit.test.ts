/** COMMIT without WAL, while a reader of another process holds the file: the only way in which it can meet a lock. */
import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS, openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import { type Program, runProgram } from '../../../test/support/run-program.ts'
import type { Engine } from '../types.ts'

const SQLITE = JSON.stringify(import.meta.resolve('better-sqlite3'))

/** Another process in the middle of a read, until a line is written to it. */
async function startReader(folder: string, path: string): Promise<Program> {
  const reader = runProgram(
    folder,
    `import Database from ${SQLITE}
    const database = new Database(process.argv[2])
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM t').get()
    process.stdout.write('reading\\n')
    process.stdin.once('data', () => {
      // Named here, so that it is not collected, and with it closed, before.
      database.close()
      process.exit()
    })`,
    [path],
  )
  expect(await reader.line()).toBe('reading')
  return reader
}

/** Another process that says when no reader is let in any more, because a COMMIT is waiting. */
function startObserver(folder: string, path: string): Program {
  return runProgram(
    folder,
    `import Database from ${SQLITE}
    const database = new Database(process.argv[2], { timeout: 0 })
    process.stdout.write('looking\\n')
    for (;;) {
      try {
        database.prepare('SELECT count(*) FROM t').get()
      } catch {
        process.stdout.write('waiting\\n')
        process.exit()
      }
    }`,
    [path],
  )
}

const insertAll = (engine: Engine, from: number) =>
  Promise.allSettled(
    Array.from({ length: 256 }, (_, n) => engine.execute({ sql: 'INSERT INTO t VALUES (?)', parameters: [from + n] })),
  )

test('a COMMIT that meets a reader goes through when the reader ends', async () => {
  const settings = { ...DEFAULT_SETTINGS, busyTimeout: 60_000 }
  const { engine, folder, path } = await openTestEngine('delete', { settings: { ...settings, enableWALMode: false } })
  await engine.execute({ sql: 'CREATE TABLE t (v)' })
  const reader = await startReader(folder, path)
  const observer = startObserver(folder, path)
  expect(await observer.line()).toBe('looking')

  const writes = insertAll(engine, 0)
  expect(await observer.line()).toBe('waiting')
  reader.child.stdin?.write('\n')
  await reader.ended

  expect(new Set((await writes).map(({ status }) => status))).toEqual(new Set(['fulfilled']))
  expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 256 }])
})

test('a COMMIT that meets a reader for too long is rolled back, and writing goes on when the reader has ended', async () => {
  const settings = { ...DEFAULT_SETTINGS, busyTimeout: 50, enableWALMode: false }
  const { engine, folder, path } = await openTestEngine('delete', { settings })
  await engine.execute({ sql: 'CREATE TABLE t (v)' })
  const reader = await startReader(folder, path)

  const outcomes = await insertAll(engine, 0)
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'NOORMME_BUSY' } })
  reader.child.stdin?.write('\n')
  await reader.ended

  expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 0 }])
  await insertAll(engine, 0)
  expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 256 }])
})

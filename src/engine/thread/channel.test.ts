/** Threads that die, linger or cannot be had: what was asked of them settles, and the engine goes on. */
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'

/** A setup module whose SQL function `die()` ends the thread it is called in. */
function dyingSetup(): string {
  const path = join(tempFolder(), 'setup.mjs')
  writeFileSync(path, "export default (c) => c.function('die', {}, () => process.exit(1))")
  return path
}

const withSetup = (setup: string) => ({ extensions: { libraries: [], setup }, inlineReadBudgetMs: 0 })

describe('a thread', () => {
  test('that dies with a write in hand leaves its outcome open, and the next write goes to another', async () => {
    const { engine } = await openTestEngine('wal', withSetup(dyingSetup()))
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    await expect(engine.execute({ sql: 'INSERT INTO t VALUES (die())' })).rejects.toMatchObject({
      code: 'NOORMME_INDETERMINATE',
    })
    await engine.execute({ sql: 'INSERT INTO t VALUES (1)' })
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 1 }])
  })

  test('that dies with a read in hand rejects that read, and the next read goes to another', async () => {
    const { engine } = await openTestEngine('wal', withSetup(dyingSetup()))
    await expect(rowsOf(engine, 'SELECT die()')).rejects.toMatchObject({ code: 'NOORMME_THREAD', retryable: true })
    expect(await rowsOf(engine, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('that dies inside a transaction ends the transaction at once', async () => {
    const { engine } = await openTestEngine('wal', withSetup(dyingSetup()))
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    const outcome = engine.transaction(async (tx) => {
      await tx.execute({ sql: 'INSERT INTO t VALUES (1)' })
      await tx.execute({ sql: 'SELECT die()' }).catch(() => {})
      await new Promise(() => {})
    })
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_THREAD' })
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 0 }])
    await engine.execute({ sql: 'INSERT INTO t VALUES (2)' })
  })

  test('of an in-memory database takes the data along: nobody is given an empty one in its place', async () => {
    const { engine } = await openTestEngine('memory', withSetup(dyingSetup()))
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    await expect(rowsOf(engine, 'SELECT die()')).rejects.toMatchObject({ code: 'NOORMME_THREAD' })
    await expect(rowsOf(engine, 'SELECT * FROM t')).rejects.toMatchObject({ code: 'NOORMME_THREAD' })
    await expect(engine.execute({ sql: 'CREATE TABLE t (v)' })).rejects.toMatchObject({ code: 'NOORMME_THREAD' })
  })

  test('that is started again makes no new file where the old one was moved away', async () => {
    const { engine, path } = await openTestEngine('delete', withSetup(dyingSetup()))
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    await engine.execute({ sql: 'INSERT INTO t VALUES (die())' }).catch(() => {})
    renameSync(path, `${path}.moved`)
    await expect(engine.execute({ sql: 'INSERT INTO t VALUES (1)' })).rejects.toMatchObject({
      code: 'NOORMME_FILE_GONE',
    })
    expect(existsSync(path)).toBe(false)
  })

  test('that died last leaves one file after close() all the same', async () => {
    const { engine, folder } = await openTestEngine('wal', withSetup(dyingSetup()))
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    await engine.execute({ sql: 'INSERT INTO t VALUES (die())' }).catch(() => {})
    await engine.close()
    expect(readdirSync(folder)).toEqual(['test.db'])
  })

  test('in which a setup module left a timer does not keep close() waiting', async () => {
    const setup = join(tempFolder(), 'setup.mjs')
    writeFileSync(
      setup,
      "import { isMainThread } from 'node:worker_threads'\nif (!isMainThread) setInterval(() => {}, 1000)\nexport default () => {}",
    )
    const { engine, folder } = await openTestEngine('wal', withSetup(setup))
    await rowsOf(engine, 'SELECT 1')
    await engine.close()
    expect(readdirSync(folder)).toEqual(['test.db'])
  })

  test('in which a setup module fails and left a timer does not keep opening waiting', async () => {
    const setup = join(tempFolder(), 'setup.mjs')
    writeFileSync(
      setup,
      "setInterval(() => {}, 1000).unref()\nsetInterval(() => {}, 1000)\nexport default () => { throw new Error('no') }",
    )
    await expect(openTestEngine('wal', withSetup(setup))).rejects.toMatchObject({ code: 'NOORMME_INITIALIZATION' })
  })

  test('that throws something that is no Error rejects like any other', async () => {
    const setup = join(tempFolder(), 'setup.mjs')
    writeFileSync(
      setup,
      "import { isMainThread } from 'node:worker_threads'\nexport default (c) => c.function('later', {}, () => { if (!isMainThread) setImmediate(() => { throw null }); return 1 })",
    )
    const { engine } = await openTestEngine('wal', withSetup(setup))
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    // Whether its answer still gets out is the system's business; the transaction waits for the end of the thread.
    const outcome = engine.transaction(async (tx) => {
      await tx.execute({ sql: 'INSERT INTO t VALUES (later())' })
      await new Promise(() => {})
    })
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_THREAD' })
    await engine.execute({ sql: 'INSERT INTO t VALUES (2)' })
    expect(await rowsOf(engine, 'SELECT v FROM t')).toEqual([{ v: 2 }])
  })
})

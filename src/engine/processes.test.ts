/** What other processes see of an engine, and it of them: real processes, real files. */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DEFAULT_SETTINGS, openTestEngine, rowsOf } from '../../test/support/open-engine.ts'
import { runProgram } from '../../test/support/run-program.ts'

const OPEN = `
import { openEngine } from 'noormme/engine/engine.ts'
import { engineOptions } from '${new URL('../../test/support/engine-options.ts', import.meta.url).href}'
const engine = await openEngine(engineOptions(process.argv[2], { transactionTimeoutMs: 60000 }))
const say = (text) => process.stdout.write(text + '\\n')
`

describe('between processes', () => {
  test('a write waits for another process and goes through when the lock is free', async () => {
    const { engine, folder, path } = await openTestEngine()
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    const other = runProgram(
      folder,
      `${OPEN}
      const release = Promise.withResolvers()
      process.stdin.once('data', () => release.resolve())
      await engine.transaction(async (tx) => {
        await tx.execute({ sql: 'INSERT INTO t VALUES (1)' })
        say('holding')
        await release.promise
      })
      await engine.close()
      process.exit()`,
      [path],
    )
    expect(await other.line()).toBe('holding')
    const write = engine.execute({ sql: 'INSERT INTO t VALUES (2)' })
    other.child.stdin?.write('\n')
    await write
    await other.ended
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 2 }])
  })

  test('a lock that stays held ends in one typed error that names the holder, and blocks no read meanwhile', async () => {
    const { engine, folder, path } = await openTestEngine('wal', {
      settings: { ...DEFAULT_SETTINGS, busyTimeout: 100 },
    })
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    const other = runProgram(
      folder,
      `${OPEN}
      await engine.transaction(async (tx) => {
        await tx.execute({ sql: 'INSERT INTO t VALUES (1)' })
        say('holding')
        await new Promise(() => {})
      })`,
      [path],
    )
    expect(await other.line()).toBe('holding')
    const settled = await Promise.allSettled([
      engine.execute({ sql: 'INSERT INTO t VALUES (2)' }),
      engine.execute({ sql: 'INSERT INTO t VALUES (3)' }),
      rowsOf(engine, 'SELECT count(*) AS n FROM t'),
      engine.transaction(async () => 'no statement'),
    ])
    expect(settled[0]).toMatchObject({
      reason: { code: 'NOORMME_BUSY', retryable: true, context: { connection: 'writer' } },
    })
    if (process.platform === 'linux')
      expect(settled[0]).toMatchObject({
        reason: { context: { holder: expect.stringContaining(String(other.child.pid)) } },
      })
    expect(settled[1]).toMatchObject({ status: 'rejected' })
    expect(settled[2]).toMatchObject({ value: [{ n: 0 }] })
    expect(settled[3]).toMatchObject({ reason: { code: 'NOORMME_BUSY' } })
    other.child.kill('SIGKILL')
    await other.ended
    await engine.execute({ sql: 'INSERT INTO t VALUES (4)' })
  })

  test('what waits for another process waits no longer than busyTimeout in all, and costs no thread', async () => {
    // Without the thread that copies the log after a second.
    const settings = { ...DEFAULT_SETTINGS, busyTimeout: 150, checkpoint: 'sqlite' as const }
    const { engine, folder, path } = await openTestEngine('wal', { settings })
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    const threads = (): number => readdirSync('/proc/self/task').length
    const other = runProgram(
      folder,
      `${OPEN}
      await engine.transaction(async (tx) => {
        await tx.execute({ sql: 'INSERT INTO t VALUES (1)' })
        say('holding')
        await new Promise(() => {})
      })`,
      [path],
    )
    await other.line()
    const before = process.platform === 'linux' ? threads() : 0
    const transactions = Array.from({ length: 5 }, () =>
      engine.transaction((tx) => tx.execute({ sql: 'DELETE FROM t' })),
    )
    const waited: number[] = []
    for (const outcome of await Promise.allSettled(transactions)) {
      expect(outcome).toMatchObject({ reason: { code: 'NOORMME_BUSY' } })
      if (outcome.status === 'rejected') waited.push(outcome.reason.context.waitedMs)
    }
    // The first waits its whole time; for those behind it that time has passed when their turn comes.
    expect(waited.slice(1).every((ms) => ms < 150)).toBe(true)
    if (process.platform === 'linux') expect(threads()).toBe(before)
  })

  test('an idle engine does not keep its process alive, and pending work does', async () => {
    const { folder, path } = await openTestEngine()
    const program = runProgram(
      folder,
      `${OPEN}
      await engine.execute({ sql: 'CREATE TABLE w (v)' })
      await engine.execute({ sql: 'SELECT count(*) FROM w' })
      void engine.execute({ sql: 'INSERT INTO w VALUES (1)' }).then(() => say('written'))`,
      [path],
    )
    expect(await program.line()).toBe('written')
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('three files while it is open, one and an ended process after close()', async () => {
    const { engine, folder } = await openTestEngine()
    const program = runProgram(
      folder,
      `${OPEN}
      await engine.execute({ sql: 'CREATE TABLE w (v)' })
      say('open')
      await engine.close()
      say('closed')`,
      [`${folder}/other.db`],
    )
    await program.line()
    await program.line()
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(folder).filter((name) => name.startsWith('other.db'))).toEqual(['other.db'])
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    expect(
      readdirSync(folder)
        .filter((name) => name.startsWith('test.db'))
        .sort(),
    ).toEqual(['test.db', 'test.db-shm', 'test.db-wal'])
    await engine.close()
    expect(readdirSync(folder).filter((name) => name.startsWith('test.db'))).toEqual(['test.db'])
  })

  test('no acknowledged write is lost when the process is killed', async () => {
    const { engine, folder, path } = await openTestEngine()
    await engine.execute({ sql: 'CREATE TABLE t (v INTEGER PRIMARY KEY)' })
    for (let round = 0; round < 5; round++) {
      const program = runProgram(
        folder,
        `${OPEN}
        for (let v = ${round} * 1000000; ; v++) {
          await engine.execute({ sql: 'INSERT INTO t VALUES (?)', parameters: [v] })
          say(String(v))
        }`,
        [path],
      )
      let last = ''
      for (let lines = 0; lines < 50 + round * 37; lines++) last = await program.line()
      program.child.kill('SIGKILL')
      await program.ended
      const acknowledged = Number(last) - round * 1_000_000 + 1
      const [row] = (await rowsOf(
        engine,
        'SELECT count(*) AS n FROM t WHERE v >= ? AND v <= ?',
        round * 1_000_000,
        Number(last),
      )) as { n: number }[]
      expect(row?.n).toBe(acknowledged)
    }
    expect(await rowsOf(engine, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })
})

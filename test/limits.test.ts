/** Limits and maintenance through the public door. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { runProgram } from './support/run-program.ts'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

const aborted = { signal: AbortSignal.abort(new Error('the visitor left')) }
const REFUSED = { code: 'NOORMME_ABORTED', cause: { message: 'the visitor left' } }
const ENDLESS =
  'WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 5000000) SELECT count(*) FROM n'

const open = async (config = {}) => {
  const { db, path } = tempDatabase(config)
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title)')
  await db.refreshSchema()
  return { db, path, works: db.getRepository<{ id: number; title: string }>('works') }
}

describe('signal and timeout', () => {
  test('are taken by every method that says so', async () => {
    const { db, works } = await open()
    const statement = { sql: "INSERT INTO works (title) VALUES ('moon')" }
    const calls = [
      db.execute(statement.sql, [], aborted),
      db.batch([statement], aborted),
      db.transaction(async (tx) => tx.batch([statement]), aborted),
      db.transaction(async (tx) => tx.batch([statement], aborted)),
      db.transaction(async (tx) => tx.execute(statement.sql, [], aborted)),
      db.transaction(async (tx) => tx.transaction((inner) => inner.execute(statement.sql), aborted)),
      db.snapshot(async (snapshot) => snapshot.execute('SELECT 1'), aborted),
      db.snapshot(async (snapshot) => snapshot.execute('SELECT 1', [], aborted)),
      works.findAll({ where: { title: 'moon' }, ...aborted }),
      works.findOne({ where: { id: 1 }, ...aborted }),
      works.findOne({ where: { title: 'moon' }, ...aborted }),
      works.paginate({ page: 2, ...aborted }),
      db.integrityCheck(aborted),
    ]
    for (const [index, outcome] of (await Promise.allSettled(calls)).entries()) {
      expect(outcome, `call ${index}`).toMatchObject({ status: 'rejected', reason: REFUSED })
    }
    expect(await works.count()).toBe(0)
  })

  test('leave a finder as it is when they are not reached, and are checked', async () => {
    const { works } = await open()
    await works.create({ title: 'moon' })
    const { signal } = new AbortController()
    expect(await works.findAll({ signal, timeout: 60_000 })).toHaveLength(1)
    expect(await works.findOne({ where: { id: 1 }, signal, timeout: undefined })).toMatchObject({ title: 'moon' })
    expect((await works.paginate({ page: 5, signal })).pagination.total).toBe(1)
    await expect(works.findAll({ timeout: -1 })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(works.findAll({ signals: signal } as object)).rejects.toThrow(/Did you mean "signal"/)
  })

  test('performance.statementTimeout ends a read that runs longer, and a timeout of its own takes its place', async () => {
    const { db } = tempDatabase({ performance: { statementTimeout: 1 } })
    await expect(db.execute(ENDLESS)).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT', context: { limitMs: 1 } })
    expect((await db.execute(ENDLESS, [], { timeout: 600_000 })).rows).toHaveLength(1)
  })

  test('a signal of Kysely’s ends queries and streams with its reason, and nothing is printed', async () => {
    const { db, works } = await open()
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => printed.mockRestore())
    const kysely = db.getKysely()
    for (let v = 0; v < 3; v++) await works.create({ title: 'moon' })

    const stop = new AbortController()
    const held = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const holder = db.transaction(() => {
      begun.resolve()
      return held.promise
    })
    await begun.promise
    const write = kysely.insertInto('works').values({ title: 'never' }).execute({ signal: stop.signal })
    const settled = Promise.allSettled([write])
    await expect.poll(async () => (await db.getConnectionStats()).queuedWrites).toBe(1)
    stop.abort(new Error('gone'))
    expect(await settled).toMatchObject([{ status: 'rejected', reason: { message: 'gone' } }])
    held.resolve()
    await holder
    expect(await works.count()).toBe(3)

    const leave = new AbortController()
    const read = async () => {
      for await (const _ of kysely.selectFrom('works').selectAll().stream({ chunkSize: 1, signal: leave.signal })) {
        leave.abort(new Error('left'))
      }
    }
    await expect(read()).rejects.toThrow('left')
    await db.close()
    expect(printed.mock.calls).toEqual([])
  })

  test('a read that was given up does not keep the process from ending, once its statement has', async () => {
    const folder = tempFolder()
    const program = runProgram(
      folder,
      `import { NOORMME } from 'noormme/index.ts'
       const db = new NOORMME(process.argv[2])
       await db.initialize()
       await db.execute(${JSON.stringify(ENDLESS)}, [], { timeout: 20 }).catch((error) => console.log(error.code))`,
      [join(folder, 'app.db')],
    )
    expect(await program.line()).toBe('NOORMME_TIMEOUT')
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('optimize() and integrityCheck()', () => {
  const indexed = async (config = {}) => {
    const opened = await open(config)
    await opened.db.execute('CREATE INDEX by_title ON works (title)')
    await opened.works.createMany(Array.from({ length: 500 }, (_, n) => ({ title: `work ${n}` })))
    return opened
  }

  test('say what they did and found', async () => {
    const { db } = await indexed({ automation: { enableAutoOptimization: false } })
    expect((await db.optimize()).statements).toEqual(['ANALYZE "main"."works"'])
    expect((await db.optimize()).statements).toEqual([])
    expect(await db.integrityCheck()).toEqual({ ok: true, problems: [] })
    expect(await db.integrityCheck({ quick: true })).toEqual({ ok: true, problems: [] })
  })

  test('are refused inside a transaction or snapshot, where they would wait for it', async () => {
    const { db } = await open()
    const refused = { code: 'NOORMME_TRANSACTION' }
    const ask = async () => {
      await expect(db.optimize()).rejects.toMatchObject(refused)
      await expect(db.integrityCheck()).rejects.toMatchObject(refused)
    }
    await db.transaction(ask)
    await db.snapshot(ask)
  })

  test.each([true, false])('migrations leave statistics behind them, unless automation is off (%s)', async (on) => {
    const { db } = tempDatabase({ automation: { enableAutoOptimization: on } })
    const folder = tempFolder()
    const sql = 'CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), (3, 4); CREATE INDEX by_a ON t (a);'
    writeFileSync(join(folder, '20260101120000_t.sql'), sql)
    await db.migrate(folder)
    const { rows } = await db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")
    expect(rows).toHaveLength(on ? 1 : 0)
  })
})

/** Reads that are stopped: gone within their thread, which goes on with the next. */
import { describe, expect, test } from 'vitest'
import { gate, openGatedEngine } from '../../../test/support/gated-engine.ts'
import { ENDLESS, endlessBehind, hasNative } from '../../../test/support/native.ts'
import { rowsOf } from '../../../test/support/open-engine.ts'
import type { Engine } from '../types.ts'

const readers = (engine: Engine): string[] =>
  engine
    .stats()
    .connections.filter(({ label }) => label.startsWith('reader'))
    .map(({ label, state }) => `${label} ${state}`)

const open = async (overrides = {}) => {
  const gated = await openGatedEngine('wal', { native: true, readers: 2, ...overrides })
  await gated.engine.execute({ sql: 'CREATE TABLE t (v)' })
  await gated.engine.batch([1, 2, 3].map((v) => ({ sql: 'INSERT INTO t VALUES (?)', parameters: [v] })))
  return gated
}

/** The next read is answered by the thread that was stopped, and nothing pins the log. */
async function expectFree(engine: Engine): Promise<void> {
  expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }])
  expect(readers(engine)).toEqual(['reader-1 idle'])
  expect(await engine.checkpoint('TRUNCATE')).toMatchObject({ result: 'complete', pinnedBy: [] })
}

describe.skipIf(!hasNative)('a read that would never end', () => {
  const ALL = `SELECT v, (${ENDLESS}) FROM t`

  test('is gone when its signal aborts; left running, its thread would be lost and the log kept', async () => {
    const { engine, reached, open: openGate } = await open()
    const controller = new AbortController()
    const read = engine.execute({ sql: `${endlessBehind('a')} FROM t` }, { signal: controller.signal })
    const settled = read.catch((error: unknown) => error)
    await reached('a')
    openGate('a')
    controller.abort(new Error('enough'))
    expect(await settled).toMatchObject({ code: 'NOORMME_ABORTED', cause: { message: 'enough' } })
    await expectFree(engine)
  })

  test('is gone when the time of its call is over, and when it outruns statementTimeout', async () => {
    const { engine } = await open({ statementTimeoutMs: 100 })
    await expect(engine.execute({ sql: ALL }, { timeout: 50 })).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    await expectFree(engine)
    await expect(engine.execute({ sql: ALL })).rejects.toMatchObject({
      code: 'NOORMME_TIMEOUT',
      hint: /statementTimeout/,
      context: { sql: ALL },
    })
    await expectFree(engine)
  })

  test('is gone with its call while its thread is still being started', async () => {
    const { engine } = await open()
    const controller = new AbortController()
    const read = engine.execute({ sql: ALL }, { signal: controller.signal })
    expect(readers(engine)).toEqual(['reader-1 busy'])
    controller.abort()
    await expect(read).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    await expectFree(engine)
  })

  test('in a stream is gone as well, for all that its first rows have been handed out', async () => {
    const { engine, reached, open: openGate } = await open()
    const controller = new AbortController()
    const sql = `SELECT v, CASE v WHEN 2 THEN gate('a') + (${ENDLESS}) END FROM t`
    const stream = engine.stream({ sql }, { blockRows: 1, signal: controller.signal })[Symbol.asyncIterator]()
    expect((await stream.next()).value).toMatchObject([{ v: 1 }])
    const next = stream.next()
    const settled = next.catch((error: unknown) => error)
    await reached('a')
    openGate('a')
    controller.abort()
    expect(await settled).toMatchObject({ code: 'NOORMME_ABORTED' })
    await expect.poll(() => readers(engine)).toEqual(['reader-1 idle'])
    await expectFree(engine)
  })

  test('in a stream is gone when a block of it outruns statementTimeout', async () => {
    const { engine } = await open({ statementTimeoutMs: 100 })
    const stream = engine.stream({ sql: `SELECT v + (${ENDLESS}) FROM t` })[Symbol.asyncIterator]()
    await expect(stream.next()).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    await expect.poll(() => readers(engine)).toEqual(['reader-1 idle'])
    await expectFree(engine)
  })

  test('does not keep the database from being closed', async () => {
    const { engine } = await open()
    const all = [
      engine.execute({ sql: ALL }),
      engine.snapshot((snapshot) => snapshot.execute({ sql: ALL })),
      engine.execute({ sql: `INSERT INTO t ${ENDLESS}` }),
    ]
    const settled = Promise.allSettled(all)
    await expect.poll(() => readers(engine)).toEqual(['reader-1 busy', 'reader-2 snapshot'])

    await engine.close()

    for (const one of await settled) expect(one).toMatchObject({ reason: { code: 'NOORMME_CLOSED' } })
  })
})

test.skipIf(!hasNative)(
  'a signal that aborts when its read has ended does not touch the next on its thread',
  async () => {
    const { engine, reached, open: openGate } = await open({ readers: 1 })
    const controller = new AbortController()
    openGate('a')
    await engine.execute(gate('a'), { signal: controller.signal })
    const next = engine.execute(gate('b'))
    await reached('b')
    controller.abort()
    openGate('b')
    expect((await next).rows).toEqual([{ passed: 1 }])
  },
)

test.skipIf(!hasNative)(
  'what does not listen to an interrupt is set aside, and stopped as soon as it listens',
  async () => {
    const { engine, reached, open: openGate } = await open()
    const controller = new AbortController()
    const read = engine.execute({ sql: endlessBehind('a') }, { signal: controller.signal })
    const settled = read.catch((error: unknown) => error)
    await reached('a')
    controller.abort()
    expect(await settled).toMatchObject({ code: 'NOORMME_ABORTED' })

    await expect.poll(() => readers(engine), { timeout: 20_000 }).toEqual(['reader-1 abandoned'])
    expect(await rowsOf(engine, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    openGate('a')
    await expect.poll(() => readers(engine), { timeout: 20_000 }).toEqual(['reader-2 idle'])
  },
)

test.skipIf(!hasNative)('many that are stopped at once need no more threads than there may be', async () => {
  const { engine } = await open()
  for (let round = 0; round < 3; round++) {
    const controller = new AbortController()
    const reads = Array.from({ length: 10 }, () => engine.execute({ sql: ENDLESS }, { signal: controller.signal }))
    const settled = Promise.allSettled(reads)
    const next = rowsOf(engine, 'SELECT count(*) AS n FROM t')
    controller.abort()
    for (const one of await settled) expect(one).toMatchObject({ reason: { code: 'NOORMME_ABORTED' } })
    expect(await next).toEqual([{ n: 3 }])
  }
  expect(readers(engine).every((reader) => /^reader-[12] /.test(reader))).toBe(true)
})

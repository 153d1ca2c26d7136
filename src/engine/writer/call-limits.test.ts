/**
 * Writes that are given up: those that wait are never run, those that were sent settle with what really came of them. How
 * they are stopped is in `interrupts.test.ts`; here they cannot be.
 */
import { describe, expect, test } from 'vitest'
import { openGatedEngine } from '../../../test/support/gated-engine.ts'
import { holdLock } from '../../../test/support/lock-holder-process.ts'
import { rowsOf } from '../../../test/support/open-engine.ts'
import type { Engine, Statement } from '../types.ts'

const insert = (v: number): Statement => ({ sql: 'INSERT INTO t VALUES (?)', parameters: [v] })
const gatedInsert = (name: string): Statement => ({ sql: `INSERT INTO t SELECT gate('${name}')` })
const values = async (engine: Engine): Promise<unknown[]> =>
  ((await rowsOf(engine, 'SELECT v FROM t ORDER BY v')) as { v: number }[]).map(({ v }) => v)
const codes = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.code))

describe.each(['wal', 'delete', 'memory'] as const)('on %s', (kind) => {
  const open = async (overrides = {}) => {
    const gated = await openGatedEngine(kind, { native: false, ...overrides })
    await gated.engine.execute({ sql: 'CREATE TABLE t (v)' })
    return gated
  }

  test('what waits leaves the queue at once and is never run; its neighbours are', async () => {
    const { engine, reached, open: openGate } = await open()
    const first = engine.execute(gatedInsert('a'))
    await reached('a')
    const controller = new AbortController()
    const { signal } = controller
    const bigText = 'x'.repeat(100_000)
    const leaving = [
      engine.execute(insert(11), { signal }),
      engine.batch([insert(12), insert(13)], { signal }),
      engine.execute({ sql: 'INSERT INTO t VALUES (?)', parameters: [bigText] }, { signal }),
      engine.transaction((tx) => tx.execute(insert(14)), { signal }),
      engine.execute({ sql: 'VACUUM' }, { signal }),
    ]
    const timed = [engine.execute(insert(15), { timeout: 10 }), engine.transaction(async () => 1, { timeout: 10 })]
    const staying = [engine.execute(insert(2)), engine.batch([insert(3)])]
    const settled = Promise.allSettled([...leaving, ...timed])
    expect(engine.stats()).toMatchObject({ queuedWrites: 9 })
    expect(engine.stats().queuedBytes).toBeGreaterThan(200_000)

    controller.abort()

    expect(codes(await settled)).toEqual([
      ...leaving.map(() => 'NOORMME_ABORTED'),
      ...timed.map(() => 'NOORMME_TIMEOUT'),
    ])
    expect(engine.stats()).toMatchObject({ queuedWrites: 2 })
    openGate('a')
    await Promise.all([first, ...staying])
    expect(engine.stats()).toMatchObject({ queuedWrites: 0, queuedBytes: 0 })
    expect(await values(engine)).toEqual([1, 2, 3])
  })

  test('what was sent settles with its true outcome: with its signal obeyed there it would say that nothing was written', async () => {
    const { engine, reached, open: openGate } = await open()
    const controller = new AbortController()
    const { signal } = controller
    const sent = [
      engine.execute(gatedInsert('a'), { signal }),
      engine.batch([insert(2)], { signal }),
      engine.execute({ sql: 'INSERT INTO nowhere VALUES (1)' }, { signal, timeout: 20 }),
    ]
    const settled = Promise.allSettled(sent)
    await reached('a')
    controller.abort()
    openGate('a')
    const outcomes = codes(await settled)
    // A group may end before its last member: what comes back unrun is refused.
    const second = outcomes[1] === 'done' ? [2] : []
    expect(outcomes[0]).toBe('done')
    expect(await values(engine)).toEqual([1, ...second])
  })

  test('a place in a full queue is free again for the next', async () => {
    const { engine, reached, open: openGate } = await open({ maxQueuedWrites: 2 })
    const first = engine.execute(gatedInsert('a'))
    await reached('a')
    const controller = new AbortController()
    const leaving = [4, 5].map((v) => engine.execute(insert(v), { signal: controller.signal }))
    const settled = Promise.allSettled(leaving)
    await expect(engine.execute(insert(6))).rejects.toMatchObject({ code: 'NOORMME_QUEUE_FULL' })
    controller.abort()
    const next = engine.execute(insert(7))
    openGate('a')
    await Promise.all([first, next])
    expect(codes(await settled)).toEqual(['NOORMME_ABORTED', 'NOORMME_ABORTED'])
    expect(await values(engine)).toEqual([1, 7])
  })

  test('of 5,000 that wait with one signal none is run, and no trace of them is left', async () => {
    const { engine, reached, open: openGate } = await open()
    const first = engine.execute(gatedInsert('a'))
    await reached('a')
    const controller = new AbortController()
    const leaving = Array.from({ length: 5000 }, (_, v) => engine.execute(insert(v), { signal: controller.signal }))
    const settled = Promise.allSettled(leaving)
    controller.abort()
    openGate('a')
    await first
    expect(new Set(codes(await settled))).toEqual(new Set(['NOORMME_ABORTED']))
    expect(engine.stats()).toMatchObject({ queuedWrites: 0, queuedBytes: 0 })
    expect(await values(engine)).toEqual([1])
  })
})

describe('while another process holds the lock', () => {
  const open = async () => {
    const gated = await openGatedEngine('wal', { transactionTimeoutMs: 20_000 })
    await gated.engine.execute({ sql: 'CREATE TABLE t (v)' })
    return gated
  }

  test('a write waits no longer than its own time, and says so; later ones wait on', async () => {
    const { engine, path } = await open()
    const lock = await holdLock(path)
    const impatient = engine.execute(insert(1), { timeout: 50 })
    const patient = engine.execute(insert(2))
    await expect(impatient).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT', context: { limitMs: 50 } })
    await lock.release()
    await patient
    expect(await values(engine)).toEqual([2])
  })

  test('a transaction that waits for it rejects at once, and gives the writer on when it gets it', async () => {
    const { engine, path } = await open()
    const lock = await holdLock(path)
    const controller = new AbortController()
    const aborted = engine.transaction((tx) => tx.execute(insert(1)), { signal: controller.signal })
    await expect.poll(() => engine.stats().connections[0]?.state).toBe('transaction')
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    const next = engine.execute(insert(2))
    await lock.release()
    await next
    expect(await values(engine)).toEqual([2])
  })
})

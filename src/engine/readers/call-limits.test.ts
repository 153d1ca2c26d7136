/**
 * Reads that are given up: their callers go on at once. Where a statement cannot be stopped, its thread finishes aside; how
 * it is stopped is in `interrupts.test.ts`.
 */
import { describe, expect, test } from 'vitest'
import { gate, openGatedEngine } from '../../../test/support/gated-engine.ts'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import type { ConnectionStatus, Engine } from '../types.ts'

const ENDLESS =
  'WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 20000000) SELECT count(*) FROM n'

/** What cannot be stopped. */
const SOFT = { native: false }

const readers = (engine: Engine): ConnectionStatus[] =>
  engine.stats().connections.filter(({ label }) => label.startsWith('reader'))
const states = (engine: Engine): string[] => readers(engine).map(({ label, state }) => `${label} ${state}`)

/** Occupies `count` readers with statements that stand at gates of their own. */
async function occupy({ engine, reached }: Awaited<ReturnType<typeof openGatedEngine>>, count: number) {
  const controller = new AbortController()
  const reads = Array.from({ length: count }, (_, n) =>
    engine.execute(gate(`busy-${n}`), { signal: controller.signal }),
  )
  const settled = Promise.allSettled(reads)
  for (let n = 0; n < count; n++) await reached(`busy-${n}`)
  return { abort: () => controller.abort(), settled }
}

describe('a read that is running', () => {
  test('rejects as soon as its signal aborts, and its thread finishes aside while another reads', async () => {
    const gated = await openGatedEngine('wal', { readers: 2, ...SOFT })
    const { engine, reached, open } = gated
    const controller = new AbortController()
    const read = engine.execute(gate('a'), { signal: controller.signal })
    await reached('a')

    controller.abort(new Error('enough'))

    await expect(read).rejects.toMatchObject({ code: 'NOORMME_ABORTED', cause: { message: 'enough' } })
    await expect(read).rejects.toThrow(/gate\('a'\)/)
    expect(readers(engine)).toMatchObject([{ label: 'reader-1', state: 'abandoned', sql: gate('a').sql }])
    expect(await rowsOf(engine, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(states(engine)).toEqual(['reader-1 abandoned', 'reader-2 idle'])

    open('a')
    await expect.poll(() => states(engine), { timeout: 20_000 }).toEqual(['reader-2 idle'])
  })

  test('rejects when the time of its call is over', async () => {
    const { engine, reached } = await openGatedEngine()
    const read = engine.execute(gate('a'), { timeout: 20 })
    await expect(read).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT', context: { limitMs: 20 } })
    await reached('a')
    expect(await rowsOf(engine, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('rejects when it outruns statementTimeout, naming statement and setting', async () => {
    const { engine } = await openGatedEngine('wal', { statementTimeoutMs: 20 })
    const read = engine.execute(gate('a'))
    await expect(read).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT', hint: /performance\.statementTimeout/ })
    await expect(read).rejects.toThrow(/gate\('a'\)/)
  })

  test('has its own time limit in place of statementTimeout, and 0 is none', async () => {
    const own = await openGatedEngine('wal', { statementTimeoutMs: 1 })
    const patient = own.engine.execute(gate('a'), { timeout: 600_000 })
    await own.reached('a')
    await expect(own.engine.execute(gate('b'))).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    own.open('a')
    expect((await patient).rows).toEqual([{ passed: 1 }])

    const none = await openGatedEngine('wal', { statementTimeoutMs: 0 })
    const read = none.engine.execute(gate('a'))
    await none.reached('a')
    none.open('a')
    expect((await read).rows).toEqual([{ passed: 1 }])
  })

  test('and is left running ends inside SQLite, not by force: close() waits for it', async () => {
    const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 0, ...SOFT })
    await expect(engine.execute({ sql: ENDLESS }, { timeout: 5 })).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    let closed = false
    const closing = engine.close().then(() => {
      closed = true
    })
    expect(readers(engine).length).toBe(1)
    expect(closed).toBe(false)
    await closing
    expect(readers(engine)).toEqual([])
  })
})

describe('a read that waits for a reader', () => {
  test('leaves the queue at once, and the next one takes its turn', async () => {
    const gated = await openGatedEngine('wal', { readers: 2 })
    const { engine, open } = gated
    await occupy(gated, 2)
    const controller = new AbortController()
    const first = engine.execute(gate('never'), { signal: controller.signal })
    const timed = engine.execute(gate('never'), { timeout: 10 })
    const second = rowsOf(engine, 'SELECT 2 AS two')
    expect(engine.stats().queuedReads).toBe(3)

    controller.abort()
    await expect(first).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    await expect(timed).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })

    expect(engine.stats().queuedReads).toBe(1)
    open('busy-0')
    expect(await second).toEqual([{ two: 2 }])
  })

  test('snapshots and streams that wait leave it as well', async () => {
    const gated = await openGatedEngine('wal', { readers: 2 })
    const { engine } = gated
    const held = Promise.withResolvers<void>()
    const holder = engine.snapshot(() => held.promise)
    const controller = new AbortController()
    const { signal } = controller
    const waiting = [
      engine.snapshot(async () => 1, { signal }),
      engine.stream({ sql: 'SELECT 1' }, { signal })[Symbol.asyncIterator]().next(),
      engine.snapshot(async () => 1, { timeout: 10 }),
    ]
    expect(engine.stats().queuedReads).toBe(3)
    controller.abort()
    const settled = await Promise.allSettled(waiting)
    expect(settled.map((one) => one.status === 'rejected' && one.reason.code)).toEqual([
      'NOORMME_ABORTED',
      'NOORMME_ABORTED',
      'NOORMME_TIMEOUT',
    ])
    expect(engine.stats().queuedReads).toBe(0)
    held.resolve()
    await holder
    expect(await engine.snapshot(async () => 1)).toBe(1)
  })

  test('waits on where as many stand aside as there may be readers: with that bound taken out this fails', async () => {
    const gated = await openGatedEngine('wal', { readers: 2, ...SOFT })
    const { engine, open } = gated
    for (let round = 0; round < 2; round++) {
      const controller = new AbortController()
      const reads = [0, 1].map((n) => engine.execute(gate(`${round}-${n}`), { signal: controller.signal }))
      for (const n of [0, 1]) await gated.reached(`${round}-${n}`)
      controller.abort()
      await Promise.allSettled(reads)
    }
    expect(states(engine).filter((state) => state.endsWith('abandoned'))).toHaveLength(4)

    const read = rowsOf(engine, 'SELECT 1 AS one')
    expect(engine.stats().queuedReads).toBe(1)
    expect(states(engine)).toHaveLength(4)

    open('0-0')
    expect(await read).toEqual([{ one: 1 }])
  })

  test('every promise is settled when the database closes with reads aside, running and waiting', async () => {
    const gated = await openGatedEngine('wal', { readers: 2, ...SOFT })
    const { engine, open } = gated
    const aside = await occupy(gated, 2)
    aside.abort()
    const running = [engine.execute(gate('x')), engine.execute(gate('y'))]
    await Promise.all([gated.reached('x'), gated.reached('y')])
    const controller = new AbortController()
    const waiting = [rowsOf(engine, 'SELECT 1 AS one'), engine.execute(gate('z'), { signal: controller.signal })]
    const all = Promise.allSettled([...running, ...waiting])
    const closed = engine.close()
    controller.abort()
    open('all')
    await closed
    const settled = await all
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    for (const { status } of await aside.settled) expect(status).toBe('rejected')
  })
})

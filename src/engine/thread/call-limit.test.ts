/** Limits of calls, whatever the call: what is refused beforehand, and what is left behind. */
import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { gate, openGatedEngine } from '../../../test/support/gated-engine.ts'
import { openTestEngine } from '../../../test/support/open-engine.ts'
import type { CallLimits, Engine } from '../types.ts'

const INSERT = { sql: 'INSERT INTO t VALUES (1)' }
const READ = { sql: 'SELECT count(*) AS n FROM t' }

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

/** Every call that takes limits. */
const CALLS: Readonly<Record<string, (engine: Engine, limits: CallLimits) => Promise<unknown>>> = {
  read: (engine, limits) => engine.execute(READ, limits),
  'point read': (engine, limits) =>
    engine.execute({ sql: 'SELECT v FROM t WHERE rowid = 1' }, { ...limits, point: true }),
  write: (engine, limits) => engine.execute(INSERT, limits),
  VACUUM: (engine, limits) => engine.execute({ sql: 'VACUUM' }, limits),
  batch: (engine, limits) => engine.batch([INSERT, INSERT], limits),
  transaction: (engine, limits) => engine.transaction((tx) => tx.execute(INSERT), limits),
  'nested transaction': (engine, limits) =>
    engine.transaction((tx) => tx.transaction((inner) => inner.execute(INSERT), limits)),
  'statement in a transaction': (engine, limits) => engine.transaction((tx) => tx.execute(INSERT, limits)),
  'batch in a transaction': (engine, limits) => engine.transaction((tx) => tx.batch([INSERT], limits)),
  snapshot: (engine, limits) => engine.snapshot((snapshot) => snapshot.execute(READ), limits),
  'read in a snapshot': (engine, limits) => engine.snapshot((snapshot) => snapshot.execute(READ, limits)),
  'stream in a snapshot': (engine, limits) => engine.snapshot((snapshot) => drain(snapshot.stream(READ, limits))),
  stream: (engine, limits) => drain(engine.stream(READ, limits)),
}

describe.each(['wal', 'delete'] as const)('on %s', (kind) => {
  const open = async () => {
    const { engine } = await openTestEngine(kind)
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    return engine
  }

  test.each(Object.entries(CALLS))(
    'a signal that has aborted refuses a %s, and nothing is written',
    async (_, call) => {
      const engine = await open()
      const reason = new Error('the visitor left')

      const outcome = call(engine, { signal: AbortSignal.abort(reason) })

      await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_ABORTED', retryable: false, cause: reason })
      expect((await engine.execute(READ)).rows).toEqual([{ n: 0 }])
    },
  )

  test.each(Object.entries(CALLS))('limits that are none are refused by a %s', async (_, call) => {
    const engine = await open()
    for (const limits of [{ timeout: 0 }, { timeout: 1.5 }, { signal: 'now' }, { signal: null }]) {
      const outcome = call(engine, limits as unknown as CallLimits)
      await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    }
    expect((await engine.execute(READ)).rows).toEqual([{ n: 0 }])
  })

  test.each(Object.entries(CALLS))('limits that are not reached leave a %s as it is', async (_, call) => {
    const engine = await open()
    await call(engine, { signal: new AbortController().signal, timeout: 600_000 })
    await call(engine, { signal: undefined, timeout: undefined })
  })

  test('nothing listens to a signal after a thousand calls of every kind: with stop() taken out this fails', async () => {
    const engine = await open()
    const { signal } = new AbortController()
    const limits = { signal, timeout: 600_000 }
    const failing = { sql: 'INSERT INTO nowhere VALUES (1)' }
    for (let round = 0; round < 70; round++) {
      for (const call of Object.values(CALLS)) await call(engine, limits)
      const failed = [engine.execute(failing, limits), engine.batch([failing], limits)]
      for (const { status } of await Promise.allSettled(failed)) expect(status).toBe('rejected')
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

test('nothing listens to a signal after it has aborted calls of every kind, nor while a stream is left unread', async () => {
  const { engine, reached } = await openGatedEngine()
  await engine.execute({ sql: 'CREATE TABLE t (v)' })
  await engine.execute({ sql: 'INSERT INTO t VALUES (1), (2), (3)' })
  const controller = new AbortController()
  const { signal } = controller
  const left = engine.stream({ sql: 'SELECT v FROM t' }, { blockRows: 1, signal })[Symbol.asyncIterator]()
  await left.next()
  const running = engine.execute(gate('a'), { signal })
  await reached('a')
  const held = engine.transaction(() => new Promise(() => {}), { signal })
  const calls = Object.values(CALLS).map((call) => call(engine, { signal }))
  expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0)

  controller.abort()

  expect(getEventListeners(signal, 'abort')).toEqual([])
  const settled = await Promise.allSettled([running, held, ...calls])
  for (const { status } of settled.slice(0, 2)) expect(status).toBe('rejected')
  await expect(left.next()).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
})

/** Statements of snapshots and transactions that are stopped, and what becomes of what they belong to. */
import { describe, expect, test } from 'vitest'
import { gate, openGatedEngine } from '../../../test/support/gated-engine.ts'
import { ENDLESS, endlessBehind, hasNative } from '../../../test/support/native.ts'
import { type EngineKind, rowsOf } from '../../../test/support/open-engine.ts'
import type { Engine, Pin, Row, Statement } from '../types.ts'

const insert = (v: number): Statement => ({ sql: 'INSERT INTO t VALUES (?)', parameters: [v] })
const endless = { sql: ENDLESS }
const endlessInsert = { sql: `INSERT INTO t ${ENDLESS}` }
const count = { sql: 'SELECT count(*) AS n FROM t' }
const TIMED_OUT = { code: 'NOORMME_TIMEOUT' }
const ENDED = { code: 'NOORMME_TRANSACTION_ENDED' }

const readers = (engine: Engine): string[] =>
  engine
    .stats()
    .connections.filter(({ label }) => label.startsWith('reader'))
    .map(({ label, state }) => `${label} ${state}`)

const open = async (kind: EngineKind = 'wal', overrides = {}) => {
  const gated = await openGatedEngine(kind, { native: true, readers: 2, ...overrides })
  await gated.engine.execute({ sql: 'CREATE TABLE t (v)' })
  await gated.engine.batch([insert(1), insert(2), insert(3)])
  return gated
}
const values = async (engine: Engine) =>
  ((await rowsOf(engine, 'SELECT v FROM t ORDER BY rowid')) as { v: number }[]).map(({ v }) => v)

describe.skipIf(!hasNative)('a snapshot', () => {
  test('goes on, at its point in time, when a statement of it is stopped', async () => {
    const { engine } = await open('wal', { statementTimeoutMs: 300 })
    await engine.snapshot(async (snapshot) => {
      expect((await snapshot.execute(count)).rows).toEqual([{ n: 3 }])
      await engine.detached(() => engine.execute(insert(4)))

      await expect(snapshot.execute(endless, { timeout: 50 })).rejects.toMatchObject(TIMED_OUT)
      expect((await snapshot.execute(count)).rows).toEqual([{ n: 3 }])
      await expect(snapshot.execute(endless)).rejects.toMatchObject({ ...TIMED_OUT, hint: /statementTimeout/ })
      expect((await snapshot.execute(count)).rows).toEqual([{ n: 3 }])
      expect(readers(engine)).toEqual(['reader-1 snapshot'])
    })
    expect(readers(engine)).toEqual(['reader-1 idle'])
    expect(await engine.checkpoint('TRUNCATE')).toMatchObject({ result: 'complete' })
  })

  test('that ends while it runs a statement gives its reader back', async () => {
    const { engine, reached, open: openGate } = await open()
    const controller = new AbortController()
    const outcome = engine.snapshot((snapshot) => snapshot.execute({ sql: endlessBehind('a') }), {
      signal: controller.signal,
    })
    const settled = outcome.catch((error: unknown) => error)
    await reached('a')
    openGate('a')
    controller.abort()
    expect(await settled).toMatchObject({ code: 'NOORMME_ABORTED' })
    await expect.poll(() => readers(engine)).toEqual(['reader-1 idle'])
    expect(await engine.checkpoint('TRUNCATE')).toMatchObject({ result: 'complete' })
  })

  test('a statement beside the rows of a stream is not stopped, because they would be too: stopped, they are cut short', async () => {
    const { engine, reached, open: openGate } = await open()
    await engine.snapshot(async (snapshot) => {
      const stream = snapshot.stream({ sql: 'SELECT v FROM t' }, { blockRows: 1 })[Symbol.asyncIterator]()
      const rows: Row[] = [...((await stream.next()).value ?? [])]
      const controller = new AbortController()
      const read = snapshot.execute(gate('a'), { signal: controller.signal })
      await reached('a')
      controller.abort()
      await expect(read).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
      openGate('a')
      for (let next = await stream.next(); next.done !== true; next = await stream.next()) rows.push(...next.value)
      expect(rows).toEqual([{ v: 1 }, { v: 2 }, { v: 3 }])
    })
    expect(readers(engine)).toEqual(['reader-1 idle'])
  })

  test('answers what was asked behind a block of a stream that was read before it could be stopped: left open, it would hand on the interrupt', async () => {
    const { engine, reached, open: openGate } = await open()
    openGate('row 1')
    await engine.snapshot(async (snapshot) => {
      const controller = new AbortController()
      const { signal } = controller
      // What follows the gate in the row has no place where SQLite looks for an interrupt.
      const sql = "SELECT gate('row ' || v) AS passed FROM t"
      const stream = snapshot.stream({ sql }, { blockRows: 1, signal })[Symbol.asyncIterator]()
      await stream.next()
      const next = stream.next()
      const behind = snapshot.execute(count)
      await reached('row 2')
      controller.abort()
      openGate('row 2')
      await expect(next).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
      expect((await behind).rows).toEqual([{ n: 3 }])
      expect((await snapshot.execute(count)).rows).toEqual([{ n: 3 }])
    })
    expect(readers(engine)).toEqual(['reader-1 idle'])
  })

  test('and whatever else keeps the log is ended for it while it runs', async () => {
    const { engine, reached, open: openGate } = await open('wal', { readers: 3 })
    const all = [
      engine.snapshot((snapshot) => snapshot.execute({ sql: `${endlessBehind('a')} FROM t` })),
      engine.execute({ sql: `${endlessBehind('b')} FROM t` }),
      engine
        .stream({ sql: `${endlessBehind('c')} FROM t` })
        [Symbol.asyncIterator]()
        .next(),
    ]
    const settled = Promise.allSettled(all)
    for (const name of ['a', 'b', 'c']) {
      await reached(name)
      openGate(name)
    }
    await engine.execute(insert(4))

    const helpless = (engine as unknown as { expireHeld(ms: number): Promise<Pin[]> }).expireHeld(0)

    for (const one of await settled) expect(one).toMatchObject({ reason: { code: 'NOORMME_READER_EXPIRED' } })
    expect(await helpless).toEqual([])
    expect(await engine.checkpoint('TRUNCATE')).toMatchObject({ result: 'complete' })
    expect(readers(engine)).toEqual(['reader-1 idle', 'reader-2 idle', 'reader-3 idle'])
  })
})

describe.skipIf(!hasNative).each(['wal', 'delete', 'memory'] as const)('a transaction on %s', (kind) => {
  test('goes on when a read of it is stopped', async () => {
    const { engine } = await open(kind)
    await engine.transaction(async (tx) => {
      await tx.execute(insert(4))
      await expect(tx.execute(endless, { timeout: 50 })).rejects.toMatchObject(TIMED_OUT)
      await tx.execute(insert(5))
    })
    expect(await values(engine)).toEqual([1, 2, 3, 4, 5])
  })

  test.each([
    ['write', (timeout: number) => ({ execute: { sql: endlessInsert.sql }, timeout })],
    ['batch', (timeout: number) => ({ batch: [insert(6), endless], timeout })],
  ])('is over when a %s of it is stopped, and leaves nothing', async (_, call) => {
    const { engine } = await open(kind)
    const { timeout, ...work } = call(50)
    const outcome = engine.transaction(async (tx) => {
      await tx.execute(insert(4))
      const stopped = 'batch' in work ? tx.batch(work.batch, { timeout }) : tx.execute(work.execute, { timeout })
      await expect(stopped).rejects.toMatchObject(TIMED_OUT)
      await expect(tx.execute(insert(5))).rejects.toMatchObject(ENDED)
    })
    await expect(outcome).rejects.toMatchObject(ENDED)
    await engine.execute(insert(7))
    expect(await values(engine)).toEqual([1, 2, 3, 7])
  })

  test('that runs out of its time while it writes gives the writer on', async () => {
    const { engine } = await open(kind)
    const statements: Promise<unknown>[] = []
    const outcome = engine.transaction(
      async (tx) => {
        statements.push(tx.execute(insert(4)), tx.execute(endlessInsert), tx.execute(insert(5)))
        await Promise.all(statements)
      },
      { timeout: 100 },
    )
    const next = engine.execute(insert(6))
    await expect(outcome).rejects.toMatchObject(TIMED_OUT)
    await next
    expect(await values(engine)).toEqual([1, 2, 3, 6])
    expect((await Promise.allSettled(statements)).slice(1)).toMatchObject([{ reason: ENDED }, { reason: ENDED }])
  })

  test('goes on when one nested in it runs out of its time while it reads', async () => {
    const { engine } = await open(kind)
    await engine.transaction(async (tx) => {
      await tx.execute(insert(4))
      const nested = tx.transaction(
        async (inner) => {
          await inner.execute(insert(5))
          await inner.execute(endless)
        },
        { timeout: 100 },
      )
      await expect(nested).rejects.toMatchObject(TIMED_OUT)
      await tx.execute(insert(6))
    })
    expect(await values(engine)).toEqual([1, 2, 3, 4, 6])
  })

  test('keeps its part when one nested in it runs out of its time while it writes: an interrupt would undo both', async () => {
    const { engine, reached, open: openGate } = await open(kind)
    await engine.transaction(async (tx) => {
      await tx.execute(insert(4))
      const nested = tx.transaction((inner) => inner.execute({ sql: "INSERT INTO t SELECT gate('a')" }), {
        timeout: 100,
      })
      await reached('a')
      await expect(nested).rejects.toMatchObject(TIMED_OUT)
      openGate('a')
      await tx.execute(insert(6))
    })
    expect(await values(engine)).toEqual([1, 2, 3, 4, 6])
  })
})

test.skipIf(!hasNative).each(['delete', 'memory'] as const)(
  'a snapshot on %s goes on when a statement of it is stopped',
  async (kind) => {
    const { engine } = await open(kind)
    await engine.snapshot(async (snapshot) => {
      await expect(snapshot.execute(endless, { timeout: 50 })).rejects.toMatchObject(TIMED_OUT)
      expect((await snapshot.execute(count)).rows).toEqual([{ n: 3 }])
    })
  },
)

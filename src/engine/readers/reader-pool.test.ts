/** Readers: started on demand, never starved by those who hold one, replaced when their thread dies. */
import { describe, expect, test } from 'vitest'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import type { Engine } from '../types.ts'

const COUNT_TO =
  'WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ?) SELECT count(*) AS n FROM n'
const labels = (engine: Engine): string[] => engine.stats().connections.map(({ label }) => label)

describe('readers', () => {
  test('none is started before a read needs one', async () => {
    const { engine } = await openTestEngine()
    expect(labels(engine)).toEqual(['writer', 'inline'])
    await rowsOf(engine, COUNT_TO, 1)
    expect(labels(engine)).toEqual(['writer', 'inline', 'reader-1'])
  })

  test('at most as many are started as configured, and every read is answered', async () => {
    const { engine } = await openTestEngine('wal', { readers: 2 })
    const reads = Array.from({ length: 50 }, (_, n) => rowsOf(engine, COUNT_TO, 1000 + n))
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 50 }, (_, n) => [{ n: 1000 + n }]))
    expect(labels(engine)).toEqual(['writer', 'inline', 'reader-1', 'reader-2'])
  })

  test('unfinished streams and a snapshot do not keep a plain read from running', async () => {
    const { engine } = await openTestEngine('wal', { readers: 3, inlineReadBudgetMs: 0 })
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    await engine.execute({ sql: 'INSERT INTO t VALUES (1), (2), (3)' })
    const streams = Array.from({ length: 4 }, () =>
      engine.stream({ sql: 'SELECT v FROM t' }, { blockRows: 1 })[Symbol.asyncIterator](),
    )
    const opened = streams.map((stream) => stream.next())
    const gate = Promise.withResolvers<void>()
    const snapshot = engine.snapshot(() => gate.promise)

    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }])

    gate.resolve()
    for (const [index, stream] of streams.entries()) {
      await opened[index]
      await stream.return?.()
    }
    await snapshot
  })

  test('a failing read rejects with its own error and frees its reader', async () => {
    const { engine } = await openTestEngine('wal', { readers: 2 })
    const failing = Array.from({ length: 10 }, () => rowsOf(engine, 'SELECT * FROM nowhere'))
    for (const { status } of await Promise.allSettled(failing)) expect(status).toBe('rejected')
    expect(await rowsOf(engine, COUNT_TO, 5)).toEqual([{ n: 5 }])
  })

  test('several reads of one snapshot may run at once, a stream among them', async () => {
    const { engine } = await openTestEngine()
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    await engine.execute({ sql: 'INSERT INTO t VALUES (1), (2), (3)' })
    await engine.snapshot(async (snapshot) => {
      const stream = snapshot.stream({ sql: 'SELECT v FROM t ORDER BY v' }, { blockRows: 1 })[Symbol.asyncIterator]()
      await stream.next()
      const both = await Promise.all([rowsOf(snapshot, 'SELECT sum(v) AS s FROM t'), stream.next()])
      expect(both).toMatchObject([[{ s: 6 }], { value: [{ v: 2 }] }])
      await stream.return?.()
    })
  })

  test('a snapshot object is refused after its callback', async () => {
    const { engine } = await openTestEngine()
    const kept = await engine.snapshot(async (snapshot) => snapshot)
    await expect(rowsOf(kept, 'SELECT 1')).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
  })

  test('writes made inside a snapshot are committed, and not seen by it', async () => {
    const { engine } = await openTestEngine()
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    await engine.snapshot(async (snapshot) => {
      await engine.execute({ sql: 'INSERT INTO t VALUES (1)' })
      await engine.transaction((tx) => tx.execute({ sql: 'INSERT INTO t VALUES (2)' }))
      await engine.batch([{ sql: 'INSERT INTO t VALUES (3)' }])
      expect(await rowsOf(snapshot, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 0 }])
      expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 0 }])
    })
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }])
  })

  test('awaited inline reads let timers fire: with the turn budget taken out this test hangs in its loop', async () => {
    const { engine } = await openTestEngine()
    await engine.execute({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY)' })
    await engine.execute({ sql: 'INSERT INTO t VALUES (1)' })
    let fired = false
    setTimeout(() => {
      fired = true
    }, 1)
    let reads = 0
    while (!fired && reads < 2_000_000) {
      await engine.execute({ sql: 'SELECT id FROM t WHERE id = 1' }, { point: true })
      reads++
    }
    expect(fired).toBe(true)
    expect(engine.stats().counters.readsInline).toBeGreaterThan(0)
  })

  test('a stream read inside the loop over another ends with an error that names both, not never', async () => {
    const { engine } = await openTestEngine('wal', { readers: 2, transactionTimeoutMs: 40 })
    const nested = async (): Promise<void> => {
      for await (const _ of engine.stream({ sql: 'SELECT 1' })) {
        for await (const __ of engine.stream({ sql: 'SELECT 2' }));
      }
    }
    await expect(nested()).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    await expect(nested()).rejects.toThrow(/waiting for a reader, all held by reader-1 \(stream/)
    expect(await rowsOf(engine, COUNT_TO, 3)).toEqual([{ n: 3 }])
  })

  test('plain reads that never pause do not keep a snapshot out', async () => {
    const { engine } = await openTestEngine('wal', { readers: 2, inlineReadBudgetMs: 0 })
    let stop = false
    const clients = Array.from({ length: 8 }, async () => {
      while (!stop) await rowsOf(engine, COUNT_TO, 500)
    })
    expect(await engine.snapshot((snapshot) => rowsOf(snapshot, 'SELECT 1 AS one'))).toEqual([{ one: 1 }])
    stop = true
    await Promise.all(clients)
  })

  test('reads that wait for a turn are taken in order, each once', async () => {
    // Where others have the processor, the watch would send some of them to threads.
    const { engine } = await openTestEngine('wal', { native: false })
    await engine.execute({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY)' })
    await engine.execute({ sql: 'INSERT INTO t VALUES (1)' })
    const order: number[] = []
    const point = { sql: 'SELECT id FROM t WHERE id = 1' }
    const reads = Array.from({ length: 20_000 }, async (_, n) => {
      await engine.execute(point, { point: true })
      order.push(n)
    })
    await Promise.all(reads)
    expect(engine.stats().counters.readsInline).toBe(20_000)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })
})

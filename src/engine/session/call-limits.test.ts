/**
 * Transactions, snapshots and streams that are given up, as a whole or a statement at a time. What is told of running
 * statements with `SOFT` holds where they cannot be stopped; how they are stopped is in `interrupts.test.ts`.
 */
import { describe, expect, test } from 'vitest'
import { gate, openGatedEngine } from '../../../test/support/gated-engine.ts'
import { rowsOf } from '../../../test/support/open-engine.ts'
import type { Engine, Executor, Statement } from '../types.ts'

const insert = (v: number): Statement => ({ sql: 'INSERT INTO t VALUES (?)', parameters: [v] })
const gatedInsert = (name: string): Statement => ({ sql: `INSERT INTO t SELECT gate('${name}')` })
const count = { sql: 'SELECT count(*) AS n FROM t' }
/** What cannot be stopped. */
const SOFT = { native: false }
const never = new Promise<never>(() => {})
const states = (engine: Engine): string[] =>
  engine
    .stats()
    .connections.filter(({ label }) => label.startsWith('reader'))
    .map(({ state }) => state)
/** How long the first reader's statement has been running. */
const runningMs = (engine: Engine): number =>
  engine.stats().connections.find(({ label }) => label.startsWith('reader'))?.sqlAgeMs ?? 0

const openWith = async (kind: 'wal' | 'delete' | 'memory' = 'wal', overrides = {}) => {
  const gated = await openGatedEngine(kind, overrides)
  await gated.engine.execute({ sql: 'CREATE TABLE t (v)' })
  return gated
}

describe.each(['wal', 'delete', 'memory'] as const)('a transaction on %s', (kind) => {
  test('is rolled back when its signal aborts, although its callback never returns', async () => {
    const { engine } = await openWith(kind)
    const controller = new AbortController()
    let inside: Executor | undefined
    const begun = Promise.withResolvers<void>()
    const outcome = engine.transaction(
      async (tx) => {
        inside = tx
        await tx.execute(insert(1))
        begun.resolve()
        await never
      },
      { signal: controller.signal },
    )
    await begun.promise
    controller.abort()
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    await expect(inside?.execute(insert(2))).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
    await engine.execute(insert(3))
    expect(await rowsOf(engine, 'SELECT v FROM t')).toEqual([{ v: 3 }])
  })

  test('that has committed is not undone by a signal that aborts later', async () => {
    const { engine } = await openWith(kind)
    const controller = new AbortController()
    await engine.transaction((tx) => tx.execute(insert(1)), { signal: controller.signal })
    controller.abort()
    expect((await engine.execute(count)).rows).toEqual([{ n: 1 }])
  })

  test('that is nested is undone alone when its signal aborts', async () => {
    const { engine } = await openWith(kind)
    const controller = new AbortController()
    await engine.transaction(async (tx) => {
      await tx.execute(insert(1))
      const begun = Promise.withResolvers<void>()
      const nested = tx.transaction(
        async (inner) => {
          await inner.execute(insert(2))
          begun.resolve()
          await never
        },
        { signal: controller.signal },
      )
      await begun.promise
      controller.abort()
      await expect(nested).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
      await tx.execute(insert(3))
    })
    expect(await rowsOf(engine, 'SELECT v FROM t ORDER BY v')).toEqual([{ v: 1 }, { v: 3 }])
  })

  test('refuses a statement that waits for its turn, and goes on; one that was sent settles with its true outcome', async () => {
    const { engine, reached, open } = await openWith(kind, SOFT)
    const controller = new AbortController()
    const { signal } = controller
    const end = Promise.withResolvers<void>()
    await engine.transaction(async (tx) => {
      const begun = Promise.withResolvers<void>()
      const nested = tx.transaction(async () => {
        begun.resolve()
        await end.promise
      })
      await begun.promise
      // Outside of the nested scope's context, so it waits for that scope.
      const waiting = tx.execute(insert(1), { signal })
      const timed = tx.batch([insert(2)], { timeout: 10 })
      const inner = tx.transaction(async () => 1, { signal })
      const settled = Promise.allSettled([waiting, timed, inner])
      controller.abort()
      expect(await settled).toMatchObject([
        { reason: { code: 'NOORMME_ABORTED' } },
        { reason: { code: 'NOORMME_TIMEOUT' } },
        { reason: { code: 'NOORMME_ABORTED' } },
      ])
      end.resolve()
      await nested

      const late = new AbortController()
      const sent = tx.execute(gatedInsert('a'), { signal: late.signal })
      await reached('a')
      late.abort()
      open('a')
      expect(await sent).toMatchObject({ changes: 1 })
    })
    expect(await rowsOf(engine, 'SELECT v FROM t')).toEqual([{ v: 1 }])
  })

  test('of which a statement is running rejects at once, and is undone when that statement has ended', async () => {
    const { engine, reached, open } = await openWith(kind)
    const controller = new AbortController()
    const outcome = engine.transaction(
      async (tx) => {
        await tx.execute(insert(1))
        await tx.execute(gatedInsert('a'))
      },
      { signal: controller.signal },
    )
    await reached('a')
    controller.abort()
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    open('a')
    expect((await engine.execute(count)).rows).toEqual([{ n: 0 }])
  })
})

describe('a snapshot', () => {
  test.each(['wal', 'delete', 'memory'] as const)(
    'on %s ends at once, although its callback never returns',
    async (kind) => {
      const { engine } = await openWith(kind)
      const controller = new AbortController()
      let kept: Executor | undefined
      const begun = Promise.withResolvers<void>()
      const outcome = engine.snapshot(
        async (snapshot) => {
          kept = snapshot
          await snapshot.execute(count)
          begun.resolve()
          await never
        },
        { signal: controller.signal },
      )
      await begun.promise
      controller.abort()
      await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
      await expect(kept?.execute(count)).rejects.toMatchObject({
        code: kind === 'wal' ? 'NOORMME_ABORTED' : 'NOORMME_TRANSACTION_ENDED',
      })
      await engine.execute(insert(1))
      if (kind === 'wal') await expect.poll(() => states(engine)).toEqual(['idle'])
    },
  )

  test('that runs a statement then leaves its reader to it, and another takes the place', async () => {
    const { engine, reached, open } = await openWith('wal', { readers: 2, ...SOFT })
    const controller = new AbortController()
    const statements: Promise<unknown>[] = []
    const outcome = engine.snapshot(
      async (snapshot) => {
        statements.push(snapshot.execute(gate('a')), snapshot.execute(count))
        await Promise.all(statements)
      },
      { signal: controller.signal },
    )
    const settled = outcome.catch((error: unknown) => error)
    await reached('a')
    controller.abort()
    expect(await settled).toMatchObject({ code: 'NOORMME_ABORTED' })
    for (const one of await Promise.allSettled(statements)) expect(one).toMatchObject({ reason: await settled })
    expect(states(engine)).toEqual(['abandoned'])
    expect(await engine.snapshot((snapshot) => rowsOf(snapshot, 'SELECT 1 AS one'))).toEqual([{ one: 1 }])
    open('a')
    await expect.poll(() => states(engine), { timeout: 20_000 }).toEqual(['idle'])
  })

  test('goes on behind a statement whose own signal aborts', async () => {
    const { engine, reached, open } = await openWith()
    await engine.snapshot(async (snapshot) => {
      const controller = new AbortController()
      const read = snapshot.execute(gate('a'), { signal: controller.signal })
      await reached('a')
      controller.abort()
      await expect(read).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
      await engine.detached(() => engine.execute(insert(1)))
      const next = snapshot.execute(count)
      open('a')
      expect((await next).rows).toEqual([{ n: 0 }])
    })
    expect(states(engine)).toEqual(['idle'])
  })

  test('does not wait, at its end, for a statement whose caller has gone', async () => {
    const { engine, reached } = await openWith('wal', SOFT)
    const outcome = engine.snapshot(async (snapshot) => {
      const read = snapshot.execute(gate('a'), { timeout: 200 })
      await reached('a')
      await read
    })
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT', context: { sql: gate('a').sql } })
    expect(states(engine)).toEqual(['abandoned'])
  })

  test('ends with the statement that outruns statementTimeout, which counts from when that one runs', async () => {
    const { engine, reached, open } = await openWith('wal', { statementTimeoutMs: 400, ...SOFT })
    await engine.snapshot(async (snapshot) => {
      // Behind the first it waits longer than it may run.
      const both = [snapshot.execute(gate('a'), { timeout: 600_000 }), snapshot.execute(count)]
      await reached('a')
      await expect.poll(() => runningMs(engine), { timeout: 20_000 }).toBeGreaterThan(500)
      open('a')
      expect(await Promise.all(both)).toHaveLength(2)
    })

    const outcome = engine.snapshot(async (snapshot) => {
      await snapshot.execute(gate('b')).catch(() => {})
      return 'went on'
    })
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT', context: { sql: gate('b').sql } })
  })

  test('joined inside a transaction rejects at once as well', async () => {
    const { engine } = await openWith()
    await engine.transaction(async () => {
      const controller = new AbortController()
      const joined = engine.snapshot(() => never, { signal: controller.signal })
      controller.abort()
      await expect(joined).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    })
  })
})

describe('a stream', () => {
  const rows = { sql: 'SELECT v FROM t' }
  const filled = async (overrides = {}) => {
    const gated = await openWith('wal', { readers: 2, ...overrides })
    await gated.engine.batch([insert(1), insert(2), insert(3)])
    return gated
  }

  test('that nobody reads on gives its reader back when its signal aborts, and tells whoever reads on', async () => {
    const { engine } = await filled()
    const controller = new AbortController()
    const stream = engine.stream(rows, { blockRows: 1, signal: controller.signal })[Symbol.asyncIterator]()
    await stream.next()
    expect(states(engine)).toEqual(['stream'])
    controller.abort()
    await expect.poll(() => states(engine)).toEqual(['idle'])
    await expect(stream.next()).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    expect(await stream.next()).toMatchObject({ done: true })
  })

  test('rejects at once while a block is being read', async () => {
    const { engine, reached } = await filled(SOFT)
    const controller = new AbortController()
    const stream = engine
      .stream({ sql: "SELECT v, CASE v WHEN 2 THEN gate('a') END FROM t" }, { blockRows: 1, signal: controller.signal })
      [Symbol.asyncIterator]()
    await stream.next()
    const next = stream.next()
    await reached('a')
    controller.abort()
    await expect(next).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    expect(states(engine)).toEqual(['abandoned'])
    expect(await rowsOf(engine, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('of which a block outruns statementTimeout ends with the statement’s name', async () => {
    const { engine } = await openWith('wal', { statementTimeoutMs: 100 })
    const stream = engine.stream(gate('a'))[Symbol.asyncIterator]()
    await expect(stream.next()).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT', context: { sql: gate('a').sql } })
  })

  test('in a snapshot is ended by its own signal alone', async () => {
    const { engine } = await filled()
    await engine.snapshot(async (snapshot) => {
      const controller = new AbortController()
      const stream = snapshot.stream(rows, { blockRows: 1, signal: controller.signal })[Symbol.asyncIterator]()
      await stream.next()
      controller.abort()
      await expect(stream.next()).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
      expect((await snapshot.execute(count)).rows).toEqual([{ n: 3 }])
    })
    expect(states(engine)).toEqual(['idle'])
  })
})

/** The planner's statistics: gathered when they are missing or out of date, and used by every connection. */
import { existsSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gate, openGatedEngine } from '../../../test/support/gated-engine.ts'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import type { Engine, Executor } from '../types.ts'
import { Optimizer } from './optimizer.ts'

const SCHEMA = 'CREATE TABLE t (a, b); CREATE INDEX by_a ON t (a); CREATE INDEX by_b ON t (b)'
/** Rows of which one column tells nothing and the other everything. */
const fill = (rows: number, dull: 'a' | 'b') => `
  DELETE FROM t;
  WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ${rows})
  INSERT INTO t (${dull}, ${dull === 'a' ? 'b' : 'a'}) SELECT v % 2, v FROM n`
const QUERY = 'SELECT rowid FROM t WHERE a = 1 AND b = 1'

const run = (engine: Engine, sql: string) => engine.transaction((tx) => tx.script(sql))
const indexOf = async (executor: Pick<Executor, 'execute'>): Promise<string> => {
  const { rows } = await executor.execute({ sql: `EXPLAIN QUERY PLAN ${QUERY}` })
  return /INDEX (\w+)/.exec(String(rows[0]?.detail))?.[1] ?? 'none'
}
const hasStatistics = async (engine: Engine): Promise<boolean> =>
  (await rowsOf(engine, "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")).length === 1

describe.each(['wal', 'delete', 'memory'] as const)('optimize() on %s', (kind) => {
  test('says what it ran, and that there was nothing to do', async () => {
    const { engine } = await openTestEngine(kind)
    await run(engine, `${SCHEMA}; ${fill(1000, 'a')}`)
    expect(await engine.optimize()).toMatchObject({
      statements: ['ANALYZE "main"."t"'],
      durationMs: expect.any(Number),
    })
    expect(await hasStatistics(engine)).toBe(true)
    const { commits } = engine.stats().counters
    expect(await engine.optimize()).toMatchObject({ statements: [] })
    expect(engine.stats().counters.commits).toBe(commits)
  })

  test('waits for its turn and leaves the writer free, also when it fails', async () => {
    const { engine } = await openTestEngine(kind)
    await run(engine, `${SCHEMA}; ${fill(100, 'a')}`)
    const held = Promise.withResolvers<void>()
    const transaction = engine.transaction(() => held.promise)
    const optimized = engine.optimize()
    held.resolve()
    await transaction
    expect((await optimized).statements).toHaveLength(1)
    await run(engine, 'INSERT INTO t VALUES (1, 1)')
  })
})

test('readers and the inline connection use new statistics at once: with refresh() taken out they keep the old', async () => {
  const { engine } = await openTestEngine('wal')
  await run(engine, `${SCHEMA}; ${fill(1000, 'a')}`)
  await engine.optimize()
  const inline = async () => {
    const { readsInline } = engine.stats().counters
    const index = await indexOf({ execute: (statement) => engine.execute(statement, { point: true }) })
    expect(engine.stats().counters.readsInline).toBe(readsInline + 1)
    return index
  }
  const reader = () => engine.snapshot((snapshot) => indexOf(snapshot))
  expect([await inline(), await reader()]).toEqual(['by_b', 'by_b'])

  await run(engine, fill(50_000, 'b'))
  expect((await engine.optimize()).statements).toHaveLength(1)

  expect([await inline(), await reader()]).toEqual(['by_a', 'by_a'])
})

test('a reader in a snapshot keeps what it has until the snapshot ends', async () => {
  const { engine } = await openTestEngine('wal', { readers: 2 })
  await run(engine, `${SCHEMA}; ${fill(1000, 'a')}`)
  await engine.optimize()
  await engine.snapshot(async (snapshot) => {
    expect(await indexOf(snapshot)).toBe('by_b')
    await engine.detached(() => run(engine, fill(50_000, 'b')))
    await engine.detached(() => engine.optimize())
    const stream = snapshot.stream({ sql: 'SELECT b FROM t' }, { blockRows: 500 })[Symbol.asyncIterator]()
    await stream.next()
    expect(await rowsOf(snapshot, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 1000 }])
    await stream.return?.()
  })
  expect(await engine.snapshot((snapshot) => indexOf(snapshot))).toBe('by_a')
})

describe('by itself', () => {
  test('it runs a while after opening', async () => {
    const { engine } = await openTestEngine('wal', { autoOptimize: true })
    await run(engine, `${SCHEMA}; ${fill(1000, 'a')}`)
    await expect.poll(() => hasStatistics(engine), { timeout: 30_000 }).toBe(true)
  })

  test('it runs again and again, and no more after stop()', async () => {
    const { engine } = await openTestEngine('wal')
    const runs: (() => void)[] = []
    let count = 0
    const optimizer = new Optimizer({
      hold: () => {
        count++
        runs.shift()?.()
        return Promise.reject(new Error('not now'))
      },
      onChange: () => {},
      firstRunMs: 1,
      intervalMs: 1,
    })
    const third = new Promise<void>((resolve) =>
      runs.push(
        () => {},
        () => {},
        resolve,
      ),
    )
    optimizer.start()
    await third
    optimizer.stop()
    const before = count
    await rowsOf(engine, 'SELECT 1')
    expect(count).toBe(before)
  })

  test.each([true, false])('it runs at close only when it may (%s)', async (autoOptimize) => {
    const { engine, path } = await openTestEngine('wal', { autoOptimize })
    await run(engine, `${SCHEMA}; ${fill(1000, 'a')}`)
    await engine.close()
    const again = await openTestEngine('wal', { path, autoOptimize: false })
    expect(await hasStatistics(again.engine)).toBe(autoOptimize)
  })

  test('close() waits for one that is under way', async () => {
    const { engine, path } = await openTestEngine('wal')
    await run(engine, `${SCHEMA}; ${fill(1000, 'a')}`)
    const optimized = engine.optimize()
    await engine.close()
    expect((await optimized).statements).toHaveLength(1)
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(statSync(path).size).toBeGreaterThan(0)
  })
})

test('a reader set aside is left alone by it', async () => {
  const { engine, reached, open } = await openGatedEngine('wal')
  await run(engine, `${SCHEMA}; ${fill(1000, 'a')}`)
  const controller = new AbortController()
  const read = engine.execute(gate('a'), { signal: controller.signal })
  await reached('a')
  controller.abort()
  await expect(read).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
  expect((await engine.optimize()).statements).toHaveLength(1)
  open('a')
  await engine.close()
})

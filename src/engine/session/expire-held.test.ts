/** Snapshots and streams that hold up the log: ended when they can be, named when they cannot. */
import { expect, test } from 'vitest'
import { gate, openGatedEngine } from '../../../test/support/gated-engine.ts'
import { rowsOf } from '../../../test/support/open-engine.ts'
import type { Executor, Pin } from '../types.ts'

/** What the checkpointer calls: not for users of an engine. */
interface Expiring {
  expireHeld(olderThanMs: number): Promise<Pin[]>
}

const open = async (overrides = {}) => {
  const gated = await openGatedEngine('wal', overrides)
  await gated.engine.execute({ sql: 'CREATE TABLE t (v)' })
  await gated.engine.execute({ sql: 'INSERT INTO t VALUES (1), (2), (3)' })
  return { ...gated, expireHeld: (ms: number) => (gated.engine as unknown as Expiring).expireHeld(ms) }
}
const count = { sql: 'SELECT count(*) AS n FROM t' }
const never = new Promise<never>(() => {})

test('a snapshot between two statements is ended, its reader given back, and its caller told at once', async () => {
  const { engine, expireHeld } = await open({ readers: 2 })
  const begun = Promise.withResolvers<void>()
  let kept: Executor | undefined
  const outcome = engine.snapshot(async (snapshot) => {
    kept = snapshot
    await snapshot.execute(count)
    begun.resolve()
    await never
  })
  const settled = outcome.catch((error: unknown) => error)
  await begun.promise

  expect(await expireHeld(0)).toEqual([])

  expect(await settled).toMatchObject({
    code: 'NOORMME_READER_EXPIRED',
    retryable: true,
    context: { what: 'snapshot' },
  })
  await expect(kept?.execute(count)).rejects.toMatchObject({ code: 'NOORMME_READER_EXPIRED' })
  expect(engine.stats().connections.map(({ label, state }) => `${label} ${state}`)).toContain('reader-1 idle')
  expect(await engine.snapshot((snapshot) => rowsOf(snapshot, 'SELECT 1 AS one'))).toEqual([{ one: 1 }])
})

test('a stream that nobody reads on is ended, and the log can be restarted: not ended, it would be kept', async () => {
  const { engine, expireHeld, path } = await open({ readers: 2 })
  const stream = engine.stream({ sql: 'SELECT v FROM t' }, { blockRows: 1 })[Symbol.asyncIterator]()
  await stream.next()
  await engine.execute({ sql: 'INSERT INTO t VALUES (4)' })
  const truncated = async () => {
    const { default: Database } = await import('better-sqlite3')
    const other = new Database(path, { timeout: 0 })
    const [outcome] = other.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    other.close()
    return outcome?.busy === 0
  }
  expect(await truncated()).toBe(false)

  expect(await expireHeld(0)).toEqual([])

  expect(await truncated()).toBe(true)
  await expect(stream.next()).rejects.toMatchObject({ code: 'NOORMME_READER_EXPIRED', context: { what: 'stream' } })
})

test('those that run a statement which cannot be stopped are named with it: snapshots, plain reads, and reads set aside', async () => {
  const { engine, expireHeld, reached, open: openGate } = await open({ native: false })
  const snapshot = engine.snapshot((inside) => inside.execute(gate('a')))
  await reached('a')
  const read = engine.execute(gate('b'))
  await reached('b')
  const controller = new AbortController()
  const aborted = engine.execute(gate('c'), { signal: controller.signal })
  await reached('c')
  controller.abort()
  await expect(aborted).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })

  const pins = await expireHeld(0)

  expect(pins).toMatchObject([
    { label: 'reader-1', state: 'snapshot', sql: gate('a').sql },
    { label: 'reader-2', state: 'busy', sql: gate('b').sql },
    { label: 'reader-3', state: 'abandoned', sql: gate('c').sql },
  ])
  for (const { ageMs } of pins) expect(ageMs).toBeGreaterThan(0)
  openGate('all')
  expect((await snapshot).rows).toEqual([{ passed: 1 }])
  expect((await read).rows).toEqual([{ passed: 1 }])
})

test('those that are younger are left alone, and not named', async () => {
  const { engine, expireHeld, reached, open: openGate } = await open()
  const read = engine.execute(gate('a'))
  await reached('a')
  const result = await engine.snapshot(async (snapshot) => {
    await snapshot.execute(count)
    expect(await expireHeld(3_600_000)).toEqual([])
    return rowsOf(snapshot, count.sql)
  })
  expect(result).toEqual([{ n: 3 }])
  openGate('a')
  await read
})

test('without WAL there is nothing to end', async () => {
  const gated = await openGatedEngine('delete')
  expect(await (gated.engine as unknown as Expiring).expireHeld(0)).toEqual([])
})

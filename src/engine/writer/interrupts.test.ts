/** Writes that are stopped: nothing of them stays, their neighbours are done once, and everybody is told what is so. */
import { describe, expect, test } from 'vitest'
import { openGatedEngine } from '../../../test/support/gated-engine.ts'
import { ENDLESS, hasNative } from '../../../test/support/native.ts'
import { openConnection, thrownBy } from '../../../test/support/open-connection.ts'
import { rowsOf } from '../../../test/support/open-engine.ts'
import { StatementError } from '../../errors.ts'
import { RunSlot } from '../thread/run-slot.ts'
import type { Engine, Statement } from '../types.ts'
import { FairTurns } from './fair-turns.ts'
import { runInterruptibly } from './group-commit.ts'

const insert = (v: number): Statement => ({ sql: 'INSERT INTO t VALUES (?)', parameters: [v] })
const gatedInsert = (name: string): Statement => ({ sql: `INSERT INTO t SELECT gate('${name}')` })
const endlessInsert = { sql: `INSERT INTO t ${ENDLESS}` }
const values = async (engine: Engine): Promise<unknown[]> =>
  ((await rowsOf(engine, 'SELECT v FROM t ORDER BY v')) as { v: number }[]).map(({ v }) => v)
const codes = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.code))

describe.skipIf(!hasNative).each(['wal', 'delete', 'memory'] as const)('on %s', (kind) => {
  const open = async (overrides = {}) => {
    const gated = await openGatedEngine(kind, { native: true, ...overrides })
    await gated.engine.execute({ sql: 'CREATE TABLE t (v)' })
    return gated
  }

  test.each([0, 100, 255])(
    'a write that is stopped at place %i of a group leaves its neighbours done, once',
    async (at) => {
      const { engine, reached, open: openGate } = await open()
      const controller = new AbortController()
      const endless = { sql: `INSERT INTO t SELECT gate('a') + (${ENDLESS})` }
      const settled = Promise.allSettled(
        Array.from({ length: 256 }, (_, v) =>
          v === at ? engine.execute(endless, { signal: controller.signal }) : engine.execute(insert(v)),
        ),
      )
      await reached('a')
      openGate('a')
      controller.abort(new Error('enough'))
      const outcomes = await settled
      expect(outcomes[at]).toMatchObject({ reason: { code: 'NOORMME_ABORTED', cause: { message: 'enough' } } })
      expect(new Set(codes(outcomes.toSpliced(at, 1)))).toEqual(new Set(['done']))
      expect(await values(engine)).toEqual(Array.from({ length: 256 }, (_, v) => v).toSpliced(at, 1))
    },
  )

  test('a batch that is stopped leaves nothing, also where it was reading', async () => {
    const { engine } = await open()
    const batches = [
      engine.batch([insert(1), { sql: ENDLESS }, insert(2)], { timeout: 100 }),
      engine.batch([insert(3), endlessInsert], { timeout: 100 }),
    ]
    const neighbour = engine.execute(insert(4))
    expect(codes(await Promise.allSettled(batches))).toEqual(['NOORMME_TIMEOUT', 'NOORMME_TIMEOUT'])
    await neighbour
    expect(await values(engine)).toEqual([4])
  })

  test('a single statement that outruns statementTimeout is stopped and named; one with a time of its own, or that makes an index, is not', async () => {
    const { engine, reached, open: openGate } = await open({ statementTimeoutMs: 150 })
    const overrun = engine.execute(endlessInsert)
    const neighbour = engine.execute(insert(1))
    await expect(overrun).rejects.toMatchObject({
      code: 'NOORMME_TIMEOUT',
      hint: /statementTimeout/,
      context: { sql: endlessInsert.sql, limitMs: 150 },
    })
    await neighbour
    const age = () => engine.stats().connections[0]?.sqlAgeMs ?? 0
    const patient: readonly (readonly [string, Statement | Statement[], object])[] = [
      ['own', gatedInsert('own'), { timeout: 600_000 }],
      ['table', { sql: "CREATE TABLE copy AS SELECT gate('table') AS v" }, {}],
      ['batch', [gatedInsert('batch')], {}],
    ]
    for (const [name, work, limits] of patient) {
      const done = Array.isArray(work) ? engine.batch(work, limits) : engine.execute(work, limits)
      await reached(name)
      await expect.poll(age, { timeout: 20_000 }).toBeGreaterThan(400)
      openGate(name)
      await done
    }
    expect(await values(engine)).toEqual([1, 1, 1])
  })

  test('a write that is done before it can be stopped has its true outcome', async () => {
    const { engine, reached, open: openGate } = await open()
    const controller = new AbortController()
    const first = engine.execute(gatedInsert('a'))
    await reached('a')
    const write = engine.execute(insert(2), { signal: controller.signal })
    openGate('a')
    await Promise.all([first, write])
    controller.abort()
    expect(await write).toMatchObject({ changes: 1 })
    expect(await values(engine)).toEqual([1, 2])
  })

  test('of writes that end with their calls all over a group, what is told is what is there', async () => {
    const { engine } = await open()
    for (let round = 0; round < 20; round++) {
      const controllers = Array.from({ length: 256 }, () => new AbortController())
      const all = Promise.allSettled(
        controllers.map(({ signal }, n) => engine.execute(insert(round * 256 + n), { signal })),
      )
      setImmediate(() => {
        for (const [n, controller] of controllers.entries()) if (n % 3 === round % 3) controller.abort()
      })
      const told = (await all).flatMap(({ status }, n) => (status === 'fulfilled' ? [round * 256 + n] : []))
      const [from, to] = [round * 256, round * 256 + 255]
      const stored = await rowsOf(engine, 'SELECT v FROM t WHERE v BETWEEN ? AND ? ORDER BY v', from, to)
      expect(stored).toEqual(told.map((v) => ({ v })))
    }
  })
})

describe.skipIf(!hasNative).each(['delete', 'memory'] as const)('without readers, on %s,', (kind) => {
  test('a read is stopped on the writer’s thread, by its call and by statementTimeout', async () => {
    const { engine } = await openGatedEngine(kind, { native: true, statementTimeoutMs: 150 })
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    await expect(engine.execute({ sql: ENDLESS }, { timeout: 50 })).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    await expect(engine.execute({ sql: ENDLESS })).rejects.toMatchObject({ hint: /statementTimeout/ })
    await engine.execute(insert(1))
    expect(await values(engine)).toEqual([1])
  })
})

test('of a write that an interrupt meets after its last step nothing stays: kept, it would be committed with its neighbours', async () => {
  const connection = await openConnection({ role: 'writer' })
  const context = { connection, turns: new FairTurns(), busyTimeout: 1000, slot: new RunSlot() }
  connection.write('CREATE TABLE t (v)', [])
  connection.control('BEGIN IMMEDIATE')
  const interrupted = new StatementError({ reason: 'interrupted' }, { sqliteCode: 'SQLITE_INTERRUPT' })
  const write = () => {
    connection.write('INSERT INTO t VALUES (1)', [])
    throw interrupted
  }
  expect(thrownBy(() => runInterruptibly(context, 1, write))).toBe(interrupted)
  expect(connection.inTransaction).toBe(false)
  expect(connection.arrays('SELECT v FROM t', []).rows).toEqual([])
})

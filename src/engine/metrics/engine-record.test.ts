import { expect, onTestFinished, test, vi } from 'vitest'
import type { EngineStats } from '../types.ts'
import { EngineRecord, INTERVALS } from './engine-record.ts'

const { engine } = await (async () => {
  const { openEngine } = await import('../engine.ts')
  const { engineOptions } = await import('../../../test/support/engine-options.ts')
  return { engine: await openEngine(engineOptions(':memory:')) }
})()
const STATS: EngineStats = engine.stats()
await engine.close()

const counters = (writes: number): EngineStats => ({ ...STATS, counters: { ...STATS.counters, writes } })
const answer = { sql: 'SELECT 1', rows: 2, changes: 0, duration: 4, running: 1 }

test('a point holds what happened in its interval alone', () => {
  const record = new EngineRecord()
  record.sample(counters(0), 1_000)
  record.answered(answer)
  record.answered({ ...answer, sql: 'DELETE FROM t', rows: 0, changes: 3 })
  record.failed([{ sql: 'SELECT 2' }], 'NOORMME_BUSY')
  record.committed(3)
  record.committed(5)
  record.busyWaited(7)
  record.sample(counters(8), 2_000)
  record.sample(counters(8), 3_000)

  const [first, second, third] = record.history('seconds').points
  const counted = { rowsRead: 2, rowsWritten: 3, errors: 1, writes: 8, batchMean: 4, batchMax: 5, busyWaitMs: 7 }
  expect(second).toMatchObject({ at: 2_000, ...counted, read: { max: 4 }, write: { max: 4 } })
  const nothing = { rowsRead: 0, rowsWritten: 0, errors: 0, writes: 0, batchMean: null, batchMax: null, busyWaitMs: 0 }
  for (const point of [first, third]) expect(point).toMatchObject({ ...nothing, read: { p50: null, max: null } })
})

test('histories have a fixed length, the oldest first', () => {
  const record = new EngineRecord()
  for (let at = 1; at <= INTERVALS.seconds.points + 10; at++) record.sample(STATS, at)
  const { points, intervalMs } = record.history('seconds')
  expect(points.length).toBe(900)
  expect([points[0]?.at, points.at(-1)?.at, intervalMs]).toEqual([11, 910, 1_000])
})

test('a minute has what its seconds had together', () => {
  let nowMs = 0
  const record = new EngineRecord({ now: () => nowMs })
  record.sample(counters(0), 0)
  for (let second = 1; second <= 60; second++) {
    nowMs = second * 1_000
    record.answered({ ...answer, duration: second })
    record.committed(second)
    record.sample(counters(second), nowMs)
  }
  const { points } = record.history('minutes')
  expect(points).toMatchObject([
    { at: 60_000, writes: 60, rowsRead: 120, batchMax: 60, batchMean: 30.5, read: { max: 60 } },
  ])
  expect(record.durations('read').count).toBe(60)
})

test('suspects are kept by place and statement, the newest first, fifty of them', () => {
  const record = new EngineRecord()
  const suspect = (n: number, count: number) => ({ sql: 'SELECT 1', origin: `at ${n}`, suggestion: '', at: '', count })
  for (let n = 0; n < 60; n++) record.suspected(suspect(n, 10))
  record.suspected(suspect(30, 20))
  expect(record.suspects.length).toBe(50)
  expect(record.suspects[0]).toMatchObject({ origin: 'at 30', count: 20 })
  expect(record.suspects.filter(({ origin }) => origin === 'at 30')).toHaveLength(1)
})

test('each second is sampled from start to stop', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const record = new EngineRecord()
  record.start(() => STATS)
  vi.advanceTimersByTime(3_000)
  record.stop()
  vi.advanceTimersByTime(3_000)
  expect(record.history('seconds').points.length).toBe(3)
  expect(vi.getTimerCount()).toBe(0)
})

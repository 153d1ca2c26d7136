import { expect, test } from 'vitest'
import type { MetricsPoint } from '../../../src/engine/metrics/types.ts'
import { overviewOf, tickOf } from '../../fixtures/database.ts'
import { pointAt } from '../../fixtures/points.ts'
import { TRAITS } from '../../fixtures/traits.ts'
import { columnsOf } from '../charts/spec.ts'
import { LOG, READS } from '../charts/specs.ts'
import { settingOf } from '../panels/settings.tsx'
import { isScan } from '../parts/sql.tsx'
import { sorted } from '../parts/table.tsx'
import { nowOf } from './now.ts'
import { nearest, RANGES, spanOf } from './range.ts'
import { verdict } from './verdict.ts'
import { withOverview, withTick } from './view.ts'

const NOON = Date.UTC(2026, 5, 1, 12)
const FACTS = { withActions: true, withBackups: true, session: 'one', openedAt: NOON }
const [, fiveMinutes, , hour] = RANGES
const point = (at: number, changes: Partial<MetricsPoint> = {}): MetricsPoint => ({
  ...pointAt(at, 1, TRAITS.healthy),
  ...changes,
})

test('a tick adds its point, and replaces what it tells', () => {
  const view = withOverview(null, overviewOf('healthy', NOON, FACTS))

  const next = withTick(view, tickOf('busy', NOON + 1000, FACTS))

  expect(next.seconds.at(-1)?.at).toBe(NOON + 1000)
  expect(next.overview.health.status).toBe('degraded')
  expect(next.overview.metrics.slowStatements).toHaveLength(23)
  expect(next.overview.recommendations).toBe(view.overview.recommendations)
})

test('no more points are kept than the server keeps, and the same second is kept once', () => {
  let view = withOverview(null, overviewOf('healthy', NOON, FACTS))

  for (const ms of [0, 1000, 1000, 2000]) view = withTick(view, tickOf('healthy', NOON + ms, FACTS))

  expect(view.seconds).toHaveLength(900)
  expect(view.seconds.slice(-3).map(({ at }) => at - NOON)).toEqual([0, 1000, 2000])
})

test('what was seen before a restart stays in view', () => {
  const before = withOverview(null, overviewOf('healthy', NOON, FACTS))

  const after = withOverview(before, overviewOf('empty', NOON + 60_000, { ...FACTS, session: 'two' }))

  expect(after.seconds.slice(-4).map(({ at }) => at - NOON)).toEqual([0, 58_000, 59_000, 60_000])
})

test('a gap is a gap, and no line across it', () => {
  const view = withOverview(null, overviewOf('healthy', NOON, FACTS))
  const seconds = [point(NOON - 20_000), point(NOON - 19_000), point(NOON - 1000), point(NOON)]

  const span = spanOf({ ...view, seconds }, fiveMinutes)

  expect(span.times.map((time) => time - NOON)).toEqual([-20_000, -19_000, -18_000, -1000, 0])
  expect(span.points[2]).toBeNull()
  expect([span.from, span.to]).toEqual([NOON - 300_000, NOON])
})

test('rates of minutes are by the second, and lines that are stacked are sums', () => {
  const view = withOverview(null, overviewOf('healthy', NOON, FACTS))
  const counts = { readsInline: 600, readsThreaded: 120, readsCached: 60 }

  const span = spanOf({ ...view, minutes: [point(NOON, counts)] }, hour)

  expect(columnsOf(READS, span)).toEqual([[NOON / 1000], [10], [12], [13]])
})

test('before the first minute has passed, long ranges show seconds', () => {
  const view = withOverview(null, overviewOf('empty', NOON, FACTS))

  expect(spanOf(view, hour)).toMatchObject({ intervalMs: 1000, times: { length: 3 } })
})

test('a checkpoint that could not finish is marked as one', () => {
  const marks = [{ checkpointsUnfinished: 1 }, { checkpointCopies: 1 }, {}].map((changes) =>
    LOG.mark?.(point(NOON, { checkpointCopies: 0, checkpointRestarts: 0, checkpointsUnfinished: 0, ...changes })),
  )

  expect(marks).toEqual(['unfinished', 'done', null])
})

test('the figures of the moment are means of rates, and the worst of latencies', () => {
  const seconds = [7, 4, 3, 2, 1, 0].map((ago) =>
    point(NOON - ago * 1000, { writes: ago === 7 ? 9999 : 10 * ago, read: { p50: 1, p95: 1, p99: ago, max: 9 } }),
  )

  expect(nowOf(seconds)).toMatchObject({ writes: 20, readP99: 4 })
  expect(nowOf([])).toBeNull()
})

test('the nearest point is found on both sides, and at both ends', () => {
  const times = [10, 20, 40]

  expect([0, 14, 16, 31, 99].map((at) => nearest(times, at))).toEqual([0, 0, 1, 2, 2])
  expect(nearest([], 5)).toBe(-1)
})

test('a verdict includes its bound, and there is none without a figure', () => {
  const bounds = { good: 5, watch: 50 }

  expect([5, 5.1, 50, 51, null].map((value) => verdict(value, bounds))).toEqual(['good', 'watch', 'watch', 'act', null])
})

test('what has no rank comes last, whichever way is sorted', () => {
  const columns = [{ id: 'n', title: 'n', cell: () => null, rank: (value: number | null) => value }]
  const by = (descending: boolean) => sorted([2, null, 3, 1], columns, { id: 'n', descending })

  expect(by(true)).toEqual([3, 2, 1, null])
  expect(by(false)).toEqual([1, 2, 3, null])
})

test('a setting is said once where connections agree, and by name where they do not', () => {
  const row = (label: string, synchronous: number) => ({ label, pragmas: { synchronous } })
  const rows = (...values: number[]) =>
    values.map((value, index) => row(`reader-${index}`, value)) as unknown as Parameters<typeof settingOf>[1]

  expect(settingOf('synchronous', rows(2, 2))).toBe('2')
  expect(settingOf('synchronous', rows(2, 1, 2))).toBe('2 (reader-0, reader-2), 1 (reader-1)')
})

test('a step of a plan is marked that reads all of a table, or sorts by itself', () => {
  const marked = (line: string) => isScan(line)

  expect(['SCAN works', '  SCAN a', 'USE TEMP B-TREE FOR ORDER BY'].map(marked)).toEqual([true, true, true])
  expect(
    [
      'SEARCH works USING INDEX works_style (style=?)',
      'SCAN works USING COVERING INDEX works_style',
      'SCAN works_fts VIRTUAL TABLE INDEX 32:M2',
      'SCAN CONSTANT ROW',
    ].map(marked),
  ).toEqual([false, false, false, false])
})

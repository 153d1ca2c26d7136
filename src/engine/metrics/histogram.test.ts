import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EXPORTED_BOUNDS_MS, Histogram } from './histogram.ts'

const histogramOf = (durations: readonly number[]): Histogram => {
  const histogram = new Histogram()
  for (const ms of durations) histogram.record(ms)
  return histogram
}

/** The duration at a share of all, exactly. */
const exactly = (durations: readonly number[], share: number): number =>
  durations.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * durations.length) - 1)] ?? 0

const durations = fc.array(
  fc.oneof(fc.double({ min: 0, max: 0.01, noNaN: true }), fc.double({ min: 0, max: 60_000, noNaN: true })),
  { minLength: 1, maxLength: 300 },
)

test('quantiles are right to a sixteenth, or an eighth of a microsecond, and the largest exactly', () => {
  fc.assert(
    fc.property(durations, (given) => {
      const { p50, p95, p99, max } = histogramOf(given).latency()
      for (const [found, share] of [
        [p50, 0.5],
        [p95, 0.95],
        [p99, 0.99],
      ] as const) {
        const right = exactly(given, share)
        expect(Math.abs((found ?? Number.NaN) - right)).toBeLessThanOrEqual(Math.max(right / 16, 0.000_125))
      }
      expect(max).toBe(Math.max(...given))
    }),
  )
})

test('what two have, one has that takes them in', () => {
  fc.assert(
    fc.property(durations, durations, (first, second) => {
      const added = histogramOf(first)
      added.add(histogramOf(second))
      const whole = histogramOf([...first, ...second])
      expect(added.latency()).toEqual(whole.latency())
      expect(added.exported().buckets).toEqual(whole.exported().buckets)
    }),
  )
})

test('exported buckets count what was shorter than their bounds', () => {
  fc.assert(
    fc.property(durations, (given) => {
      const { buckets, count, sumMs } = histogramOf(given).exported()
      expect(buckets.map(({ boundMs }) => boundMs)).toEqual(EXPORTED_BOUNDS_MS)
      for (const bucket of buckets) expect(bucket.count).toBe(given.filter((ms) => ms < bucket.boundMs).length)
      expect(count).toBe(given.length)
      expect(sumMs).toBeCloseTo(
        given.reduce((sum, ms) => sum + ms, 0),
        6,
      )
    }),
  )
})

test('an empty one knows nothing, and a cleared one is empty', () => {
  const histogram = histogramOf([3, 5])
  histogram.clear()
  expect(histogram.latency()).toEqual({ p50: null, p95: null, p99: null, max: null })
  expect(histogram.exported()).toEqual(new Histogram().exported())
})

test('clocks that go back and days that are lost are counted at the ends', () => {
  const { max } = histogramOf([-1, 10 ** 9]).latency()
  expect(max).toBe(10 ** 9)
  expect(histogramOf([-1, 10 ** 9]).count).toBe(2)
})

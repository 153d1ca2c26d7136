/** The stretch of time that charts show. */
import type { MetricsPoint } from '../../../src/engine/metrics/types.ts'
import type { View } from './view.ts'

export const RANGES = [
  { id: '1m', label: '1 min', ms: 60_000, history: 'seconds' },
  { id: '5m', label: '5 min', ms: 5 * 60_000, history: 'seconds' },
  { id: '15m', label: '15 min', ms: 15 * 60_000, history: 'seconds' },
  { id: '1h', label: '1 h', ms: 3_600_000, history: 'minutes' },
  { id: '6h', label: '6 h', ms: 6 * 3_600_000, history: 'minutes' },
  { id: '24h', label: '24 h', ms: 24 * 3_600_000, history: 'minutes' },
] as const

export type Range = (typeof RANGES)[number]
export type RangeId = Range['id']

const INTERVALS = { seconds: 1000, minutes: 60_000 } as const

/** Points in the range, oldest first. A `null` stands where nothing was recorded, so that no line is drawn across. */
export interface Span {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly intervalMs: number
  readonly times: readonly number[]
  readonly points: readonly (MetricsPoint | null)[]
}

export function spanOf(view: View, { ms, history: wanted }: Range): Span {
  // In its first minute a database has no minutes; one seen from outside never has.
  const history = view[wanted].length > 0 ? wanted : 'seconds'
  const intervalMs = INTERVALS[history]
  const all = view[history]
  const to = Math.max(all.at(-1)?.at ?? 0, view.seconds.at(-1)?.at ?? 0) || Date.parse(view.overview.health.at)
  const from = to - ms
  const times: number[] = []
  const points: (MetricsPoint | null)[] = []
  let previous: number | null = null
  for (const point of all) {
    if (point.at < from) continue
    if (previous !== null && point.at - previous > 2.5 * intervalMs) {
      times.push(previous + intervalMs)
      points.push(null)
    }
    times.push(point.at)
    points.push(point)
    previous = point.at
  }
  return { from, to, intervalMs, times, points }
}

/** Index of the point nearest to a time; -1 when there is none. */
export function nearest(times: readonly number[], at: number): number {
  let low = 0
  let high = times.length - 1
  if (high < 0) return -1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < at) low = middle
    else high = middle
  }
  return at - (times[low] ?? 0) <= (times[high] ?? 0) - at ? low : high
}

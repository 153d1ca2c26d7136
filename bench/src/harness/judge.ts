/** Compares what was measured with what is expected. */
import type { Bar, Metric, Work } from '../work.ts'
import type { WorkRecord } from './results.ts'
import { median, medianDifference, medianRatio } from './statistics.ts'

/** Under this distance from a bar (as a share of it) a ratio needs many pairs to be told from noise. */
const CLOSE = 0.15
const PAIRS_FOR_CLOSE = 20

export interface Verdict {
  /** `noormme ≥ 0.65 × better-sqlite3` */
  readonly expected: string
  readonly found: number
  readonly met: boolean
  /** Close to the bar, and measured too few times to decide. */
  readonly close: boolean
}

/** `null` when whom it is about, or all it is compared with, failed. */
export function judge(bar: Bar, work: Work, record: WorkRecord): Verdict | null {
  const metric = work.metrics.find(({ name }) => name === bar.metric)
  if (metric === undefined) throw new Error(`${work.name} has no metric ${bar.metric}`)
  const values = valuesOf(record, bar.of, metric)
  const others = (bar.kind === 'value' ? [] : [bar.to].flat()).flatMap((lane) => {
    const theirs = valuesOf(record, lane, metric)
    return theirs === null ? [] : [theirs]
  })
  if (values === null || (bar.kind !== 'value' && others.length === 0)) return null
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = bar
  const found = foundFor(bar, metric, values, others)
  const limit = Number.isFinite(atLeast) ? atLeast : atMost

  return {
    expected: `${bar.of} ${Number.isFinite(atLeast) ? '≥' : '≤'} ${limit}${describeOther(bar)} (${metric.title})`,
    found,
    met: found >= atLeast && found <= atMost,
    close: bar.kind === 'ratio' && Math.abs(found - limit) < CLOSE * limit && values.length < PAIRS_FOR_CLOSE,
  }
}

/** `null` when the lane failed. */
export function valuesOf(record: WorkRecord, lane: string, metric: Metric): readonly number[] | null {
  if (record.failed[lane] !== undefined) return null
  const values = record.lanes[lane]?.[metric.name]
  if (values === undefined) throw new Error(`${record.work} has no ${metric.name} of ${lane}`)
  return values
}

function foundFor(bar: Bar, metric: Metric, values: readonly number[], others: readonly (readonly number[])[]): number {
  switch (bar.kind) {
    case 'ratio': {
      const ratios = others.map((theirs) => medianRatio(values, theirs))
      return bar.atLeast === undefined ? Math.max(...ratios) : Math.min(...ratios)
    }
    case 'difference':
      return medianDifference(values, others[0] ?? [])
    case 'value':
      return summary(metric, values)
    default:
      return bar satisfies never
  }
}

/** The one number that stands for all rounds. */
export function summary({ worst, better }: Metric, values: readonly number[]): number {
  if (worst !== true) return median(values)
  return better === 'lower' ? Math.max(...values) : Math.min(...values)
}

function describeOther(bar: Bar): string {
  switch (bar.kind) {
    case 'ratio':
      return ` × ${bar.to.length === 1 ? bar.to[0] : `the best of ${bar.to.join(' and ')}`}`
    case 'difference':
      return ` more than ${bar.to}`
    case 'value':
      return ''
    default:
      return bar satisfies never
  }
}

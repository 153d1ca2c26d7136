/** What a chart is made of. */
import type { MetricsPoint } from '../../../src/engine/metrics/types.ts'
import type { Unit } from '../format/quantity.ts'
import type { Span } from '../state/range.ts'
import type { View } from '../state/view.ts'

export type Color = 'blue' | 'blue-soft' | 'blue-deep' | 'teal' | 'violet' | 'amber' | 'slate'

export interface Line {
  readonly label: string
  /** `null`: in the legend alone. */
  readonly color: Color | null
  /** Of the interval; a rate is divided by its length. */
  readonly of: (point: MetricsPoint) => number | null
  /** Where it differs from the chart's. */
  readonly unit?: Unit
  readonly filled?: true
}

export interface ChartSpec {
  readonly id: string
  readonly title: string
  readonly unit: Unit
  readonly hint: string
  readonly lines: readonly Line[]
  /** Each line stands on the one before. */
  readonly stacked?: true
  /** The axis reaches at least so far, so that noise does not look like a mountain. */
  readonly reach: number
  /** The axis ends here, whatever comes. */
  readonly top?: number
  readonly limit?: (view: View) => number | null
  readonly mark?: (point: MetricsPoint) => 'done' | 'unfinished' | null
  /** In place of a chart without a single value. */
  readonly empty: string
}

/** Of one line, at each time of the span. */
export function valuesOf({ of, unit }: Line, spec: ChartSpec, span: Span): readonly (number | null)[] {
  const divisor = (unit ?? spec.unit) === 'rate' ? span.intervalMs / 1000 : 1
  return span.points.map((point) => {
    const value = point === null ? null : of(point)
    return value === null ? null : value / divisor
  })
}

/** Columns for drawing: time in seconds, then each drawn line; stacked ones as sums. */
export function columnsOf(spec: ChartSpec, span: Span): readonly (readonly (number | null)[])[] {
  const drawn = spec.lines.filter(({ color }) => color !== null).map((line) => valuesOf(line, spec, span))
  const times = span.times.map((time) => time / 1000)
  if (spec.stacked !== true) return [times, ...drawn]
  return [times, ...drawn.map((_, last) => span.times.map((_, row) => sumAt(drawn.slice(0, last + 1), row)))]
}

function sumAt(columns: readonly (readonly (number | null)[])[], row: number): number | null {
  const values = columns.map((column) => column[row] ?? null)
  return values.some((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}

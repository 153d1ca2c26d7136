/** uPlot's options for a chart of ours. */
import type uPlot from 'uplot'
import { quantity, type Unit } from '../format/quantity.ts'
import { clock, shortClock } from '../format/time.ts'
import type { Span } from '../state/range.ts'
import { colorOf } from './colors.ts'
import { marksPlugin } from './marks.ts'
import type { ChartSpec, Line } from './spec.ts'

/** What changes while a chart stays. */
export interface Live {
  readonly span: Span
  readonly limit: number | null
}

export const CHART_HEIGHT = 156
/** Axes of the same width put the same time at the same place in all charts of a column. */
const AXIS_WIDTH = 54
const BYTE_STEPS = Array.from({ length: 44 }, (_, power) => 2 ** power)
/** Seconds, written as 14:03:20 and as 14:03. */
const SECOND_STEPS = [5, 10, 15, 20, 30]
const MINUTE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * 60)
/** 1, 2, 5, 10, …: nothing counts in halves. */
const COUNT_STEPS = Array.from({ length: 30 }, (_, step) => [1, 2, 5][step % 3] ?? 1).map(
  (digit, step) => digit * 10 ** Math.floor(step / 3),
)

export function optionsOf(
  spec: ChartSpec,
  width: number,
  live: () => Live,
  onCursor: (plot: uPlot) => void,
): uPlot.Options {
  const drawn = spec.lines.filter((line) => line.color !== null)
  return {
    width,
    height: CHART_HEIGHT,
    padding: [8, () => (isShort(live()) ? 27 : 17), 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, width: 2, fill: colorOf('panel') } },
    scales: {
      x: { time: true, range: () => [live().span.from / 1000, live().span.to / 1000] },
      y: { range: (_, __, most) => [0, spec.top ?? topOf(most, spec.reach, live().limit)] },
    },
    series: [{}, ...drawn.map((line, index) => seriesOf(line, spec, index))],
    bands: spec.stacked === true ? bandsOf(drawn) : [],
    axes: [timeAxis(live), valueAxis(spec.unit)],
    hooks: { setCursor: [onCursor] },
    plugins: [marksPlugin(spec, live)],
  }
}

/** A little room above the highest value, and above the limit where there is one. */
function topOf(most: number | null, reach: number, limit: number | null): number {
  return Math.max(reach, (most ?? 0) * 1.1, (limit ?? 0) * 1.12)
}

function seriesOf({ color, filled }: Line, spec: ChartSpec, index: number): uPlot.Series {
  const stroke = colorOf(`series-${color}`)
  const isGround = filled === true || (spec.stacked === true && index === 0)
  return {
    stroke,
    width: 1.5,
    points: { show: false },
    ...(isGround ? { fill: colorOf(`series-${color}`, 16) } : {}),
  }
}

/** Between each line and the one below it. */
function bandsOf(drawn: readonly Line[]): uPlot.Band[] {
  return drawn.slice(1).map(({ color }, index) => ({
    series: [index + 2, index + 1],
    fill: colorOf(`series-${color}`, 16),
  }))
}

const font = (): string => `11px ${getComputedStyle(document.body).fontFamily}`

/** Then seconds are part of every time. */
const isShort = ({ span }: Live): boolean => span.to - span.from < 2 * 60_000

function timeAxis(live: () => Live): uPlot.Axis {
  return {
    stroke: colorOf('muted'),
    font: font(),
    size: 26,
    gap: 4,
    space: () => (isShort(live()) ? 64 : 42),
    incrs: () => (isShort(live()) ? SECOND_STEPS : MINUTE_STEPS),
    grid: { show: false },
    ticks: { stroke: colorOf('line'), width: 1, size: 4 },
    values: (_, splits) => splits.map((at) => (isShort(live()) ? clock : shortClock)(at * 1000)),
  }
}

function valueAxis(unit: Unit): uPlot.Axis {
  return {
    stroke: colorOf('muted'),
    font: font(),
    size: AXIS_WIDTH,
    gap: 6,
    space: 30,
    grid: { stroke: colorOf('line'), width: 1 },
    ticks: { show: false },
    ...(unit === 'bytes' ? { incrs: BYTE_STEPS } : unit === 'count' ? { incrs: COUNT_STEPS } : {}),
    values: (_, splits) => splits.map((value) => axisText(value, unit)),
  }
}

/** Without the zeros that a table needs. */
function axisText(value: number, unit: Unit): string {
  const { value: number, unit: name } = quantity(value, unit)
  const short = number.includes('.') ? number.replace(/\.?0+(?=[kM]?$)/, '') : number
  return name === '' || name === '/s' ? short : `${short} ${name}`
}

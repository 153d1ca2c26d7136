/** The charts that README.md shows. */
import { formatNumber } from '../harness/format-number.ts'
import { summary, valuesOf } from '../harness/judge.ts'
import type { Results } from '../harness/results.ts'
import { EVERYBODY, type Lane, type Work } from '../work.ts'
import { type Bar, barChart } from './bar-chart.ts'

interface Chart {
  /** Its file is `bench/charts/NAME.svg`. */
  readonly name: string
  readonly work: string
  readonly metric: string
  readonly title: string
  readonly axis: string
}

export const CHARTS: readonly Chart[] = [
  {
    name: 'point-reads',
    work: 'find-by-id',
    metric: 'perSecond',
    title: 'Reading rows by primary key, one after another',
    axis: 'reads a second, more is better',
  },
  {
    name: 'durable-inserts',
    work: 'create-100',
    metric: 'perSecond',
    title: '100 clients creating rows, each on the disk when its promise resolves',
    axis: 'rows a second with synchronous = FULL, more is better',
  },
  {
    name: 'loop-delay',
    work: 'aggregate',
    metric: 'delayMs',
    title: 'How long a query of 300 ms blocks everything else',
    axis: 'longest delay of the event loop in milliseconds, less is better',
  },
  {
    name: 'shop-mix',
    work: 'northwind',
    metric: 'mix',
    title: "Pages of a shop, in the mix of Drizzle's benchmark",
    axis: 'questions a second, more is better',
  },
]

/** SVG by name, of those whose work has been measured. */
export function drawCharts(works: readonly Work[], results: Results): ReadonlyMap<string, string> {
  return new Map(
    CHARTS.flatMap((chart) => {
      const svg = draw(chart, works, results)
      return svg === null ? [] : [[chart.name, svg] as const]
    }),
  )
}

function draw({ work: name, metric: metricName, title, axis }: Chart, works: readonly Work[], results: Results) {
  const work = works.find((candidate) => candidate.name === name)
  const metric = work?.metrics.find((candidate) => candidate.name === metricName)
  if (work === undefined || metric === undefined) throw new Error(`there is no ${metricName} of ${name}`)
  const record = results.works.find((candidate) => candidate.work === name)
  if (record === undefined) return null

  const bars = work.lanes.filter(isCharted).map((lane): Bar => {
    const values = valuesOf(record, lane.name, metric)
    const value = values === null ? null : summary(metric, values)
    return { label: lane.contestant, value, highlighted: lane.contestant === 'noormme' }
  })
  const sign = metric.better === 'higher' ? -1 : 1
  const worst = metric.better === 'higher' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  bars.sort((one, other) => sign * ((one.value ?? worst) - (other.value ?? worst)))
  return barChart({ title, axis, bars, description: describe(bars, axis) })
}

/** One lane for each contestant: as durable as can be, and as it is installed. */
function isCharted({ name, contestant, synchronous }: Lane): boolean {
  const plain = name === contestant || name === `${contestant}, FULL`
  return EVERYBODY.includes(contestant) && synchronous === 'FULL' && plain
}

function describe(bars: readonly Bar[], axis: string): string {
  const texts = bars.map(({ label, value }) => `${label} ${value === null ? 'failed' : formatNumber(value)}`)
  return `${axis}: ${texts.join(', ')}.`
}

/**
 * A bar chart as SVG: bars lie, the best on top, the axis starts at 0. Its colours follow the reader's light or dark theme.
 */
import { formatNumber } from '../harness/format-number.ts'
import { ticksUpTo } from './ticks.ts'

export interface BarChart {
  readonly title: string
  /** Under the axis: what is counted, and whether more is better. */
  readonly axis: string
  /** In the order in which they are drawn. */
  readonly bars: readonly Bar[]
  /** For those who do not see it. */
  readonly description: string
}

export interface Bar {
  readonly label: string
  /** `null`: it failed. */
  readonly value: number | null
  readonly highlighted: boolean
}

const WIDTH = 760
const LABEL_WIDTH = 170
/** Room for the longest bar's number. */
const VALUE_WIDTH = 90
const ROW = 24
const BAR = 15
const TOP = 44
const AXIS = 46
const PLOT = WIDTH - LABEL_WIDTH - VALUE_WIDTH

const STYLE = `
    text { font: 13px -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: #424a53 }
    .title { font-size: 15px; font-weight: 600; fill: #1f2328 }
    .small { font-size: 12px; fill: #59636e }
    .ours { font-weight: 600; fill: #1f2328 }
    .bar { fill: #a3afbd }
    .bar.ours { fill: #1f6feb }
    .line { stroke: #d1d9e0; stroke-width: 1 }
    @media (prefers-color-scheme: dark) {
      text { fill: #c5cdd6 }
      .title, .ours { fill: #f0f6fc }
      .small { fill: #9198a1 }
      .bar { fill: #5b6570 }
      .bar.ours { fill: #4493f8 }
      .line { stroke: #3d444d }
    }`

export function barChart({ title, axis, bars, description }: BarChart): string {
  const ticks = ticksUpTo(Math.max(...bars.map(({ value }) => value ?? 0)))
  const scale = PLOT / (ticks.at(-1) ?? 1)
  const bottom = TOP + bars.length * ROW
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + AXIS}" width="${WIDTH}" height="${bottom + AXIS}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(title)}</title>
  <desc id="description">${escaped(description)}</desc>
  <style>${STYLE}
  </style>
  <text class="title" x="10" y="20">${escaped(title)}</text>
${ticks.map((tick) => tickLine(tick, scale, bottom)).join('\n')}
${bars.map((bar, index) => barLine(bar, scale, TOP + index * ROW)).join('\n')}
  <text class="small" x="${LABEL_WIDTH}" y="${bottom + 38}">${escaped(axis)}</text>
</svg>
`
}

function tickLine(tick: number, scale: number, bottom: number): string {
  const x = round(LABEL_WIDTH + tick * scale)
  return `  <line class="line" x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${bottom}"/>
  <text class="small" x="${x}" y="${bottom + 17}" text-anchor="middle">${formatNumber(tick)}</text>`
}

function barLine({ label, value, highlighted }: Bar, scale: number, y: number): string {
  const ours = highlighted ? ' ours' : ''
  const length = round((value ?? 0) * scale)
  const baseline = y + 12
  return `  <text class="label${ours}" x="${LABEL_WIDTH - 10}" y="${baseline}" text-anchor="end">${escaped(label)}</text>
  <rect class="bar${ours}" x="${LABEL_WIDTH}" y="${y}" width="${length}" height="${BAR}" rx="2"/>
  <text class="value${ours}" x="${round(LABEL_WIDTH + length + 7)}" y="${baseline}">${value === null ? 'failed' : formatNumber(value)}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

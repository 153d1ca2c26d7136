import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { clock } from '../format/time.ts'
import { Figure } from '../parts/figure.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { crosshair } from '../state/page.ts'
import { nearest, type Span } from '../state/range.ts'
import { useStore } from '../state/store.ts'
import type { View } from '../state/view.ts'
import { Plot } from './plot.tsx'
import { type ChartSpec, valuesOf } from './spec.ts'

interface ChartPanelProps {
  readonly spec: ChartSpec
  readonly span: Span
  readonly view: View
  readonly wide?: 'two' | 'all'
  readonly tools?: ComponentChildren
  /** Beside the chart. */
  readonly children?: ComponentChildren
}

/** A chart with its values: of the time under the crosshair, or the newest. */
export function ChartPanel({ spec, span, view, wide, tools, children }: ChartPanelProps) {
  const isEmpty = useMemo(() => isWithoutValues(spec, span), [spec, span])
  return (
    <Panel
      id={spec.id}
      title={spec.title}
      note={<LegendTime span={span} />}
      hint={spec.hint}
      {...(wide === undefined ? {} : { wide })}
      {...(tools === undefined ? {} : { tools })}
    >
      <div class={children === undefined ? undefined : 'beside'}>
        <div class="chart">
          <Legend spec={spec} span={span} />
          {isEmpty ? <Empty>{spec.empty}</Empty> : <Plot spec={spec} span={span} limit={spec.limit?.(view) ?? null} />}
        </div>
        {children}
      </div>
    </Panel>
  )
}

function isWithoutValues(spec: ChartSpec, span: Span): boolean {
  return spec.lines
    .filter(({ color }) => color !== null)
    .every((line) => valuesOf(line, spec, span).every((value) => value === null))
}

function LegendTime({ span }: { readonly span: Span }) {
  const at = useStore(crosshair)
  const index = at === null ? -1 : nearest(span.times, at)
  return <time>{index === -1 ? 'now' : clock(span.times[index] ?? 0)}</time>
}

function Legend({ spec, span }: { readonly spec: ChartSpec; readonly span: Span }) {
  const at = useStore(crosshair)
  const index = at === null ? span.times.length - 1 : nearest(span.times, at)
  const point = span.points[index] ?? null
  return (
    <dl class="legend">
      {spec.lines.map((line) => {
        const unit = line.unit ?? spec.unit
        const value = point === null ? null : line.of(point)
        const divisor = unit === 'rate' ? span.intervalMs / 1000 : 1
        return (
          <div key={line.label}>
            <dt>
              <span class={`swatch swatch-${line.color ?? 'none'}`} aria-hidden="true" />
              {line.label}
            </dt>
            <dd>
              <Figure value={value === null ? null : value / divisor} unit={unit} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

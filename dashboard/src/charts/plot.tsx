import { useEffect, useMemo, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { text } from '../format/quantity.ts'
import { clock } from '../format/time.ts'
import { crosshair } from '../state/page.ts'
import { nearest, type Span } from '../state/range.ts'
import { useStore } from '../state/store.ts'
import { useColorScheme } from './colors.ts'
import { CHART_HEIGHT, type Live, optionsOf } from './draw.ts'
import { type ChartSpec, columnsOf, valuesOf } from './spec.ts'

interface PlotProps {
  readonly spec: ChartSpec
  readonly span: Span
  readonly limit: number | null
}

/**
 * The canvas, with the crosshair that all charts share. To a keyboard and to a screen reader it is a slider over time:
 * the arrow keys move the crosshair, and the values there are its text.
 */
export function Plot({ spec, span, limit }: PlotProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const live = useRef<Live>({ span, limit })
  live.current = { span, limit }
  const scheme = useColorScheme()
  const at = useStore(crosshair)
  const columns = useMemo(() => columnsOf(spec, span), [spec, span])

  // Colours are read when the chart is made: a new scheme makes it anew.
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const made = new uPlot(
      optionsOf(spec, element.clientWidth, () => live.current, followPointer),
      columns as uPlot.AlignedData,
      element,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: CHART_HEIGHT }))
    observer.observe(element)
    made.over.addEventListener('mouseleave', () => crosshair.set(null))
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [spec, scheme])

  useEffect(() => {
    plot.current?.setData(columns as uPlot.AlignedData)
  }, [columns, limit])

  // With new points the same time is at another place.
  useEffect(() => {
    const made = plot.current
    if (made === null || made.over.matches(':hover')) return
    const left = at === null ? -10 : made.valToPos(at / 1000, 'x')
    made.setCursor({ left, top: at === null ? -10 : 0 }, false)
  }, [at, columns])

  const index = at === null ? span.times.length - 1 : nearest(span.times, at)
  return (
    <div
      ref={host}
      class="plot"
      role="slider"
      tabIndex={0}
      aria-label={`${spec.title} over time`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, span.times.length - 1)}
      aria-valuenow={Math.max(0, index)}
      aria-valuetext={at === null ? 'live; the arrow keys go through the points' : spoken(spec, span, index)}
      onKeyDown={(event) => moveCrosshair(event, span, index)}
      onBlur={() => crosshair.set(null)}
    />
  )
}

/** Of the chart under the pointer alone: the others are told by it. */
function followPointer(plot: uPlot): void {
  if (!plot.over.matches(':hover')) return
  const { idx } = plot.cursor
  const time = idx === null || idx === undefined ? undefined : plot.data[0][idx]
  if (time !== undefined) crosshair.set(time * 1000)
}

function moveCrosshair(event: KeyboardEvent, { times }: Span, index: number): void {
  const step = event.shiftKey ? 10 : 1
  const last = times.length - 1
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: index - step,
    ArrowRight: index + step,
    Home: 0,
    End: last,
  }
  const target = targets[event.key]
  if (target === undefined) return
  event.preventDefault()
  crosshair.set(times[Math.min(Math.max(target, 0), last)] ?? null)
}

function spoken(spec: ChartSpec, span: Span, index: number): string {
  const values = spec.lines.map((line) => {
    const value = valuesOf(line, spec, span)[index] ?? null
    return `${line.label} ${text(value, line.unit ?? spec.unit)}`
  })
  return `${clock(span.times[index] ?? 0)}: ${values.join(', ')}`
}

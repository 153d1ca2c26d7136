/** What is drawn over a chart's lines: its limit, and a mark for each checkpoint. */
import type uPlot from 'uplot'
import { text } from '../format/quantity.ts'
import { colorOf } from './colors.ts'
import type { Live } from './draw.ts'
import type { ChartSpec } from './spec.ts'

const MARK_HEIGHT = 6
const LABEL_GAP = 4

export function marksPlugin(spec: ChartSpec, live: () => Live): uPlot.Plugin {
  const limitColor = colorOf('act')
  const colors = { done: colorOf('series-teal'), unfinished: colorOf('watch') }

  const drawLimit = (plot: uPlot, limit: number) => {
    const { ctx, bbox } = plot
    const y = Math.round(plot.valToPos(limit, 'y', true))
    ctx.save()
    ctx.strokeStyle = limitColor
    ctx.fillStyle = limitColor
    ctx.lineWidth = devicePixelRatio
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`
    ctx.textAlign = 'right'
    ctx.textBaseline = 'top'
    ctx.fillText(`limit ${text(limit, spec.unit)}`, bbox.left + bbox.width, y + LABEL_GAP * devicePixelRatio)
    ctx.restore()
  }

  const drawMarks = (plot: uPlot, mark: NonNullable<ChartSpec['mark']>) => {
    const { ctx, bbox } = plot
    const { points, times } = live().span
    const bottom = bbox.top + bbox.height
    ctx.save()
    for (const [index, point] of points.entries()) {
      const kind = point === null ? null : mark(point)
      if (kind === null) continue
      const x = plot.valToPos((times[index] ?? 0) / 1000, 'x', true)
      const reach = MARK_HEIGHT * devicePixelRatio
      ctx.fillStyle = colors[kind]
      ctx.beginPath()
      ctx.moveTo(x, bottom - reach)
      ctx.lineTo(x - reach / 2, bottom)
      ctx.lineTo(x + reach / 2, bottom)
      ctx.fill()
    }
    ctx.restore()
  }

  return {
    hooks: {
      draw: (plot) => {
        const { limit } = live()
        if (limit !== null) drawLimit(plot, limit)
        if (spec.mark !== undefined) drawMarks(plot, spec.mark)
      },
    },
  }
}

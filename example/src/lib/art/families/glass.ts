/** Stained glass: leaded panes, free or ordered into a rose window, with light behind them. */
import type { Sketch } from '../sketch.ts'
import { backdrop, circlePath, glow, HEIGHT, linePath, type Point, WIDTH } from '../svg.ts'
import { centroid, voronoi } from '../voronoi.ts'

const TONES = 10

export function glass({ random, noise, palette }: Sketch): string {
  const focus = { x: random.between(250, 550), y: random.between(280, 620) }
  const rose = random.chance(0.45)
  const spread = random.between(420, 640)
  const lead = palette.dark ? palette.groundShaded(-0.06) : palette.shaded(1, -0.14)
  const cells = voronoi(rose ? window() : panes())
  const fills = new Map<string, string>()

  for (const cell of cells) {
    if (cell.length < 3) continue
    const middle = centroid(cell)
    const distance = Math.hypot(middle.x - focus.x, middle.y - focus.y) / spread
    const wander = noise(middle.x / 190, middle.y / 190) * 0.5 + random.normal() * 0.07
    const raw = palette.dark ? 1 - distance * 0.8 + wander : distance * 0.75 + wander
    const tone = Math.round(Math.min(1, Math.max(0, raw)) * (TONES - 1)) / (TONES - 1)
    const color = random.chance(0.08) ? palette.accent : palette.ramp(tone)
    fills.set(color, (fills.get(color) ?? '') + linePath(cell, 'z'))
  }

  const width = rose ? 7 : random.pick([5, 7, 9])
  const drawn = [...fills].map(([color, path]) => `<path d="${path}" fill="${color}"/>`).join('')
  const circles = rose ? `<path d="${circlePath(focus, 96)}${circlePath(focus, 300)}" fill="none"/>` : ''
  const light = `<circle cx="${Math.round(focus.x)}" cy="${Math.round(focus.y)}" r="520" fill="url(#g)"/>`
  return (
    `<defs>${glow('g', palette.dark ? palette.accent : '#ffffff', 0.4)}</defs>${backdrop(lead)}` +
    `<g stroke="${lead}" stroke-width="${width}" stroke-linejoin="round">${drawn}${circles}</g>${light}`
  )

  /** Scattered points, moved once to the middle of their cells so that no pane is a splinter. */
  function panes(): Point[] {
    const count = random.int(60, 120)
    const scattered = Array.from({ length: count }, () => ({
      x: random.between(0, WIDTH),
      y: random.between(0, HEIGHT),
    }))
    return voronoi(scattered).map(centroid)
  }

  /** Points on circles around the focus. */
  function window(): Point[] {
    const fold = random.pick([8, 10, 12, 16])
    const points: Point[] = [focus]
    for (let ring = 1; ring <= 8; ring++) {
      const many = ring < 3 ? fold : fold * 2
      for (let spoke = 0; spoke < many; spoke++) {
        const angle = ((spoke + (ring % 2) / 2) / many) * 2 * Math.PI
        const radius = ring * 78 + (ring > 3 ? random.normal() * 5 : 0)
        const point = { x: focus.x + Math.cos(angle) * radius, y: focus.y + Math.sin(angle) * radius }
        if (point.x > -60 && point.x < WIDTH + 60 && point.y > -60 && point.y < HEIGHT + 60) points.push(point)
      }
    }
    return points
  }
}

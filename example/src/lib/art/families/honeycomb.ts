/** Honeycomb: hexagons as cells of wax, as stacked blocks or as rings, thinning out towards an edge. */
import type { Sketch } from '../sketch.ts'
import { backdrop, glow, HEIGHT, linePath, type Point, WIDTH } from '../svg.ts'

const TONES = 9

export function honeycomb({ random, noise, palette }: Sketch): string {
  const kind = random.pick(['cells', 'blocks', 'rings'])
  const size = random.pick([50, 58, 66, 78])
  const center = { x: random.between(220, 580), y: random.between(300, 700) }
  const reach = random.between(360, 620)
  const fade = random.between(0.25, 1)
  const layers = new Map<string, string>()

  const across = size * Math.sqrt(3)
  for (let row = -1; row * size * 1.5 < HEIGHT + size; row++) {
    for (let column = -1; column * across < WIDTH + across; column++) {
      const middle = { x: column * across + (row % 2 === 0 ? 0 : across / 2), y: row * size * 1.5 }
      const distance = Math.hypot(middle.x - center.x, (middle.y - center.y) * 0.85) / reach
      if (distance + noise(middle.x / 210, middle.y / 210) * 0.35 > 0.62 + fade) continue
      const tone = 0.16 + distance * 0.55 + noise(middle.x / 170 + 9, middle.y / 170) * 0.5
      draw(middle, Math.min(1, Math.max(0, tone)))
    }
  }

  const warmth = `<defs>${glow('g', palette.accent, palette.dark ? 0.4 : 0.3)}</defs>`
  const light = `<circle cx="${Math.round(center.x)}" cy="${Math.round(center.y)}" r="${Math.round(reach)}" fill="url(#g)"/>`
  const drawn = [...layers].map(([attributes, path]) => `<path d="${path}" ${attributes}/>`)
  return `${warmth}${backdrop(palette.ground)}${light}<g stroke-linejoin="round">${drawn.join('')}</g>`

  function add(attributes: string, path: string): void {
    layers.set(attributes, (layers.get(attributes) ?? '') + path)
  }

  function draw(middle: Point, raw: number): void {
    const tone = Math.round(raw * (TONES - 1)) / (TONES - 1)
    const chosen = random.chance(0.045)
    const fill = chosen ? palette.accent : palette.ramp(tone)

    switch (kind) {
      case 'blocks':
        add(`fill="${palette.shaded(tone, 0.08)}"`, face(middle, [3, 4, 5]))
        add(`fill="${chosen ? palette.accent : palette.shaded(tone, -0.01)}"`, face(middle, [5, 0, 1]))
        add(`fill="${palette.shaded(tone, -0.12)}"`, face(middle, [1, 2, 3]))
        return
      case 'rings': {
        const rings = chosen ? 1 : random.int(1, 3)
        if (chosen) add(`fill="${fill}"`, hexagon(middle, size * 0.84))
        for (let ring = 0; ring < rings; ring++) {
          add(
            `fill="none" stroke="${fill}" stroke-width="${size > 50 ? 6 : 4.5}"`,
            hexagon(middle, size * (0.84 - ring * 0.27)),
          )
        }
        return
      }
      default:
        add(`fill="${fill}"`, hexagon(middle, size * 0.92))
        if (raw < 0.62)
          add(`fill="${palette.shaded(tone, palette.dark ? 0.07 : 0.05)}"`, hexagon(shift(middle, -3), size * 0.66))
        if (chosen) add(`fill="${palette.shaded(0.1, 0.06)}"`, hexagon(shift(middle, -4), size * 0.4))
    }
  }

  function shift({ x, y }: Point, by: number): Point {
    return { x, y: y + by }
  }

  function corner(middle: Point, index: number, radius: number): Point {
    const turn = (Math.PI / 3) * index + Math.PI / 6
    return { x: middle.x + Math.cos(turn) * radius, y: middle.y + Math.sin(turn) * radius }
  }

  function hexagon(middle: Point, radius: number): string {
    return linePath(
      [0, 1, 2, 3, 4, 5].map((index) => corner(middle, index, radius)),
      'z',
    )
  }

  /** A third of the hexagon: its middle and three corners. */
  function face(middle: Point, corners: readonly number[]): string {
    return linePath([middle, ...corners.map((index) => corner(middle, index, size * 0.985))], 'z')
  }
}

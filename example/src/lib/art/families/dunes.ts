/** Dunes: ridges fading into the distance under a low sun or a moon. */
import type { Sketch } from '../sketch.ts'
import { backdrop, circle, glow, HEIGHT, linePath, type Point, verticalGradient, WIDTH } from '../svg.ts'

export function dunes({ random, noise, palette }: Sketch): string {
  const horizon = random.between(330, 520)
  const layers = random.int(5, 8)
  const disc = { x: random.between(190, 610), y: random.between(170, horizon - 30) }
  const radius = random.between(50, 120)
  const sky = palette.dark
    ? [palette.groundShaded(-0.05), palette.ground, palette.shaded(0.35, 0)]
    : [palette.shaded(0.2, 0.02), palette.ground, palette.groundShaded(0.02)]

  let body = `<defs>${verticalGradient('s', sky)}${glow('g', palette.sun, 0.6)}</defs>${backdrop('url(#s)')}`
  if (palette.dark) body += stars()
  body += circle(disc, radius * 3.4, 'fill="url(#g)"')
  body += circle(disc, radius, `fill="${palette.sun}"`)
  if (random.chance(0.4)) body += bands()
  for (let layer = 0; layer < layers; layer++) body += ridge(layer)
  return body

  function stars(): string {
    const spots = Array.from({ length: 60 }, () => ({ x: random.between(0, WIDTH), y: random.next() ** 1.6 * horizon }))
    return `<path d="${spots.map(({ x, y }) => `M${Math.round(x)} ${Math.round(y)}h0`).join('')}" stroke="${palette.ramp(1)}" stroke-width="2.6" stroke-linecap="round" opacity=".7"/>`
  }

  /** Thin bars of haze across the disc, cut out in the colour of the sky. */
  function bands(): string {
    const bars = Array.from({ length: 4 }, (_, index) => {
      const y = disc.y + radius * (0.15 + index * 0.24)
      return `<rect x="${Math.round(disc.x - radius - 4)}" y="${Math.round(y)}" width="${Math.round(radius * 2 + 8)}" height="${2 + index * 3}"/>`
    })
    return `<g fill="url(#s)">${bars.join('')}</g>`
  }

  /** One ridge: its lit face, and from its crest downwards the face in shadow. */
  function ridge(layer: number): string {
    const depth = layer / (layers - 1)
    const base = horizon + (HEIGHT - horizon) * depth ** 1.25 * 0.86
    const height = 40 + 110 * depth
    const frequency = 1.1 + (1 - depth) * 1.4
    const line: Point[] = []
    for (let x = -20; x <= WIDTH + 20; x += 14) {
      const rough = noise((x / WIDTH) * frequency + layer * 7.3, layer * 3.1)
      line.push({ x, y: base - rough * height - (1 - Math.abs(noise(x / 290 + layer, 9))) * height * 0.4 })
    }
    const tone = palette.dark ? 0.42 - depth * 0.42 : 0.12 + depth * 0.88
    const fill = palette.shaded(tone, palette.dark ? -0.03 * depth : 0)
    const lit = linePath(line, `V${HEIGHT}H-20z`)
    const shadow = line.map(({ x, y }, index) => ({
      x,
      y: y + (8 + 60 * depth) * Math.max(0, 0.35 + noise(index / 7 + layer * 2.7, 20)),
    }))
    return (
      `<path d="${lit}" fill="${palette.shaded(tone, 0.05)}"/>` +
      `<path d="${linePath(shadow, `V${HEIGHT}H-20z`)}" fill="${fill}"/>`
    )
  }
}

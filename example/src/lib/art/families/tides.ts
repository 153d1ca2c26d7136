/** Tides: waves from several sources meeting, as woven lines, as crossing rings or as rows of scales. */
import type { Sketch } from '../sketch.ts'
import { backdrop, circle, curvePath, glow, HEIGHT, type Point, round, verticalGradient, WIDTH } from '../svg.ts'

export function tides(sketch: Sketch): string {
  return sketch.random.pick([lines, rings, scales, lines])(sketch)
}

/** Lines one behind the other, lifted where the waves add up, under a low sun. */
function lines({ random, palette }: Sketch): string {
  const count = random.int(22, 32)
  const sources = Array.from({ length: random.int(2, 4) }, () => ({
    x: random.between(-60, 860),
    y: random.between(200, 1000),
    length: random.between(110, 230),
  }))
  const top = random.between(300, 430)
  const sun = { x: random.between(200, 600), y: top - random.between(20, 120) }

  let waves = ''
  for (let row = 0; row <= count; row++) {
    const depth = row / count
    const base = top + (HEIGHT + 30 - top) * depth ** 1.35
    const points: Point[] = []
    for (let x = -20; x <= WIDTH + 20; x += 30) {
      const lift = sources.reduce((sum, source) => {
        const distance = Math.hypot(x - source.x, base - source.y)
        return sum + Math.cos((distance / source.length) * Math.PI * 2) * Math.exp(-distance / 620)
      }, 0)
      points.push({ x, y: base - lift * (7 + 30 * depth) })
    }
    const fill = palette.shaded(palette.dark ? 0.1 + depth * 0.35 : 0.08 + depth * 0.92, 0)
    const crest = palette.dark ? palette.ramp(1 - depth * 0.45) : palette.shaded(0.05 + depth * 0.8, 0.14)
    waves += `<path d="${curvePath(points)}V1050H-20z" fill="${fill}" stroke="${crest}"/>`
  }
  const sky = palette.dark
    ? [palette.groundShaded(-0.04), palette.shaded(0.12, 0)]
    : [palette.shaded(0.25, 0.03), palette.ground]
  return (
    `<defs>${verticalGradient('s', sky)}${glow('g', palette.sun, 0.6)}</defs>${backdrop('url(#s)')}` +
    `${circle(sun, 330, 'fill="url(#g)"')}${circle(sun, random.between(70, 130), `fill="${palette.sun}"`)}` +
    `<g stroke-width="${round(random.between(1.6, 3.2))}">${waves}</g>`
  )
}

/** Two or three sets of rings laid over each other. */
function rings({ random, palette }: Sketch): string {
  const sets = random.int(2, 3)
  const gap = random.between(20, 34)
  const stroke = gap * random.between(0.36, 0.52)
  let body = backdrop(palette.ground)
  for (let set = 0; set < sets; set++) {
    const center = { x: random.between(60, 740), y: ((set + random.next()) / sets) * HEIGHT }
    const color = set === 0 ? palette.ramp(0.55) : set === 1 ? palette.accent : palette.ramp(0.95)
    let circles = ''
    for (let radius = gap; radius < 640; radius += gap) circles += circle(center, radius, '')
    body += `<g fill="none" stroke="${color}" stroke-width="${round(stroke)}" style="mix-blend-mode:${palette.dark ? 'screen' : 'multiply'}" opacity=".88">${circles}</g>`
  }
  return body
}

/** Rows of overlapping scales, each of rings, coloured by a passing wave. */
function scales({ random, noise, palette }: Sketch): string {
  const radius = random.pick([70, 84, 100])
  const bands = random.int(4, 6)
  let body = backdrop(palette.ramp(0.3))
  let uses = ''
  for (let row = 0; row * radius * 0.5 < HEIGHT + radius * 2; row++) {
    for (let column = -1; column * radius * 2 < WIDTH + radius * 2; column++) {
      const x = column * radius * 2 + (row % 2 === 0 ? 0 : radius)
      const y = row * radius * 0.5
      const tone = Math.round((0.5 + noise(x / 260, y / 260) * 0.6) * 4)
      uses += `<use href="#s${Math.min(4, Math.max(0, tone))}" x="${x}" y="${Math.round(y)}"/>`
    }
  }
  for (let tone = 0; tone < 5; tone++) {
    const shells = Array.from({ length: bands }, (_, index) => {
      const size = radius * (1 - index / bands)
      const color =
        index === bands - 1 && tone > 2
          ? palette.accent
          : index % 2 === 0
            ? palette.ramp(0.15 + tone * 0.2)
            : palette.groundShaded(palette.dark ? 0.04 : 0)
      return circle({ x: 0, y: 0 }, size, `fill="${color}"`)
    })
    body += `<defs><g id="s${tone}">${shells.join('')}</g></defs>`
  }
  return body + uses
}

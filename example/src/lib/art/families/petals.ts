/** Petals: one great rosette, or several flowers on their stems. */
import type { Sketch } from '../sketch.ts'
import { backdrop, circle, glow, HEIGHT, type Point, round, WIDTH } from '../svg.ts'

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))

export function petals(sketch: Sketch): string {
  const { random, palette } = sketch
  const body = random.chance(0.5) ? rosette(sketch) : bouquet(sketch)
  return `<defs>${glow('g', palette.accent, 0.35)}</defs>${body}`
}

function rosette(sketch: Sketch): string {
  const { random, palette } = sketch
  const center = { x: 400, y: random.between(440, 560) }
  const halo = circle(center, 520, 'fill="url(#g)"')
  const ringed = Array.from({ length: random.int(2, 5) }, (_, index) =>
    circle(center, 352 + index * 26, `fill="none" stroke="${palette.ramp(0.35)}" stroke-width="2" opacity=".6"`),
  )
  return backdrop(palette.ground) + halo + ringed.join('') + flower(sketch, center, random.between(300, 350), 5)
}

function bouquet(sketch: Sketch): string {
  const { random, palette } = sketch
  const heads = random.int(4, 7)
  const foot = { x: 400 + random.normal() * 40, y: HEIGHT + 40 }
  const drawn = Array.from({ length: heads }, (_, index) => {
    const x = 110 + ((WIDTH - 220) * (index + random.between(0.2, 0.8))) / heads
    const y = random.between(150, 600)
    const size = random.between(78, 140)
    const bend = { x: x + (foot.x - x) * 0.15, y: y + 330 }
    const stem = `<path d="M${Math.round(foot.x)} ${foot.y}Q${Math.round(bend.x)} ${Math.round(bend.y)} ${Math.round(x)} ${Math.round(y)}" fill="none" stroke="${palette.ramp(0.75)}" stroke-width="${round(random.between(4, 7))}"/>`
    return { stem: stem + leaf(sketch, foot, { x, y }), head: { y, drawn: flower(sketch, { x, y }, size, 3) } }
  })
  const heaven = circle({ x: 400, y: 360 }, 480, 'fill="url(#g)"')
  const flowers = drawn.map(({ head }) => head).sort((a, b) => a.y - b.y)
  return `${backdrop(palette.ground)}${heaven}${drawn.map(({ stem }) => stem).join('')}${flowers.map((f) => f.drawn).join('')}`
}

/** Layers of petals, each turned against the one below, and a heart of seeds in sunflower order. */
function flower({ random, palette }: Sketch, center: Point, size: number, most: number): string {
  const layers = random.int(Math.max(2, most - 2), most)
  const fold = random.pick([5, 6, 7, 8, 9, 12, 16])
  const plump = random.between(0.55, 1.25)
  const start = random.between(0, 360)
  const name = `p${Math.round(center.x)}`
  const warm = random.chance(0.3)
  let body = ''
  for (let layer = 0; layer < layers; layer++) {
    const length = size * (1 - (layer / layers) * 0.72)
    const half = ((Math.PI * length) / fold) * plump
    const tip = random.between(0.5, 0.95)
    const petal = `M0 0C${round(half)} ${round(-length * 0.35)} ${round(half)} ${round(-length * tip)} 0 ${round(-length)}C${round(-half)} ${round(-length * tip)} ${round(-half)} ${round(-length * 0.35)} 0 0z`
    const tone = 0.15 + (layer / layers) * 0.75
    const fill = warm && layer === layers - 1 ? palette.accent : palette.ramp(palette.dark ? 1 - tone * 0.7 : tone)
    const vein = `M0 ${round(-length * 0.2)}V${round(-length * 0.78)}`
    const shape =
      `<path d="${petal}" fill="${fill}" fill-opacity=".86"/>` +
      `<path d="${vein}" stroke="${palette.ground}" stroke-width="1.5" opacity=".5"/>`
    body += `<defs><g id="${name}-${layer}">${shape}</g></defs>`
    for (let index = 0; index < fold; index++) {
      const turn = start + (360 / fold) * (index + (layer % 2) / 2)
      body += `<use href="#${name}-${layer}" transform="rotate(${round(turn)})"/>`
    }
  }
  const count = size > 200 ? 60 : 26
  const seeds = Array.from({ length: count }, (_, index) => {
    const radius = Math.sqrt(index / count) * size * 0.2
    const angle = index * GOLDEN_ANGLE
    return `M${round(Math.cos(angle) * radius)} ${round(Math.sin(angle) * radius)}h0`
  })
  const heart = `<circle r="${round(size * 0.22)}" fill="${palette.shaded(0.95, palette.dark ? -0.3 : -0.03)}"/><path d="${seeds.join('')}" stroke="${palette.accent}" stroke-width="${round(size * (count > 30 ? 0.03 : 0.045))}" stroke-linecap="round"/>`
  return `<g transform="translate(${round(center.x)} ${round(center.y)})">${body}${heart}</g>`
}

function leaf({ random, palette }: Sketch, foot: Point, head: Point): string {
  const t = random.between(0.35, 0.6)
  const x = foot.x + (head.x - foot.x) * (t * t * 0.75 + 0.1)
  const y = foot.y + (head.y - foot.y) * t
  const long = random.between(70, 130)
  const turn = (head.x < foot.x ? -1 : 1) * random.between(25, 70)
  return `<path transform="translate(${round(x)} ${round(y)})rotate(${round(turn)})" d="M0 0C${round(long * 0.4)} ${round(-long * 0.3)} ${round(long * 0.3)} ${round(-long * 0.8)} 0 ${round(-long)}C${round(-long * 0.3)} ${round(-long * 0.8)} ${round(-long * 0.4)} ${round(-long * 0.3)} 0 0z" fill="${palette.ramp(random.between(0.55, 0.85))}"/>`
}

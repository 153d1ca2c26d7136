/** Orbits: a world, its rings of broken arcs and what travels on them. */
import type { Sketch } from '../sketch.ts'
import { backdrop, circle, glow, HEIGHT, type Point, round, WIDTH } from '../svg.ts'

export function orbits({ random, palette }: Sketch): string {
  const center = { x: 400 + random.normal() * 50, y: 490 + random.normal() * 70 }
  const flat = random.chance(0.55) ? random.between(0.28, 0.6) : 1
  const lean = flat === 1 ? 0 : random.between(-38, 38)
  const core = random.between(52, 118)
  const rings = random.int(8, 15)
  const outer = random.between(340, 460)

  const defs =
    `<defs>${glow('g', palette.accent, 0.55)}<linearGradient id="c" x1="0" y1="0" x2="1" y2="1">` +
    `<stop offset="0" stop-color="${palette.shaded(0.3, 0.1)}"/><stop offset="1" stop-color="${palette.shaded(0.7, -0.06)}"/>` +
    '</linearGradient></defs>'
  const light = circle(center, outer, 'fill="url(#g)"')
  const behind = Array.from({ length: rings }, (_, index) => ring(index))
  const turn = `transform="rotate(${round(lean)} ${round(center.x)} ${round(center.y)})"`
  const world = `${circle(center, core, 'fill="url(#c)"')}${bands()}`
  const front = flat === 1 ? '' : `<g ${turn} clip-path="url(#f)">${behind.map(({ arc }) => arc).join('')}</g>`
  const clip =
    flat === 1 ? '' : `<clipPath id="f"><rect x="-400" y="${round(center.y)}" width="1600" height="1200"/></clipPath>`

  return (
    `${defs}${clip}${backdrop(palette.ground)}${dust()}${light}` +
    `<g ${turn}>${behind.map(({ arc }) => arc).join('')}</g>${world}${front}` +
    `<g ${turn}>${behind.map(({ traveller }) => traveller).join('')}</g>`
  )

  function ring(index: number): { readonly arc: string; readonly traveller: string } {
    const radius = core * 1.45 + ((outer - core * 1.45) * (index + random.between(0, 0.5))) / rings
    const circumference = 2 * Math.PI * radius
    const dash = random.chance(0.28)
      ? `${round(random.between(2, 6))} ${round(random.between(9, 16))}`
      : `${round(circumference * random.between(0.15, 0.5))} ${round(circumference * random.between(0.02, 0.14))}`
    const tone = palette.dark ? 0.35 + random.next() * 0.65 : 0.2 + random.next() * 0.75
    const color = random.chance(0.12) ? palette.accent : palette.ramp(tone)
    const stroke = `fill="none" stroke="${color}" stroke-width="${round(random.pick([1.5, 2.5, 4, 8, 13]))}"`
    const arc =
      `<ellipse cx="${round(center.x)}" cy="${round(center.y)}" rx="${round(radius)}" ry="${round(radius * flat)}" ${stroke}` +
      ` stroke-linecap="round" stroke-dasharray="${dash}" stroke-dashoffset="${Math.round(random.between(0, circumference))}"/>`

    if (!random.chance(0.5)) return { arc, traveller: '' }
    const angle = random.between(0, Math.PI * 2)
    const place: Point = { x: center.x + Math.cos(angle) * radius, y: center.y + Math.sin(angle) * radius * flat }
    const size = random.between(7, 24)
    const body = circle(
      place,
      size,
      `fill="${random.chance(0.35) ? palette.accent : palette.ramp(tone)}" stroke="${palette.ground}" stroke-width="4"`,
    )
    const moon = random.chance(0.4)
      ? circle({ x: place.x + size * 1.8, y: place.y - size * 0.9 }, size * 0.28, `fill="${palette.ramp(0.6)}"`)
      : ''
    return { arc, traveller: body + moon }
  }

  /** Soft stripes across the world. */
  function bands(): string {
    const stripes = Array.from({ length: 5 }, (_, index) => {
      const y = center.y + core * (-0.72 + index * 0.36)
      const half = Math.sqrt(Math.max(0, core ** 2 - (y - center.y) ** 2)) * 0.9
      return `M${Math.round(center.x - half)} ${Math.round(y)}q${Math.round(half)} ${Math.round(core * 0.16)} ${Math.round(half * 2)} 0`
    })
    return `<path d="${stripes.join('')}" fill="none" stroke="${palette.shaded(0.5, 0.16)}" stroke-width="${round(core * 0.07)}" stroke-linecap="round" opacity=".45" ${`transform="rotate(${round(lean)} ${round(center.x)} ${round(center.y)})"`}/>`
  }

  function dust(): string {
    const spots = Array.from(
      { length: 90 },
      () => `M${Math.round(random.between(0, WIDTH))} ${Math.round(random.between(0, HEIGHT))}h0`,
    )
    return `<path d="${spots.join('')}" stroke="${palette.ramp(palette.dark ? 0.9 : 0.4)}" stroke-width="3" stroke-linecap="round" opacity=".5"/>`
  }
}

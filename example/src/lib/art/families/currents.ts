/** Currents: evenly spaced strokes that follow an unseen flow and never cross. */
import type { Sketch } from '../sketch.ts'
import { backdrop, curvePath, HEIGHT, type Point, WIDTH } from '../svg.ts'

const MARGIN = 46
const STEP = 21
const TONES = 7

export function currents({ random, noise, palette }: Sketch): string {
  const scale = random.between(230, 520)
  const swirl = random.between(0.8, 1.9)
  const tilt = random.between(0, Math.PI * 2)
  const spacing = random.between(13, 24)
  const longest = random.int(12, 34)
  const eye = { x: random.between(200, 600), y: random.between(260, 740) }
  const vortex = random.chance(0.45)
  const taken = new Set<number>()
  const strokes = Array.from({ length: TONES * 2 }, () => '')
  let budget = 16_500

  for (let attempt = 0; attempt < 3200 && budget > 0; attempt++) {
    const start = { x: random.between(MARGIN, WIDTH - MARGIN), y: random.between(MARGIN, HEIGHT - MARGIN) }
    const line = follow(start)
    if (line.length < 3) continue

    for (const point of line) taken.add(cell(point))
    const path = curvePath(line)
    const tone = Math.round((0.5 + noise(start.x / 300, start.y / 300 + 40) * 0.55) * (TONES - 1) + random.normal() * 0.5)
    const slot = Math.min(TONES - 1, Math.max(0, tone)) * 2 + (random.chance(0.3) ? 1 : 0)
    strokes[slot] += path
    budget -= path.length
  }

  const width = spacing * 0.82
  const drawn = strokes.map((path, slot) => {
    const tone = 0.08 + (Math.floor(slot / 2) / (TONES - 1)) * 0.92
    const color = slot === 5 ? palette.accent : palette.ramp(tone)
    return path === '' ? '' : `<path d="${path}" stroke="${color}" stroke-width="${(slot % 2 ? width * 0.5 : width).toFixed(1)}"/>`
  })
  return `${backdrop(palette.ground)}<g fill="none" stroke-linecap="round" stroke-linejoin="round">${drawn.join('')}</g>`

  function angle({ x, y }: Point): number {
    const drift = tilt + noise(x / scale, y / scale) * Math.PI * swirl
    if (!vortex) return drift
    const around = Math.atan2(y - eye.y, x - eye.x) + Math.PI / 2
    const pull = Math.exp(-Math.hypot(x - eye.x, y - eye.y) / 260)
    return drift * (1 - pull) + around * pull
  }

  function cell({ x, y }: Point): number {
    return Math.floor(x / spacing) * 1000 + Math.floor(y / spacing)
  }

  /** Both ways from the start until it leaves the sheet or comes near another stroke. */
  function follow(start: Point): Point[] {
    const own = new Set<number>()
    const free = (point: Point): boolean =>
      point.x > MARGIN &&
      point.x < WIDTH - MARGIN &&
      point.y > MARGIN &&
      point.y < HEIGHT - MARGIN &&
      !neighbours(point).some((id) => taken.has(id) && !own.has(id))

    const walk = (direction: number): Point[] => {
      const points: Point[] = []
      let point = start
      for (let step = 0; step < longest && free(point); step++) {
        points.push(point)
        const heading = angle(point)
        point = { x: point.x + Math.cos(heading) * STEP * direction, y: point.y + Math.sin(heading) * STEP * direction }
      }
      return points
    }
    return [...walk(-1).reverse(), ...walk(1).slice(1)]
  }

  function neighbours(point: Point): number[] {
    const reach = spacing * 0.44
    return [
      cell(point),
      cell({ x: point.x + reach, y: point.y }),
      cell({ x: point.x - reach, y: point.y }),
      cell({ x: point.x, y: point.y + reach }),
      cell({ x: point.x, y: point.y - reach }),
    ]
  }
}

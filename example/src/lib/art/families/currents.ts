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
  const spacing = random.between(12, 22)
  const longest = random.int(12, 34)
  const eye = { x: random.between(200, 600), y: random.between(260, 740) }
  const vortex = random.chance(0.45)
  const drawn = new Map<number, Point[]>()
  const strokes = Array.from({ length: TONES * 2 }, () => '')
  let budget = 16_500

  for (let attempt = 0; attempt < 3600 && budget > 0; attempt++) {
    const start = { x: random.between(MARGIN, WIDTH - MARGIN), y: random.between(MARGIN, HEIGHT - MARGIN) }
    const line = follow(start)
    if (line.length < 3) continue

    keep(line)
    const path = curvePath(line)
    const tone = Math.round(
      (0.5 + noise(start.x / 300, start.y / 300 + 40) * 0.55) * (TONES - 1) + random.normal() * 0.5,
    )
    const slot = Math.min(TONES - 1, Math.max(0, tone)) * 2 + (random.chance(0.3) ? 1 : 0)
    strokes[slot] += path
    budget -= path.length
  }

  const width = spacing * 0.78
  const layers = strokes.map((path, slot) => {
    const tone = 0.08 + (Math.floor(slot / 2) / (TONES - 1)) * 0.92
    const color = slot === 5 ? palette.accent : palette.ramp(tone)
    return path === ''
      ? ''
      : `<path d="${path}" stroke="${color}" stroke-width="${(slot % 2 ? width * 0.5 : width).toFixed(1)}"/>`
  })
  return `${backdrop(palette.ground)}<g fill="none" stroke-linecap="round" stroke-linejoin="round">${layers.join('')}</g>`

  function angle({ x, y }: Point): number {
    const drift = tilt + noise(x / scale, y / scale) * Math.PI * swirl
    if (!vortex) return drift
    const around = Math.atan2(y - eye.y, x - eye.x) + Math.PI / 2
    const pull = Math.exp(-Math.hypot(x - eye.x, y - eye.y) / 260)
    return drift * (1 - pull) + around * pull
  }

  function cell(column: number, row: number): number {
    return column * 1000 + row
  }

  /** Remembers where a stroke runs: its points and what lies half way between them. */
  function keep(line: readonly Point[]): void {
    for (const [index, point] of line.entries()) {
      const next = line[index + 1] ?? point
      for (const spot of [point, { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }]) {
        const id = cell(Math.floor(spot.x / spacing), Math.floor(spot.y / spacing))
        const spots = drawn.get(id)
        if (spots === undefined) drawn.set(id, [spot])
        else spots.push(spot)
      }
    }
  }

  /** Both ways from the start until it leaves the sheet or comes near another stroke, or near itself. */
  function follow(start: Point): Point[] {
    const own: Point[] = []
    const walk = (direction: number): Point[] => {
      const points: Point[] = []
      let point = start
      for (let step = 0; step < longest && isFree(point, own, points); step++) {
        points.push(point)
        const heading = angle(point)
        point = { x: point.x + Math.cos(heading) * STEP * direction, y: point.y + Math.sin(heading) * STEP * direction }
      }
      own.push(...points.slice(2))
      return points
    }
    return [...walk(-1).reverse(), ...walk(1).slice(1)]
  }

  function isFree(point: Point, own: readonly Point[], walked: readonly Point[]): boolean {
    const { x, y } = point
    if (x < MARGIN || x > WIDTH - MARGIN || y < MARGIN || y > HEIGHT - MARGIN) return false
    const near = (spot: Point): boolean => (spot.x - x) ** 2 + (spot.y - y) ** 2 < spacing ** 2
    if (own.some(near) || walked.slice(0, -2).some(near)) return false
    const column = Math.floor(x / spacing)
    const row = Math.floor(y / spacing)
    for (let across = -1; across <= 1; across++) {
      for (let down = -1; down <= 1; down++) {
        if (drawn.get(cell(column + across, row + down))?.some(near)) return false
      }
    }
    return true
  }
}

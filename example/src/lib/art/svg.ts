/** The little SVG the pictures need: rounded numbers and compact paths, because each picture stays under 20 KB. */

/** All pictures share one upright format, 4 to 5. */
export const WIDTH = 800
export const HEIGHT = 1000

export interface Point {
  readonly x: number
  readonly y: number
}

/** One decimal at most, no trailing zero. */
export function round(value: number): number {
  return Math.round(value * 10) / 10 + 0
}

/** `M` and relative `l` steps in whole units: the shortest spelling of a line. */
export function linePath(points: readonly Point[], close = ''): string {
  let path = ''
  let lastX = 0
  let lastY = 0
  for (const { x, y } of points) {
    const stepX = Math.round(x) - lastX
    const stepY = Math.round(y) - lastY
    path += `${path === '' ? 'M' : 'l'}${stepX}${stepY < 0 ? '' : ' '}${stepY}`
    lastX += stepX
    lastY += stepY
  }
  return path + close
}

/** A smooth curve through the points: quadratic arcs between their midpoints. */
export function curvePath(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  let path = `M${Math.round(first.x)} ${Math.round(first.y)}`
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1]
    const end = next === undefined ? point : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    path += `Q${pair(point)} ${pair(end)}`
  }
  return path
}

const pair = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`

export function circle(center: Point, radius: number, attributes: string): string {
  return `<circle cx="${round(center.x)}" cy="${round(center.y)}" r="${round(radius)}" ${attributes}/>`
}

export function circlePath({ x, y }: Point, radius: number): string {
  const r = round(radius)
  return `M${round(x - radius)} ${round(y)}a${r} ${r} 0 1 0 ${round(radius * 2)} 0a${r} ${r} 0 1 0 ${round(-radius * 2)} 0`
}

/** A background over the whole picture. */
export function backdrop(fill: string): string {
  return `<rect width="${WIDTH}" height="${HEIGHT}" fill="${fill}"/>`
}

export function verticalGradient(id: string, stops: readonly string[]): string {
  const step = 100 / Math.max(1, stops.length - 1)
  const marks = stops.map((color, index) => `<stop offset="${round(index * step)}%" stop-color="${color}"/>`).join('')
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${marks}</linearGradient>`
}

/** Light that fades out from its middle. */
export function glow(id: string, color: string, strength: number): string {
  return (
    `<radialGradient id="${id}"><stop offset="0" stop-color="${color}" stop-opacity="${round(strength)}"/>` +
    `<stop offset="1" stop-color="${color}" stop-opacity="0"/></radialGradient>`
  )
}

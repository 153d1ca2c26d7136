/** Voronoi cells by cutting the sheet along every bisector: quadratic, and quick enough for a hundred points. */
import { HEIGHT, type Point, WIDTH } from './svg.ts'

/** The cell of each point, in the order of the points; corners in order around it. */
export function voronoi(points: readonly Point[]): Point[][] {
  return points.map((point) => {
    let cell: Point[] = [
      { x: -40, y: -40 },
      { x: WIDTH + 40, y: -40 },
      { x: WIDTH + 40, y: HEIGHT + 40 },
      { x: -40, y: HEIGHT + 40 },
    ]
    for (const other of points) if (other !== point) cell = cut(cell, point, other)
    return cell
  })
}

export function centroid(cell: readonly Point[]): Point {
  const sum = cell.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 })
  return { x: sum.x / Math.max(1, cell.length), y: sum.y / Math.max(1, cell.length) }
}

/** The part of the cell that is nearer to `point` than to `other`. */
function cut(cell: readonly Point[], point: Point, other: Point): Point[] {
  const normal = { x: other.x - point.x, y: other.y - point.y }
  const limit = (normal.x * (point.x + other.x) + normal.y * (point.y + other.y)) / 2
  const side = ({ x, y }: Point): number => normal.x * x + normal.y * y - limit

  const kept: Point[] = []
  for (const [index, corner] of cell.entries()) {
    const next = cell[(index + 1) % cell.length] ?? corner
    const here = side(corner)
    const there = side(next)
    if (here <= 0) kept.push(corner)
    if (here < 0 !== there < 0 && here !== there) {
      const t = here / (here - there)
      kept.push({ x: corner.x + (next.x - corner.x) * t, y: corner.y + (next.y - corner.y) * t })
    }
  }
  return kept
}

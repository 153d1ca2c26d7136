/**
 * Histories as JSON. A day and a quarter of an hour are more than a megabyte of it, which would hold up the event loop for ten
 * milliseconds at each page that opens: so the text of a point, which never changes, is kept with it, and new ones are
 * written in slices.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MetricsHistory, MetricsPoint } from '../engine/metrics/types.ts'

/** Points that are written in one turn: about a millisecond. */
const SLICE = 256

const texts = new WeakMap<MetricsPoint, string>()

export async function historiesJson(histories: readonly MetricsHistory[]): Promise<string> {
  const parts: string[] = []
  for (const { points, ...history } of histories) {
    const text = JSON.stringify(history)
    parts.push(`${text.slice(0, -1)},"points":[${await pointsJson(points)}]}`)
  }
  return `[${parts.join(',')}]`
}

async function pointsJson(points: readonly MetricsPoint[]): Promise<string> {
  const parts: string[] = []
  let written = 0
  for (const point of points) {
    let text = texts.get(point)
    if (text === undefined) {
      text = JSON.stringify(point)
      texts.set(point, text)
      if (++written % SLICE === 0) await nextTurn()
    }
    parts.push(text)
  }
  return parts.join(',')
}

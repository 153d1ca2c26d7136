/** Points of a history from two glances: what a log's own counters tell. */
import type { MetricsPoint } from '../../engine/metrics/types.ts'
import { emptyPoint } from '../nothing-known.ts'
import type { LogNow } from '../protocol.ts'
import type { Glance } from './glance.ts'

/** As long as the histories that a database keeps of itself. */
const MOST_POINTS = 900

export function pointBetween(before: Glance | null, now: Glance, log: LogNow | null): MetricsPoint {
  return {
    ...emptyPoint(now.at),
    commits: grownBy(before?.index?.changes, now.index?.changes),
    checkpointRestarts: grownBy(before?.index?.restarts, now.index?.restarts),
    walBytes: now.walBytes,
    walUsedBytes: log?.usedBytes ?? null,
    walCopiedBytes: log?.copiedBytes ?? null,
  }
}

/** Adds one in place; the oldest makes room. */
export function keepPoint(points: MetricsPoint[], point: MetricsPoint): void {
  points.push(point)
  if (points.length > MOST_POINTS) points.shift()
}

/** A counter that began anew tells nothing of what was between. */
function grownBy(before: number | undefined, now: number | undefined): number {
  return before === undefined || now === undefined || now < before ? 0 : now - before
}

/** What the page shows, as pure functions of what the server said: an overview first, then a tick each second. */

import type { Overview, Tick } from '../../../src/dashboard/protocol.ts'
import type { HistoryName, MetricsPoint } from '../../../src/engine/metrics/types.ts'

export interface View {
  /** Kept up to date by ticks, its histories aside. */
  readonly overview: Overview
  readonly seconds: readonly MetricsPoint[]
  readonly minutes: readonly MetricsPoint[]
  /** Seen while the page was open, the newest last. */
  readonly schemaChanges: readonly SchemaChange[]
}

export interface SchemaChange {
  readonly at: number
  readonly detail: string
}

const KEPT_CHANGES = 20

/** As much as the server keeps of each. */
const KEPT: Readonly<Record<HistoryName, number>> = { seconds: 15 * 60, minutes: 24 * 60 }

/** What was seen of an earlier opening, before a restart, stays in view. */
export function withOverview(before: View | null, overview: Overview): View {
  const points = (name: HistoryName) => overview.histories.find((history) => history.name === name)?.points ?? []
  return {
    overview,
    seconds: joined(before?.seconds ?? [], points('seconds'), 'seconds'),
    minutes: joined(before?.minutes ?? [], points('minutes'), 'minutes'),
    schemaChanges: before?.schemaChanges ?? [],
  }
}

export function withTick(view: View, tick: Tick): View {
  const { topStatements, slowStatements, nPlusOne } = tick
  return {
    overview: {
      ...view.overview,
      database: { ...view.overview.database, sizeBytes: tick.sizeBytes ?? view.overview.database.sizeBytes },
      health: tick.health,
      connections: tick.connections,
      log: tick.log,
      backups: tick.backups,
      metrics: { ...tick.metrics, topStatements, slowStatements, nPlusOne },
    },
    seconds: joined(view.seconds, [tick.point], 'seconds'),
    minutes: tick.minute === null ? view.minutes : joined(view.minutes, [tick.minute], 'minutes'),
    schemaChanges: withChanges(view.schemaChanges, tick),
  }
}

function withChanges(before: readonly SchemaChange[], { schemaChanges, point }: Tick): readonly SchemaChange[] {
  if (schemaChanges.length === 0) return before
  return [...before, ...schemaChanges.map((detail) => ({ at: point.at, detail }))].slice(-KEPT_CHANGES)
}

/** The newer points win where both have the time. */
function joined(
  older: readonly MetricsPoint[],
  newer: readonly MetricsPoint[],
  name: HistoryName,
): readonly MetricsPoint[] {
  const [first] = newer
  if (first === undefined) return older
  const last = older.at(-1)
  const kept = last !== undefined && last.at >= first.at ? older.filter(({ at }) => at < first.at) : older
  return [...kept, ...newer].slice(-KEPT[name])
}

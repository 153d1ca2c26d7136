/** A checkpoint's numbers as words: what was reached, and what kept it from its end. */
import type { CheckpointMode, CheckpointNumbers } from '../../sqlite/checkpoint-types.ts'
import { withoutValues } from '../../sqlite/fingerprint.ts'
import type { CheckpointOutcome, Pin } from '../types.ts'

/** Who reads from the log. */
export interface Pins {
  /** Connections of this process with an open read transaction. */
  readonly own: readonly Pin[]
  /** Other processes, by name; empty where the system does not tell. */
  readonly others: readonly string[]
}

const SQL_CHARACTERS = 120

/** `pins` is asked only when something kept the checkpoint from its end. */
export function describeOutcome(
  mode: CheckpointMode,
  { busy, frames, copied }: CheckpointNumbers,
  ms: number,
  pins: () => Pins,
): CheckpointOutcome {
  // Without numbers SQLite did not begin: another checkpoint was under way.
  if (frames < 0) return { mode, result: 'busy', frames: 0, copied: 0, pinnedBy: [], ms }
  if (!busy && copied === frames) return { mode, result: 'complete', frames, copied, pinnedBy: [], ms }
  return { mode, result: 'partial', frames, copied, pinnedBy: describePins(pins()), ms }
}

/** `reader-2 (stream, open for 12.3 s: SELECT …)`, the oldest first, then other processes. */
export function describePins({ own, others }: Pins): string[] {
  const oldestFirst = own.toSorted((a, b) => b.ageMs - a.ageMs)
  return [...oldestFirst.map(describePin), ...others]
}

function describePin({ label, state, sql, ageMs }: Pin): string {
  const folded = sql === null ? '' : withoutValues(sql)
  const text = folded.length <= SQL_CHARACTERS ? folded : `${folded.slice(0, SQL_CHARACTERS - 1)}…`
  return `${label} (${state}, open for ${(ageMs / 1000).toFixed(1)} s${text === '' ? '' : `: ${text}`})`
}

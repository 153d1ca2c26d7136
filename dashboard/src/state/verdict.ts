/** What is good: the limits that the page holds each figure against. `docs/dashboard-panels.md` says why. */

export type Verdict = 'good' | 'watch' | 'act'

export interface Bounds {
  /** Good up to here. */
  readonly good: number
  /** To be watched up to here; beyond it, to be acted on. */
  readonly watch: number
}

export const BOUNDS = {
  /** Milliseconds. A point read takes some microseconds, a page of a list less than one. */
  readP99: { good: 5, watch: 50 },
  /** Milliseconds. A commit waits for the disk. */
  writeP99: { good: 25, watch: 250 },
  /** Milliseconds that the oldest write has waited; as the health check has it. */
  queueAge: { good: 100, watch: 1000 },
  /** Share of the limit that the log uses. */
  logShare: { good: 0.5, watch: 0.9 },
  /** Milliseconds that the event loop was late. */
  loopDelay: { good: 20, watch: 100 },
  /** Share of page reads that missed the cache. Under writes many do: a commit empties the caches of readers. */
  cacheMisses: { good: 0.1, watch: 1 },
  /** Share of statements that failed: a name that is taken already is one. */
  errorShare: { good: 0.001, watch: 0.01 },
} as const satisfies Record<string, Bounds>

/** `null` without a figure. */
export function verdict(value: number | null, { good, watch }: Bounds): Verdict | null {
  if (value === null) return null
  if (value <= good) return 'good'
  return value <= watch ? 'watch' : 'act'
}

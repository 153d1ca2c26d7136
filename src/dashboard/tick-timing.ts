/** When to ask next, so that each point is shown once: just after the next one is made. */

export const TICK_MS = 1_000
/** Milliseconds: a timer is that late, easily. */
const MARGIN_MS = 50

/**
 * @param lastAt when the newest point was made.
 * @example
 * nextTickMs(10_000, 10_060) // 990
 */
export function nextTickMs(lastAt: number, now: number): number {
  const due = lastAt + TICK_MS + MARGIN_MS - now
  return due > 0 && due <= TICK_MS + MARGIN_MS ? Math.max(due, MARGIN_MS) : TICK_MS
}

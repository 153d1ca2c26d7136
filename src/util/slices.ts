/**
 * Long loops on the event loop's thread, cut so that timers and requests get their turn. All of them share the turns: one
 * slice a turn, in order of asking, so that ten long results hold the loop no longer at a time than one does.
 */
import { Fifo } from './fifo.ts'

/** How long one slice may take (ms): short beside anything a user could notice. */
export const SLICE_MS = 2
/** Steps between two looks at the clock, which costs about as much as a step. */
const STEPS_PER_LOOK = 64

const waiting = new Fifo<() => void>()

/** Resolves at the beginning of a slice of the caller's own. */
export function nextSlice(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.size === 1) setImmediate(giveSlice)
  })
}

/** The next one comes a turn later: what an immediate schedules runs after timers and requests. */
function giveSlice(): void {
  waiting.shift()?.()
  if (waiting.size > 0) setImmediate(giveSlice)
}

/**
 * Calls `step` with each index below `count`. What fits into one slice is done before the first await.
 *
 * `from` is where to begin: a caller whose step threw may go on there.
 */
export async function inSlices(count: number, step: (index: number) => void, from = 0): Promise<void> {
  let until = performance.now() + SLICE_MS
  for (let index = from; index < count; index++) {
    if (index % STEPS_PER_LOOK === 0 && performance.now() > until) {
      await nextSlice()
      until = performance.now() + SLICE_MS
    }
    step(index)
  }
}

/** Long loops on the event loop's thread, cut so that timers and requests get their turn. */
import { setImmediate } from 'node:timers/promises'

/** How long one slice may take (ms): short beside anything a user could notice. */
const SLICE_MS = 2
/** Steps between two looks at the clock, which costs about as much as a step. */
const STEPS_PER_LOOK = 64

/**
 * Calls `step` with each index below `count`. What fits into one slice is done before the first await.
 *
 * `from` is where to begin: a caller whose step threw may go on there.
 */
export async function inSlices(count: number, step: (index: number) => void, from = 0): Promise<void> {
  let until = performance.now() + SLICE_MS
  for (let index = from; index < count; index++) {
    if (index % STEPS_PER_LOOK === 0 && performance.now() > until) {
      await setImmediate()
      until = performance.now() + SLICE_MS
    }
    step(index)
  }
}

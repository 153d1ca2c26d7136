/**
 * How late the event loop is: a timer says when it should have been called. `perf_hooks.monitorEventLoopDelay` does the same,
 * but loses what comes right after each reset, and its seconds cannot be added up to minutes.
 */
import { Histogram } from './histogram.ts'

/** Milliseconds. Fifty wake-ups a second cost a fifth of a percent of a processor. */
const EVERY_MS = 20

export class LoopDelay {
  /** Since it was cleared last. */
  readonly delays = new Histogram()
  #timer: NodeJS.Timeout | null = null

  start(): void {
    let before = performance.now()
    this.#timer ??= setInterval(() => {
      const now = performance.now()
      this.delays.record(Math.max(0, now - before - EVERY_MS))
      before = now
    }, EVERY_MS).unref()
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}

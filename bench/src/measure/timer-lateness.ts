/**
 * How late a 1 ms timer was at most: the longest time for which nothing else of the application could run. A
 * percentile of it would hide the one long block that users notice.
 */
const INTERVAL_MS = 1

export class TimerLateness {
  #dueMs = 0
  #longestMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor() {
    this.#arm()
  }

  /** The longest so far; a timer that is due and has not been let run counts. */
  stop(): number {
    this.#note()
    clearTimeout(this.#timer)
    return this.#longestMs
  }

  #arm(): void {
    this.#dueMs = performance.now() + INTERVAL_MS
    this.#timer = setTimeout(() => {
      this.#note()
      this.#arm()
    }, INTERVAL_MS)
  }

  #note(): void {
    this.#longestMs = Math.max(this.#longestMs, performance.now() - this.#dueMs)
  }
}

/** How fast a copy goes: how long its next slice may take beside the writes, and how long it has to wait for its rate. */

export interface PaceLimits {
  readonly bytesPerSecond: number | undefined
  /** The shortest and the longest slice (ms). */
  readonly least: number
  readonly most: number
}

/** So a copy beside writes takes two thirds longer than alone, which leaves time for the check after it. */
const SHARE = 1.5

export class Pace {
  readonly #limits: PaceLimits
  readonly #startMs: number
  #askedMs = 0
  #betweenMs = 0
  #copied = 0
  #transferred = 0

  constructor(limits: PaceLimits, nowMs: number) {
    this.#limits = limits
    this.#startMs = nowMs
  }

  /** A slice is asked for now. It may take half as long again as others had the writer since the slice before. */
  ask(nowMs: number): number {
    this.#askedMs = nowMs
    return Math.min(this.#limits.most, Math.max(this.#limits.least, this.#betweenMs * SHARE))
  }

  /** It has been answered: its thread worked on it for so long, and so many bytes have been copied by now. */
  answered(nowMs: number, { workMs, copied }: { readonly workMs: number; readonly copied: number }): void {
    this.#betweenMs = Math.max(0, nowMs - this.#askedMs - workMs)
    // A copy that begins again transfers what it has transferred before.
    this.#transferred += copied >= this.#copied ? copied - this.#copied : copied
    this.#copied = copied
  }

  /** How long to wait so that not more bytes a second are copied than may be (ms). */
  waitMs(nowMs: number): number {
    const { bytesPerSecond } = this.#limits
    if (bytesPerSecond === undefined) return 0
    return Math.max(0, (this.#transferred / bytesPerSecond) * 1_000 - (nowMs - this.#startMs))
  }
}

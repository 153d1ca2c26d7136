/**
 * Leaves the write lock to other processes for long enough that they notice. Runs on the writer's thread.
 *
 *     turn ──the lock has been held on and on for a turn──▶ pause ──it has been free for PAUSE_MS──▶ turn
 *
 * Waiting processes ask for the lock about once a millisecond (`poll-while-busy.ts`). A process that commits and begins
 * again at once is only ever met between the two, some microseconds apart: whoever waits is starved. So after a turn of
 * commits in a row the lock stays free for two of those polls. A turn is short while others are known to want the lock,
 * because a BEGIN of ours has met it held; otherwise it is long, so that a single process loses little. Whoever pauses by
 * itself for as long begins a new turn.
 *
 * Rejected: a pause after every commit. Four processes that each read, add and write in a transaction then committed a
 * third of what they do in turns, because the lock lay free most of the time.
 */

/** Two polls of a waiting process (ms). */
export const PAUSE_MS = 2
/** How long the lock is held on and on where others want it (ms). */
export const SHORT_TURN_MS = 8
/** The same where nobody is known to want it (ms): costs a single process 4 %. */
export const LONG_TURN_MS = 50
/** How long a lock that was met held counts as a sign that others want it (ms). */
const CONTENDED_MS = 1_000

export interface Clock {
  now(): number
  sleep(ms: number): void
}

export class FairTurns {
  readonly #clock: Clock
  #turnBeganAt = Number.NEGATIVE_INFINITY
  #releasedAt = Number.NEGATIVE_INFINITY
  #metBusyAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock = SYSTEM) {
    this.#clock = clock
  }

  /** Before BEGIN: pauses where the turn is over. */
  beforeBegin(): void {
    const now = this.#clock.now()
    const turnMs = now - this.#metBusyAt < CONTENDED_MS ? SHORT_TURN_MS : LONG_TURN_MS
    const freeMs = now - this.#releasedAt
    if (freeMs < PAUSE_MS && now - this.#turnBeganAt < turnMs) return
    if (freeMs < PAUSE_MS) this.#clock.sleep(PAUSE_MS - freeMs)
    this.#turnBeganAt = this.#clock.now()
  }

  /** BEGIN met the lock held by somebody else. The turn begins when the lock is had. */
  metBusy(): void {
    this.#metBusyAt = this.#clock.now()
    this.#turnBeganAt = this.#metBusyAt
  }

  /** The lock has been given back. */
  released(): void {
    this.#releasedAt = this.#clock.now()
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

const SYSTEM: Clock = {
  now: () => performance.now(),
  sleep: (ms) => {
    Atomics.wait(sleeper, 0, 0, ms)
  },
}

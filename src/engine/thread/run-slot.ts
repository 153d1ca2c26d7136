/**
 * What a connection's thread is running just now, in memory that it shares with the main thread, so that an interrupt meets
 * the statement it is meant for and never the next one.
 *
 *     idle ──begin()──▶ running ──end()──▶ idle              the thread's steps
 *                        │    ▲
 *            interrupt() ▼    │ and wakes the thread
 *                     interrupting: the thread cannot leave   the main thread's step
 *
 * Both leave `running` by compare-and-exchange, so one of them wins: when the thread does, the interrupt is not sent; when
 * the main thread does, the thread waits in end() until it has been sent, and the statement it met has ended then.
 *
 * SQLite forgets an interrupt when a statement starts while no other is active on the connection
 * (https://sqlite.org/c3ref/interrupt.html). So one that comes before the first step, or after the last, is lost: whoever
 * wants a statement gone asks again until the thread has answered (`interrupts.ts`). And where another statement is being
 * stepped, an interrupt meets that one as well: `beside` says so.
 */

/**
 * `reads`, `writes`: nothing else is active on the connection. `beside`: it reads while rows of other statements are still
 * to be fetched.
 */
export type Manner = 'reads' | 'writes' | 'beside'

/** Whom an interrupt may meet: a statement that only reads, any statement, or whatever is active on the connection. */
export type Scope = 'read' | 'statement' | 'connection'

const MANNERS: readonly Manner[] = ['reads', 'writes', 'beside']
const MET: Readonly<Record<Scope, readonly Manner[]>> = {
  read: ['reads'],
  statement: ['reads', 'writes'],
  connection: ['reads', 'writes', 'beside'],
}

const IDLE = 0
const INTERRUPTING = -1
/** Those that are under way at the same time are neighbours, so 28 bits tell them apart. */
const RUN_MASK = 2 ** 28 - 1

const STATE = 0
const STARTED = 1
const INTERRUPTED = 2
const CELLS = 3

export interface CurrentRun {
  readonly run: number
  readonly ageMs: number
}

export class RunSlot {
  readonly memory: SharedArrayBuffer
  readonly #cells: Int32Array

  constructor(memory = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#cells = new Int32Array(memory)
  }

  /** On the thread: runs `work`, which an interrupt may meet from its first moment to its last and not beyond. */
  during<T>(run: number, manner: Manner, work: () => T): T {
    const state = encode(run, manner)
    Atomics.store(this.#cells, INTERRUPTED, 0)
    Atomics.store(this.#cells, STARTED, clock())
    Atomics.store(this.#cells, STATE, state)
    try {
      return work()
    } finally {
      this.#leave(state)
    }
  }

  /** On the thread: whether an interrupt was sent during the last run. */
  get interrupted(): boolean {
    return Atomics.load(this.#cells, INTERRUPTED) === 1
  }

  /** On the main thread: what is running. */
  get current(): CurrentRun | null {
    const state = Atomics.load(this.#cells, STATE)
    if (state <= IDLE) return null
    const ageMs = (clock() - Atomics.load(this.#cells, STARTED)) | 0
    // The next one may have begun in between.
    return Atomics.load(this.#cells, STATE) === state ? { run: state >>> 2, ageMs } : null
  }

  /**
   * On the main thread: calls `send` while this run, and nothing but what `scope` allows, is what the thread is running.
   * Returns whether it did.
   */
  interrupt(run: number, scope: Scope, send: () => boolean): boolean {
    const state = MET[scope]
      .map((manner) => encode(run, manner))
      .find((state) => Atomics.compareExchange(this.#cells, STATE, state, INTERRUPTING) === state)
    if (state === undefined) return false
    try {
      const sent = send()
      if (sent) Atomics.store(this.#cells, INTERRUPTED, 1)
      return sent
    } finally {
      Atomics.store(this.#cells, STATE, state)
      Atomics.notify(this.#cells, STATE)
    }
  }

  #leave(state: number): void {
    while (Atomics.compareExchange(this.#cells, STATE, state, IDLE) !== state) {
      Atomics.wait(this.#cells, STATE, INTERRUPTING)
    }
  }
}

/** The number of a run in a slot; requests are counted on and on. */
export const runOf = (request: number): number => request & RUN_MASK

/** Never 0, nor negative: 28 bits of the run, then two of the manner. */
const encode = (run: number, manner: Manner): number => (run << 2) | (MANNERS.indexOf(manner) + 1)

/** Milliseconds of a clock that all threads share, of which 32 bits are kept: differences are right up to 24 days. */
function clock(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return (seconds * 1000 + nanoseconds / 1e6) | 0
}

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

const IDLE = 0
const INTERRUPTING = -1
/** In the state of a run: its manner, whether it has been interrupted, and from here on its number. */
const MANNERS: Readonly<Record<Manner, number>> = { reads: 1, writes: 2, beside: 3 }
const INTERRUPTED = 4
const RUN_SHIFT = 3
/** Those that are under way at the same time are neighbours, so 27 bits tell them apart. */
const RUN_MASK = 2 ** 27 - 1

const MET: Readonly<Record<Scope, readonly Manner[]>> = {
  read: ['reads'],
  statement: ['reads', 'writes'],
  connection: ['reads', 'writes', 'beside'],
}

const STATE = 0

/** Each goes further than the one before. */
export const SCOPES: readonly Scope[] = ['read', 'statement', 'connection']

export class RunSlot {
  readonly memory: SharedArrayBuffer
  readonly #cells: Int32Array
  #interrupted = false

  constructor(memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#cells = new Int32Array(memory)
  }

  /** On the thread: runs `work`, which an interrupt may meet from its first moment to its last and not beyond. */
  during<T>(run: number, manner: Manner, work: () => T): T {
    const state = encode(run, manner)
    Atomics.store(this.#cells, STATE, state)
    try {
      return work()
    } finally {
      this.#leave(state)
    }
  }

  /** On the thread: whether an interrupt was sent during the last run. */
  get interrupted(): boolean {
    return this.#interrupted
  }

  /** On the main thread: the run that is under way. */
  get current(): number | null {
    const state = Atomics.load(this.#cells, STATE)
    return state <= IDLE ? null : state >>> RUN_SHIFT
  }

  /**
   * On the main thread: calls `send` while this run, and nothing but what `scope` allows, is what the thread is running.
   * Returns whether it did and something was sent.
   */
  interrupt(run: number, scope: Scope, send: () => boolean): boolean {
    const states = MET[scope].map((manner) => encode(run, manner))
    const before = Atomics.load(this.#cells, STATE)
    if (!states.includes(before & ~INTERRUPTED)) return false
    if (Atomics.compareExchange(this.#cells, STATE, before, INTERRUPTING) !== before) return false
    let sent = false
    try {
      sent = send()
    } finally {
      Atomics.store(this.#cells, STATE, sent ? before | INTERRUPTED : before)
      Atomics.notify(this.#cells, STATE)
    }
    return sent
  }

  #leave(running: number): void {
    for (let state = running; ; ) {
      const found = Atomics.compareExchange(this.#cells, STATE, state, IDLE)
      if (found === state) {
        this.#interrupted = state !== running
        return
      }
      if (found === INTERRUPTING) Atomics.wait(this.#cells, STATE, INTERRUPTING)
      else state = found
    }
  }
}

/** The number of a run in a slot; requests are counted on and on. */
export const runOf = (request: number): number => request & RUN_MASK

/** Never 0, nor negative. */
const encode = (run: number, manner: Manner): number => (run << RUN_SHIFT) | MANNERS[manner]

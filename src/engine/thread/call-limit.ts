/**
 * What may end one call before it is done: its signal, and its time.
 *
 *     running ──the signal aborts, or the time is over──▶ ended    `error` says why; the reactions have been called, once
 *        │                                                  │
 *        └──────────────────────stop()──────────────────────┴──▶ stopped    nothing is listened to, no timer runs
 *
 * A call passes through stages (a queue, a thread, another queue), and each leaves a reaction that does nothing once its
 * stage is over. Whoever makes one stops it when the call has settled.
 */
import { AbortedError, TimeoutError, ValidationError } from '../../errors.ts'
import type { CallLimits } from '../types.ts'
import { checkTimeout } from './limits.ts'
import type { Origin } from './origin.ts'

/** The call, for the error that ends it. */
export interface LimitedCall {
  readonly what: string
  readonly sql?: string | undefined
  /** Where in the caller's code it began. */
  readonly origin?: Origin | undefined
}

type Reaction = (error: Error) => void

export class CallLimit {
  readonly #call: LimitedCall
  readonly #signal: AbortSignal | undefined
  readonly #reactions: Reaction[] = []
  #limitMs: number | null = null
  #since = 0
  #timer: NodeJS.Timeout | undefined
  #error: Error | null = null

  /** @throws AbortedError when the signal has aborted already; ValidationError for limits that are none. */
  constructor({ signal, timeout }: CallLimits, call: LimitedCall) {
    this.#call = call
    this.#signal = checkSignal(signal)
    const limitMs = timeout === undefined ? null : checkTimeout(timeout)
    if (this.#signal?.aborted === true) throw this.#aborted()
    if (limitMs !== null) this.atMost(limitMs)
    this.#signal?.addEventListener('abort', this.#onAbort)
  }

  /** The limit of a call, or `null` where its options name none. */
  static of(limits: CallLimits | undefined, call: LimitedCall): CallLimit | null {
    return limits?.signal === undefined && limits?.timeout === undefined ? null : new CallLimit(limits, call)
  }

  /** Why the call has ended, or `null` while it may go on. */
  get error(): Error | null {
    return this.#error
  }

  /** Whether it has a time limit. */
  get timed(): boolean {
    return this.#limitMs !== null
  }

  /** Milliseconds left of its time. */
  get leftMs(): number {
    if (this.#limitMs === null) return Number.POSITIVE_INFINITY
    return Math.max(0, this.#limitMs - (performance.now() - this.#since))
  }

  /** Starts a time limit, unless the caller has given one. */
  atMost(limitMs: number): void {
    if (this.#limitMs !== null || this.#error !== null) return
    this.#limitMs = limitMs
    this.#since = performance.now()
    this.#timer = setTimeout(() => this.#end(this.#timedOut(limitMs)), limitMs)
  }

  /** Calls `reaction` when it ends; at once when it has. */
  onEnd(reaction: Reaction): void {
    if (this.#error === null) this.#reactions.push(reaction)
    else reaction(this.#error)
  }

  /** @throws the error that has ended it. */
  assertRunning(): void {
    if (this.#error !== null) throw this.#error
  }

  /** The same as `error`, but ends it first when its time is over and only the timer has not been called yet. */
  check(): Error | null {
    if (this.#limitMs !== null && this.leftMs === 0) this.#end(this.#timedOut(this.#limitMs))
    return this.#error
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#reactions.length = 0
  }

  readonly #onAbort = (): void => this.#end(this.#aborted())

  #end(error: Error): void {
    if (this.#error !== null) return
    this.#error = error
    const reactions = this.#reactions.slice()
    this.stop()
    for (const reaction of reactions) reaction(error)
  }

  #aborted(): AbortedError {
    return new AbortedError(this.#facts(), { cause: this.#signal?.reason })
  }

  #timedOut(limitMs: number): TimeoutError {
    return new TimeoutError({ ...this.#facts(), limitMs })
  }

  #facts(): { what: string; sql: string | undefined; origin: string | undefined } {
    const { what, sql, origin } = this.#call
    return { what, sql, origin: origin?.() }
  }
}

/** Runs a call under the limits that its options name, if any; what they hold is taken away when it settles. */
export function limited<T>(
  limits: CallLimits | undefined,
  call: LimitedCall,
  run: (limit: CallLimit | null) => Promise<T>,
): Promise<T> {
  return limits?.signal === undefined && limits?.timeout === undefined ? run(null) : runLimited(limits, call, run)
}

async function runLimited<T>(limits: CallLimits, call: LimitedCall, run: (limit: CallLimit) => Promise<T>): Promise<T> {
  const limit = new CallLimit(limits, call)
  try {
    return await run(limit)
  } finally {
    limit.stop()
  }
}

/** One of another realm, or of a library, will do. */
function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined) return undefined
  const listens = typeof signal === 'object' && signal !== null && 'aborted' in signal && 'addEventListener' in signal
  if (!listens) throw new ValidationError({ subject: 'signal', reason: 'must be an AbortSignal' })
  return signal as AbortSignal
}

/**
 * Ends the statements that one connection runs. Two forms: by SQLite's interrupt, where the native extension is loaded; and
 * not at all, where it is not.
 *
 * Each statement is interrupted when it runs, and again until its thread has answered, because an interrupt that comes
 * before a statement's first step is lost:
 *
 *     resting ──stop()──▶ looking, more and more rarely ──the last of them has settled──▶ resting
 *
 * resting  no timer runs
 * looking  one timer runs; it does not keep the process alive, the thread that owes an answer does
 */
import { type RunSlot, SCOPES, type Scope } from './run-slot.ts'

/**
 * How long an interrupt may take to end a statement (ms). Code that SQLite calls and cannot look into, such as a function of
 * a setup module, goes on until it returns; nearly all else ends within a millisecond.
 */
export const STOP_GRACE_MS = 500
/** How long until the slot is looked at again, at first and at most (ms). */
const FIRST_LOOK_MS = 1
const RAREST_LOOK_MS = 16

export interface Stopper {
  /** Whether a running statement can be ended. */
  readonly able: boolean
  /**
   * Ends this run, now or when its turn comes. Resolves with `true` as soon as `settled` has, and with `false` when nobody can
   * tell how long that will take.
   */
  stop(settled: Promise<unknown>, run: number, scope: Scope): Promise<boolean>
}

export const UNABLE: Stopper = { able: false, stop: async () => false }

export class Interrupts implements Stopper {
  readonly able = true
  readonly #slot: RunSlot
  readonly #send: () => boolean
  readonly #wanted = new Map<number, Scope>()
  #timer: NodeJS.Timeout | undefined
  #lookMs = FIRST_LOOK_MS

  /** `send` interrupts the connection, whatever it runs; `false` when it is not there. */
  constructor(slot: RunSlot, send: () => boolean) {
    this.#slot = slot
    this.#send = send
  }

  stop(settled: Promise<unknown>, run: number, scope: Scope): Promise<boolean> {
    const before = this.#wanted.get(run)
    // Asked twice, what goes further counts.
    if (before === undefined || SCOPES.indexOf(scope) > SCOPES.indexOf(before)) this.#wanted.set(run, scope)
    this.#lookMs = FIRST_LOOK_MS
    this.#look()
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), STOP_GRACE_MS).unref()
      const end = (): void => {
        clearTimeout(timer)
        this.#forget(run)
        resolve(true)
      }
      settled.then(end, end)
    })
  }

  #look(): void {
    clearTimeout(this.#timer)
    const running = this.#slot.current
    const scope = running === null ? undefined : this.#wanted.get(running)
    if (running !== null && scope !== undefined) this.#slot.interrupt(running, scope, this.#send)
    this.#timer = setTimeout(() => this.#look(), this.#lookMs).unref()
    this.#lookMs = Math.min(2 * this.#lookMs, RAREST_LOOK_MS)
  }

  #forget(run: number): void {
    this.#wanted.delete(run)
    if (this.#wanted.size === 0) clearTimeout(this.#timer)
  }
}

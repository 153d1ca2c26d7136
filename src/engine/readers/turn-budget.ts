/**
 * Shares the event loop: a turn with inline reads in it gets a few milliseconds from the first of them on, whatever passes
 * between them, then the next ones wait for the next turn, in order. Awaited promises alone never let a timer fire: 100,000 awaited inline reads would hold the loop for a
 * second. Waiting work is taken from a queue, a turn's worth at a time; waking all of it at every turn would cost more
 * the more waits.
 */
import { Fifo } from '../../util/fifo.ts'

/** How long after the first inline read of a turn others may begin in it (ms). */
export const TURN_BUDGET_MS = 5

export class TurnBudget {
  readonly #waiting = new Fifo<() => void>()
  /** To be called when this turn is over. */
  #after: (() => void)[] = []
  /** When the first work of this turn began. */
  #beganAt: number | null = null
  #turn = 0
  #scheduled = false
  #idle: PromiseWithResolvers<void> | null = null

  /** Whether work may run now: there is time left, and nobody waits who asked before. */
  get free(): boolean {
    return this.#waiting.size === 0 && this.#hasTime()
  }

  /** Work of the turn has taken so long, and has just ended. */
  spend(ms: number): void {
    this.#beganAt ??= performance.now() - ms
    this.#schedule()
  }

  /** Runs `work` in its turn. */
  defer(work: () => void): void {
    this.#waiting.push(work)
    this.#schedule()
  }

  /** The number of this turn; it stays while nothing is done in turns. */
  get turn(): number {
    return this.#turn
  }

  /** Calls `work` once, when this turn is over. */
  afterTurn(work: () => void): void {
    this.#after.push(work)
    this.#schedule()
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    if (this.#waiting.size === 0) return
    this.#idle ??= Promise.withResolvers<void>()
    await this.#idle.promise
  }

  #hasTime(): boolean {
    return this.#beganAt === null || performance.now() - this.#beganAt < TURN_BUDGET_MS
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#next())
  }

  #next(): void {
    this.#scheduled = false
    this.#turn++
    if (this.#after.length > 0) for (const work of this.#after.splice(0)) work()
    this.#beganAt = null
    while (this.#hasTime()) {
      const work = this.#waiting.shift()
      if (work === undefined) break
      work()
    }
    if (this.#waiting.size > 0) this.#schedule()
    else this.#idle?.resolve()
  }
}

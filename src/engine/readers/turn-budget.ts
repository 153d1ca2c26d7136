/**
 * Shares the event loop: inline reads of one turn together get a few milliseconds, then the next ones wait for the next
 * turn, in order. Awaited promises alone never let a timer fire: 100,000 awaited inline reads would hold the loop for a
 * second. Waiting work is taken from a queue, a turn's worth at a time; waking all of it at every turn would cost more
 * the more waits.
 */
import { Fifo } from '../../util/fifo.ts'

/** What all inline reads of one turn may take together (ms). */
export const TURN_BUDGET_MS = 5

export class TurnBudget {
  readonly #waiting = new Fifo<() => void>()
  /** To be called when this turn is over. */
  #after: (() => void)[] = []
  #spentMs = 0
  #scheduled = false
  #idle: PromiseWithResolvers<void> | null = null

  /** Whether work may run now: there is time left, and nobody waits who asked before. */
  get free(): boolean {
    return this.#spentMs < TURN_BUDGET_MS && this.#waiting.size === 0
  }

  spend(ms: number): void {
    this.#spentMs += ms
    this.#schedule()
  }

  /** Runs `work` in its turn; what it takes it reports by {@link spend}. */
  defer(work: () => void): void {
    this.#waiting.push(work)
    this.#schedule()
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

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#scheduled = false
    this.#spentMs = 0
    for (const work of this.#after.splice(0)) work()
    while (this.#spentMs < TURN_BUDGET_MS) {
      const work = this.#waiting.shift()
      if (work === undefined) break
      work()
    }
    if (this.#waiting.size > 0) this.#schedule()
    else this.#idle?.resolve()
  }
}

/**
 * Shares the event loop: inline reads of one turn together get a few milliseconds, then the next ones wait for the next
 * turn. Awaited promises alone never let a timer fire: 100,000 awaited inline reads would hold the loop for a second.
 */

/** What all inline reads of one turn may take together (ms). */
export const TURN_BUDGET_MS = 5

export class TurnBudget {
  #spentMs = 0
  #turnEnd: Promise<void> | null = null

  get exhausted(): boolean {
    return this.#spentMs >= TURN_BUDGET_MS
  }

  spend(ms: number): void {
    this.#spentMs += ms
    void this.nextTurn()
  }

  /** Resolves at the start of the next turn, with a fresh budget. */
  nextTurn(): Promise<void> {
    this.#turnEnd ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#spentMs = 0
        this.#turnEnd = null
        resolve()
      })
    })
    return this.#turnEnd
  }
}

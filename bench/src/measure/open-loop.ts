/**
 * Requests that are due at fixed times, whatever became of those before. Each latency counts from the time its request
 * was due: a caller that waits for an answer before it asks again would never notice how long nobody was answered.
 */
export class OpenLoop {
  readonly #request: (index: number) => unknown
  readonly #intervalMs: number
  readonly #startedMs = performance.now()
  readonly #answered: Promise<void>[] = []
  readonly #latenciesMs: number[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(perSecond: number, request: (index: number) => unknown) {
    this.#intervalMs = 1000 / perSecond
    this.#request = request
    this.#tick()
  }

  /** Asks what is due by now, waits for all answers, and resolves with every latency. */
  async stop(): Promise<readonly number[]> {
    clearTimeout(this.#timer)
    this.#askWhatIsDue()
    await Promise.all(this.#answered)
    return this.#latenciesMs
  }

  #tick(): void {
    this.#askWhatIsDue()
    this.#timer = setTimeout(() => this.#tick(), 1)
  }

  #askWhatIsDue(): void {
    const now = performance.now()
    for (let dueMs = this.#nextDueMs(); dueMs <= now; dueMs = this.#nextDueMs()) this.#answered.push(this.#ask(dueMs))
  }

  #nextDueMs(): number {
    return this.#startedMs + this.#answered.length * this.#intervalMs
  }

  async #ask(dueMs: number): Promise<void> {
    await this.#request(this.#answered.length)
    this.#latenciesMs.push(performance.now() - dueMs)
  }
}

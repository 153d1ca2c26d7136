/**
 * Decides which reads are short enough for the event loop's thread. A pure record of measured times: no clock of its
 * own, no connection.
 *
 *     unknown ──MIN_RUNS runs, slowest < budget/2──▶ inline ──one run > budget──▶ banned ──10 min, doubling──▶ unknown
 *
 * A point read starts as inline. Nothing is ever inline with a budget of 0.
 */

/** Runs that are remembered for a text; the slowest of them decides. */
const WINDOW = 50
/** Runs that have to be known before a text may be run inline. */
const MIN_RUNS = 10
/** How long an overrun bans a text (ms); doubles with every further one. */
const FIRST_BAN_MS = 600_000
/** Texts that are remembered; the least recently used is forgotten first. */
const MAX_TEXTS = 2000

interface Record {
  readonly times: number[]
  next: number
  bannedUntilMs: number
  banMs: number
}

export class Router {
  readonly #budgetMs: number
  readonly #records = new Map<string, Record>()

  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs
  }

  /** Whether `sql` may run inline at `nowMs`. `point`: its caller knows that it is a search for one row by a key. */
  mayRunInline(sql: string, point: boolean, nowMs: number): boolean {
    if (this.#budgetMs === 0) return false
    const record = this.#records.get(sql)
    if (record === undefined) return point
    if (nowMs < record.bannedUntilMs) return false
    if (record.times.length < MIN_RUNS) return point
    return Math.max(...record.times) < this.#budgetMs / 2
  }

  /** Records how long a run took. `inline`: it ran on the event loop's thread. Returns whether it overran there. */
  record(sql: string, tookMs: number, inline: boolean, nowMs: number): boolean {
    const record = this.#recordOf(sql)
    record.times[record.next] = tookMs
    record.next = (record.next + 1) % WINDOW
    const overran = inline && tookMs > this.#budgetMs
    if (overran) {
      record.bannedUntilMs = nowMs + record.banMs
      record.banMs *= 2
      record.times.length = 0
      record.next = 0
    }
    return overran
  }

  #recordOf(sql: string): Record {
    const known = this.#records.get(sql)
    if (known !== undefined) return known
    if (this.#records.size >= MAX_TEXTS) {
      const oldest = this.#records.keys().next()
      if (oldest.done !== true) this.#records.delete(oldest.value)
    }
    const record: Record = { times: [], next: 0, bannedUntilMs: 0, banMs: FIRST_BAN_MS }
    this.#records.set(sql, record)
    return record
  }
}

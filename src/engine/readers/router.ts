/**
 * Decides which reads are short enough for the event loop's thread. A pure record of measured times: no clock of its
 * own, no connection.
 *
 *     unknown ──MIN_RUNS runs, slowest < budget/2──▶ inline ──overruns──▶ banned ──10 min, doubling──▶ unknown
 *
 * A point read starts as inline. Nothing is ever inline with a budget of 0. What counts as overrunning: STRIKES times,
 * each within WINDOW runs of the one before, or, for a text that is no point read, once by OUTRAGEOUS times the budget. A single overrun of a
 * point read says more about the machine (another process had the core, the garbage was collected) than about the
 * statement: bans on the first one sent the point reads of a busy machine to threads within a second, at ten times
 * the cost. So did three in a row: with fifteen programs on two cores one read in 1,500 is held up, 130 of 200,000 a
 * second, and one in a thousand of those is followed by two more. Six in a row come about once in a week.
 */

/** Runs that are remembered for a text; the slowest of them decides. */
const WINDOW = 50
/** Runs that have to be known before a text may be run inline. */
const MIN_RUNS = WINDOW
/** Overruns, each within a window of the one before, that ban a text. */
const STRIKES = 6
/** What one counts for that was interrupted, at ten times the budget. */
const INTERRUPTED_STRIKES = 2
/** How many times the budget bans a text at once, unless it is a point read. */
const OUTRAGEOUS = 20
/** How long a ban lasts (ms); doubles with every further one. */
const FIRST_BAN_MS = 600_000
/** Texts that are remembered; the one known longest is forgotten first. */
const MAX_TEXTS = 2000
/** Longer texts are not remembered, and so never inline: reading one takes a while already. */
const MAX_CHARACTERS = 4096

interface TextRecord {
  readonly times: number[]
  next: number
  /** The largest of `times`. */
  slowestMs: number
  /** Runs left in which an overrun counts together with those before. */
  strikeWindow: number
  strikes: number
  bannedUntilMs: number
  banMs: number
}

export class Router {
  readonly #budgetMs: number
  readonly #records = new Map<string, TextRecord>()

  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs
  }

  /** Whether `sql` may run inline at `nowMs`. `point`: its caller knows that it is a search for one row by a key. */
  mayRunInline(sql: string, point: boolean, nowMs: number): boolean {
    if (this.#budgetMs === 0 || sql.length > MAX_CHARACTERS) return false
    const record = this.#records.get(sql)
    if (record === undefined) return point
    if (nowMs < record.bannedUntilMs) return false
    return point || (record.times.length >= MIN_RUNS && record.slowestMs < this.#budgetMs / 2)
  }

  /** Records how long a run took on a reader's thread. */
  recordThreaded(sql: string, tookMs: number): void {
    if (sql.length <= MAX_CHARACTERS) this.#remember(sql, tookMs)
  }

  /** Records how long a run took on the event loop's thread; infinite when it was interrupted before its end. */
  recordInline(sql: string, tookMs: number, point: boolean, nowMs: number): void {
    const record = this.#remember(sql, tookMs)
    if (record.strikes > 0 && --record.strikeWindow === 0) record.strikes = 0
    if (tookMs <= this.#budgetMs) return

    record.strikes += tookMs === Number.POSITIVE_INFINITY ? INTERRUPTED_STRIKES : 1
    record.strikeWindow = WINDOW
    if (record.strikes >= STRIKES || (!point && tookMs > OUTRAGEOUS * this.#budgetMs)) ban(record, nowMs)
  }

  #remember(sql: string, tookMs: number): TextRecord {
    const record = this.#recordOf(sql)
    const forgotten = record.times[record.next] ?? 0
    record.times[record.next] = tookMs
    record.next = (record.next + 1) % WINDOW
    if (tookMs >= record.slowestMs) record.slowestMs = tookMs
    else if (forgotten === record.slowestMs) record.slowestMs = Math.max(...record.times)
    return record
  }

  #recordOf(sql: string): TextRecord {
    const known = this.#records.get(sql)
    if (known !== undefined) return known
    if (this.#records.size >= MAX_TEXTS) {
      const oldest = this.#records.keys().next()
      if (oldest.done !== true) this.#records.delete(oldest.value)
    }
    const record: TextRecord = {
      times: [],
      next: 0,
      slowestMs: 0,
      strikeWindow: 0,
      strikes: 0,
      bannedUntilMs: 0,
      banMs: FIRST_BAN_MS,
    }
    this.#records.set(sql, record)
    return record
  }
}

/** Whatever was known of it no longer counts: it has to prove itself short again. */
function ban(record: TextRecord, nowMs: number): void {
  record.bannedUntilMs = nowMs + record.banMs
  record.banMs *= 2
  record.times.length = 0
  record.next = 0
  record.slowestMs = 0
  record.strikes = 0
}

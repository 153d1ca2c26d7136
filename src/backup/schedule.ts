/**
 * Makes backups when they are due. Nothing runs at a fixed moment: now and then it is asked whether a time of the schedule has
 * passed since the newest backup. So one that was missed, because no process ran or the machine slept, is made up for, and of
 * several processes with one schedule the first one makes it and the others find it made.
 *
 *     waiting ──look──▶ nothing is due ──▶ waiting
 *        ▲                due: the job ──▶ done, or failed: looks again in 5 minutes
 *        └──────────────────────────────────┘
 *
 * No timer keeps the process alive.
 */
import { Cron } from 'croner'

/** Opening and what comes first have this long for themselves (ms). */
const FIRST_LOOK_MS = 60_000
const RETRY_MS = 300_000
/** A machine that slept has lost its timers' sense of time (ms). */
const LONGEST_WAIT_MS = 3_600_000

/** Enough to meet the longest gap of a pattern of days, such as a weekend. */
const GAPS = 10

export interface ScheduleOptions {
  readonly pattern: string
  /** When the newest backup was made; `null` when there is none. */
  readonly newest: () => Promise<Date | null>
  /** Makes one, unless one has come since `due`. */
  readonly run: (due: Date) => Promise<void>
}

export class Schedule {
  readonly #options: ScheduleOptions
  readonly #cron: Cron
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> = Promise.resolve()
  #ended = false
  #newest: Date | null = null

  constructor(options: ScheduleOptions) {
    this.#options = options
    this.#cron = new Cron(options.pattern, { paused: true })
    this.#wait(FIRST_LOOK_MS)
  }

  /** The next time of the schedule. */
  get next(): Date | null {
    return this.#cron.nextRun()
  }

  /** A newest backup that is older has been missed: twice the longest time between two of the next (ms). */
  get maxAgeMs(): number {
    const times = this.#cron.nextRuns(GAPS + 1).map((time) => time.getTime())
    return 2 * Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)))
  }

  /** Looks now. Never rejects: who makes the backup tells why it failed. */
  async look(now: Date = new Date()): Promise<void> {
    const due = lastTimeOf(this.#cron, now)
    let waitMs = Math.min(LONGEST_WAIT_MS, (this.next?.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime())
    try {
      if (due !== null && isBefore(this.#newest, due)) {
        this.#newest = await this.#options.newest()
        if (isBefore(this.#newest, due) && !this.#ended) await this.#options.run(due)
      }
    } catch {
      waitMs = Math.min(waitMs, RETRY_MS)
    }
    this.#wait(Math.max(1_000, waitMs))
  }

  /** Ends it; resolves when nothing of it runs any more. */
  async end(): Promise<void> {
    this.#ended = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#looking
  }

  #wait(ms: number): void {
    if (this.#ended) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#looking = this.look()
    }, ms).unref()
  }
}

/** The last time of a schedule up to now; `null` when it has none. */
export function lastTimeOf(cron: Cron, now: Date): Date | null {
  return cron.previousRuns(1, now)[0] ?? null
}

function isBefore(newest: Date | null, due: Date): boolean {
  return newest === null || newest.getTime() < due.getTime()
}

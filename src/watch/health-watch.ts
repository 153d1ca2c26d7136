/**
 * Checks the health now and then while the database is open and somebody listens, and tells when its status is another one.
 *
 *     resting ──open, and listened to──▶ waiting ──interval──▶ checking ──▶ waiting
 *        ▲                                  │
 *        └───────closed, or nobody listens──┘
 *
 * The timer never keeps the process alive. A database begins as healthy, so that one which is not is told of.
 */
import type { Events } from './events.ts'
import type { HealthEvent } from './types.ts'

export type Checked = Omit<HealthEvent, 'previous'>

export interface HealthWatchOptions {
  readonly events: Events
  /** `monitoring.healthInterval` (ms) */
  readonly intervalMs: number
  /** Never rejects. */
  readonly check: () => Promise<Checked>
}

export class HealthWatch {
  readonly #options: HealthWatchOptions
  #open = false
  #timer: NodeJS.Timeout | null = null
  #status: HealthEvent['status'] = 'healthy'

  constructor(options: HealthWatchOptions) {
    this.#options = options
  }

  opened(): void {
    this.#open = true
    this.#status = 'healthy'
    this.refresh()
  }

  closed(): void {
    this.#open = false
    this.refresh()
  }

  /** Listeners have come or gone. */
  refresh(): void {
    const wanted = this.#open && this.#options.events.listened('health')
    if (!wanted && this.#timer !== null) {
      clearTimeout(this.#timer)
      this.#timer = null
    }
    if (wanted && this.#timer === null) this.#wait()
  }

  #wait(): void {
    const timer = setTimeout(async () => {
      await this.#look()
      // Nobody listens any more, or somebody does again and has begun anew.
      if (this.#timer === timer) this.#wait()
    }, this.#options.intervalMs).unref()
    this.#timer = timer
  }

  async #look(): Promise<void> {
    const { status, timestamp, checks } = await this.#options.check()
    const previous = this.#status
    if (!this.#open || status === previous) return
    this.#status = status
    this.#options.events.emit('health', { status, previous, timestamp, checks })
  }
}

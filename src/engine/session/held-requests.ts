/**
 * What is asked of a held reader. Its thread answers in order, so the oldest request is the one that runs, and what
 * counts as its running time begins when the one before it was answered.
 *
 *     sent ──those before it are answered──▶ running ──▶ answered
 *       └─────────────────┬──────────────────┘
 *          its call ends  ▼
 *                      let go: its caller is told at once; it still runs, for nobody
 */
import { Fifo } from '../../util/fifo.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import { onceOpen } from '../thread/let-go.ts'
import { statementTimedOut } from '../thread/limits.ts'
import type { Operation, Operations } from '../thread/protocol.ts'

interface Sent {
  /** `null` where it may run as long as it needs. */
  readonly limitMs: number | null
  readonly sql: string | null
  readonly letGo: (error: Error) => void
}

export interface HeldRequestsOptions {
  /** 0: none. */
  readonly statementTimeoutMs: number
  /** A statement has run longer than that. */
  readonly onOverrun: (error: Error) => void
}

export class HeldRequests {
  readonly #channel: Channel
  readonly #options: HeldRequestsOptions
  /** Sent and not answered, oldest first. */
  readonly #sent = new Fifo<Sent>()
  /** How many of them nobody waits for. */
  #unwanted = 0
  #timer: NodeJS.Timeout | undefined

  constructor(channel: Channel, options: HeldRequestsOptions) {
    this.#channel = channel
    this.#options = options
  }

  /** Whether the thread has something to do. */
  get busy(): boolean {
    return this.#sent.size > 0
  }

  /** Whether some of that is done for nobody. */
  get unwanted(): boolean {
    return this.#unwanted > 0
  }

  send<O extends Operation>(
    op: O,
    argument: Operations[O]['argument'],
    { sql = null, limit = null }: { readonly sql?: string | null; readonly limit?: CallLimit | null } = {},
  ): Promise<Operations[O]['result']> {
    return new Promise((resolve, reject) => {
      const { statementTimeoutMs } = this.#options
      // What is no statement of the caller's, such as the BEGIN of a snapshot, has no limit to overrun.
      const untimed = sql === null || statementTimeoutMs === 0 || limit?.timed === true
      const limitMs = untimed ? null : statementTimeoutMs
      let done = false
      let wanted = true
      const letGo = (error: Error): void => {
        if (done || !wanted) return
        wanted = false
        this.#unwanted++
        reject(error)
      }
      const place = this.#sent.push({ limitMs, sql, letGo })
      if (this.#sent.size === 1) onceOpen(this.#channel, () => this.#arm())
      const answered = (): void => {
        done = true
        if (!wanted) this.#unwanted--
        this.#sent.remove(place)
        this.#arm()
      }
      this.#channel.request(op, argument).finally(answered).then(resolve, reject)
      limit?.onEnd(letGo)
    })
  }

  /** Tells every caller `error`; the thread goes on. */
  letGoOfAll(error: Error): void {
    const sent = this.#sent.drain()
    for (const one of sent) one.letGo(error)
    this.#arm()
  }

  /** Times the oldest request from now on. */
  #arm(): void {
    clearTimeout(this.#timer)
    const running = this.#sent.peek()
    if (running === undefined || running.limitMs === null) return
    const { limitMs, sql } = running
    this.#timer = setTimeout(() => this.#options.onOverrun(statementTimedOut(sql, limitMs)), limitMs)
  }
}

/**
 * What is asked of a held reader. Its thread answers in order, so the oldest request is the one that runs, and what
 * counts as its running time begins when the one before it was answered.
 *
 *     sent ──those before it are answered──▶ running ──▶ answered
 *       └─────────────────┬──────────────────┘               ▲
 *          its call ends  ▼                                  │
 *                      let go: its caller is told at once, and it is stopped; or it still runs, for nobody
 */
import { Fifo } from '../../util/fifo.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import { onceOpen } from '../thread/let-go.ts'
import { statementTimedOut } from '../thread/limits.ts'
import type { Operation, Operations } from '../thread/protocol.ts'
import type { Scope } from '../thread/run-slot.ts'

interface Request {
  /** `null` where it may run as long as it needs. */
  readonly limitMs: number | null
  readonly sql: string | null
  /** Resolves with whether the thread has done with it. */
  readonly letGo: (error: Error, scope: Scope) => Promise<boolean>
}

export interface HeldRequestsOptions {
  /** 0: none. */
  readonly statementTimeoutMs: number
  /** A statement has run longer than that, and goes on. */
  readonly onOverrun: (error: Error) => void
}

export class HeldRequests {
  readonly #channel: Channel
  readonly #options: HeldRequestsOptions
  /** Sent and not answered, oldest first. */
  readonly #sent = new Fifo<Request>()
  /** Those of them that nobody waits for. */
  readonly #unwanted = new Set<Promise<boolean>>()
  #timer: NodeJS.Timeout | undefined

  constructor(channel: Channel, options: HeldRequestsOptions) {
    this.#channel = channel
    this.#options = options
  }

  /** Whether the thread has something to do. */
  get busy(): boolean {
    return this.#sent.size > 0
  }

  /** Resolves with whether nothing is done for nobody any more, as soon as that can be told. */
  async idle(): Promise<boolean> {
    await Promise.all(this.#unwanted)
    return this.#unwanted.size === 0
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
      const sent = this.#channel.start(op, argument)
      let done = false
      let stopped: Promise<boolean> | null = null
      const letGo = (error: Error, scope: Scope): Promise<boolean> => {
        if (done) return Promise.resolve(true)
        if (stopped !== null) this.#unwanted.delete(stopped)
        stopped = sent.stop({ scope, unwanted: true })
        this.#unwanted.add(stopped)
        reject(error)
        return stopped
      }
      const place = this.#sent.push({ limitMs, sql, letGo })
      if (this.#sent.size === 1) onceOpen(this.#channel, () => this.#arm())
      const answered = (): void => {
        done = true
        if (stopped !== null) this.#unwanted.delete(stopped)
        this.#sent.remove(place)
        this.#arm()
      }
      sent.result.finally(answered).then(resolve, reject)
      limit?.onEnd((error) => void letGo(error, 'statement'))
    })
  }

  /** Tells every caller `error`, and stops whatever the connection does. */
  letGoOfAll(error: Error): void {
    const sent = this.#sent.drain()
    for (const { letGo } of sent) void letGo(error, 'connection')
    this.#arm()
  }

  /** Times the oldest request from now on. */
  #arm(): void {
    clearTimeout(this.#timer)
    const running = this.#sent.peek()
    if (running === undefined || running.limitMs === null) return
    const { limitMs, sql, letGo } = running
    this.#timer = setTimeout(async () => {
      const error = statementTimedOut(sql, limitMs)
      if (!(await letGo(error, 'statement'))) this.#options.onOverrun(error)
    }, limitMs)
  }
}

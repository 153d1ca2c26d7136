/**
 * The connection for work that changes no row and would hold up the writer: started when there is some, ended when idle.
 *
 *     none ──run()──▶ working ──idle, or its thread dies──▶ none
 *      └──────────────close()──▶ closed: nothing is started any more
 */
import { ClosedError } from '../../errors.ts'
import type { Channel } from '../thread/channel.ts'
import { connectionStatus } from '../thread/connection-status.ts'
import type { Operation, Operations } from '../thread/protocol.ts'
import type { ConnectionStatus } from '../types.ts'

/** How long its thread stays without work (ms): longer than copying pauses under a steady load. */
const IDLE_END_MS = 30_000

const UNTIDY = { optimize: false, truncate: false }

export class Maintenance {
  readonly #start: () => Channel
  #channel: Channel | null = null
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor(start: () => Channel) {
    this.#start = start
  }

  async run<O extends Operation>(op: O, argument: Operations[O]['argument']): Promise<Operations[O]['result']> {
    if (this.#closed) throw new ClosedError({ what: 'the database' })
    clearTimeout(this.#idle)
    const channel = this.#open()
    try {
      return await channel.request(op, argument)
    } finally {
      clearTimeout(this.#idle)
      if (!this.#closed) this.#idle = setTimeout(() => void this.#end(), IDLE_END_MS).unref()
    }
  }

  /** Empty while there is no thread. */
  status(): ConnectionStatus[] {
    if (this.#channel === null) return []
    return [connectionStatus(this.#channel, this.#channel.current === null ? 'idle' : 'busy')]
  }

  /** Ends the thread after what it has in hand. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
  }

  #open(): Channel {
    if (this.#channel !== null) return this.#channel
    const channel = this.#start()
    this.#channel = channel
    void channel.ended.then(() => {
      if (this.#channel === channel) this.#channel = null
    })
    return channel
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const channel = this.#channel
    this.#channel = null
    await channel?.close(UNTIDY)
  }
}

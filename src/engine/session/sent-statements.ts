/** What one scope of a transaction has sent to its connection's thread and has not been answered. */
import type { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import type { Operation, Operations } from '../thread/protocol.ts'
import type { Scope } from '../thread/run-slot.ts'
import type { Sent } from '../thread/sent.ts'

export class SentStatements {
  readonly #channel: Channel
  readonly #sent = new Set<Sent<Operation>>()

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /** Sends one; it is stopped when `limit` ends before it is done. */
  async send<O extends Operation>(
    op: O,
    argument: Operations[O]['argument'],
    limit: CallLimit | null,
  ): Promise<Operations[O]['result']> {
    const sent = this.#channel.start(op, argument)
    this.#sent.add(sent)
    limit?.onEnd(() => void sent.stop())
    try {
      return await sent.result
    } finally {
      this.#sent.delete(sent)
    }
  }

  stop(scope: Scope): void {
    for (const sent of this.#sent) void sent.stop({ scope })
  }
}

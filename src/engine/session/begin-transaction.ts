/** Begins a transaction: waits for the writer, under the limits of the call. */
import type { AsyncLocalStorage } from 'node:async_hooks'
import { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import { orLetGo } from '../thread/let-go.ts'
import { originOfCall } from '../thread/origin.ts'
import type { HoldOutcome } from '../thread/protocol.ts'
import type { Executor, TransactionOptions } from '../types.ts'
import { TransactionSession } from './transaction-session.ts'

interface WriterHold {
  readonly channel: Channel
  readonly begun: Promise<unknown>
  readonly release: (outcome: HoldOutcome) => void
}

export interface BeginContext {
  readonly hold: (limit: CallLimit) => Promise<WriterHold>
  readonly context: AsyncLocalStorage<Executor>
  /** How long it may stay open, from BEGIN on, unless the call says otherwise. */
  readonly timeoutMs: number
}

/** @throws AbortedError or TimeoutError at once when the call ends before its turn; nothing was begun then. */
export async function beginTransaction(
  { hold, context, timeoutMs }: BeginContext,
  limits: TransactionOptions,
): Promise<TransactionSession> {
  const origin = originOfCall()
  const limit = new CallLimit(limits, { what: 'the transaction', origin })
  try {
    const held = hold(limit)
    // Its turn may have come just then.
    const letGo = (): void => void held.then(giveBack, () => {})
    const { channel, begun, release: onEnd } = await orLetGo(held, { limit, letGo })
    const own = limits.timeout ?? timeoutMs
    const session = new TransactionSession({ channel, begun, context, onEnd, limit, timeoutMs: own, origin })
    limit.assertRunning()
    return session
  } catch (error) {
    limit.stop()
    throw error
  }
}

async function giveBack({ channel, release }: WriterHold): Promise<void> {
  // A thread that has died has rolled back as well.
  await channel.request('rollback', null).catch(() => null)
  release({ committed: false, broken: false })
}

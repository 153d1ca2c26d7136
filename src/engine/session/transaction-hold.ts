/** What a transaction holds: a connection that it has for itself until its end. */
import type { AsyncLocalStorage } from 'node:async_hooks'
import { IndeterminateError, isNoormmeError } from '../../errors.ts'
import { toError } from '../../util/attempt.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import type { Origin } from '../thread/origin.ts'
import type { HoldOutcome } from '../thread/protocol.ts'
import type { Executor } from '../types.ts'

export interface TransactionHold {
  readonly channel: Channel
  /** Settles with BEGIN, or with SAVEPOINT for a nested one. */
  readonly begun: Promise<unknown>
  readonly context: AsyncLocalStorage<Executor>
  readonly onEnd: (outcome: HoldOutcome) => void
  /** What ends it from outside. Stopped with it. */
  readonly limit: CallLimit
  /** How long a scope nested in it may stay open unless it says otherwise. */
  readonly timeoutMs: number
  /** Where in the caller's code it began. */
  readonly origin: Origin
}

export const UNDONE: HoldOutcome = { committed: false, broken: false }

/** When disk or thread fail during COMMIT nobody knows what was done; other failures leave the transaction whole. */
export function commitFailure(error: unknown): unknown {
  const unknownOutcome = ['NOORMME_IO', 'NOORMME_DISK_FULL', 'NOORMME_THREAD'].some((code) =>
    isNoormmeError(error, code),
  )
  return unknownOutcome ? new IndeterminateError({ reason: toError(error).message }, { cause: error }) : error
}

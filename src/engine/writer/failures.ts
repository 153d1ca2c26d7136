/** What a piece of work is told when it has failed. */
import { BusyError, IndeterminateError, ThreadError } from '../../errors.ts'
import { toError } from '../../util/attempt.ts'
import { isInterrupted } from '../thread/interrupted.ts'
import type { Piece } from './supervision.ts'
import type { Queued } from './write-queue.ts'

/** Why it was stopped, if that is why it failed. */
export function stopOf({ stoppedBy }: Piece, error: unknown): Error | null {
  return isInterrupted(error) ? stoppedBy : null
}

/** A lock that was waited for only as long as the call could wait is not what ended the call. */
export function blame({ limit }: Queued, error: Error): Error {
  return error instanceof BusyError ? (limit?.check() ?? error) : error
}

/** A thread that dies with a write in hand may have committed it before: repeating it blindly could do it twice. */
export function lostWith(error: unknown): Error {
  if (!(error instanceof ThreadError)) return toError(error)
  return new IndeterminateError({ reason: error.message }, { cause: error })
}

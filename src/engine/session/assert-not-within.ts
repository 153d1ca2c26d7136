/** What waits for every transaction to end must not be called from inside one: it would wait for itself. */
import { TransactionError } from '../../errors.ts'
import type { Executor } from '../types.ts'
import { ReadOnlySession } from './read-only-session.ts'
import { TransactionSession } from './transaction-session.ts'

/** @throws TransactionError when `scope`, that of the calling context, is a transaction that has not ended. */
export function assertNotWithin(scope: Executor | undefined, what: string): void {
  const waitsForItself = scope instanceof ReadOnlySession || (scope instanceof TransactionSession && scope.open)
  if (!waitsForItself) return
  throw new TransactionError({
    reason: `${what} inside a transaction would wait for that transaction`,
    advice: 'Call it after the transaction.',
  })
}

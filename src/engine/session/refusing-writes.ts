/** What a snapshot without WAL writes through: nothing. It holds the only connection, so a write would wait for itself. */
import { TransactionError } from '../../errors.ts'
import type { Executor } from '../types.ts'

const refuse = async (): Promise<never> => {
  throw new TransactionError({
    reason: 'a write inside a snapshot would wait for that snapshot: without WAL there is one connection',
    advice: 'Write after the snapshot, use transaction() instead, or enable WAL.',
  })
}

export const refusingWrites: Executor = {
  execute: refuse,
  batch: refuse,
  transaction: refuse,
  begin: refuse,
  stream: () => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) }),
}

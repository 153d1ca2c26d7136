/** `transaction(fn)` in terms of begin, commit and rollback: the same for a root and for a savepoint. */
import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Executor, Transaction, TransactionOptions } from '../types.ts'

/** Commits when `fn` resolves, rolls back when it rejects or the transaction is lost; settles with the true outcome. */
export async function runInTransaction<T>(
  executor: Pick<Executor, 'begin'>,
  context: AsyncLocalStorage<Executor>,
  fn: (tx: Transaction) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  const tx = await executor.begin(options)
  try {
    const result = await Promise.race([context.run(tx, async () => fn(tx)), tx.lost])
    await Promise.race([tx.commit(), tx.lost])
    return result
  } catch (error) {
    await tx.rollback()
    throw error
  }
}

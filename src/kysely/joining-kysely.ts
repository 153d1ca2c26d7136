/**
 * Makes the callback of `kysely.transaction().execute(callback)` a place where every other call on the same database
 * joins that transaction: without it, a repository used there would wait for the transaction that waits for it.
 */
import { Kysely, type Transaction, type TransactionBuilder } from 'kysely'
import type { Engine, Executor } from '../engine/types.ts'
import { NoormmeDialect } from './dialect.ts'
import type { VirtualConnection } from './virtual-connection.ts'

type Within = Engine['within']

/** A Kysely instance over `executor`; `destroy()` on it does nothing, the database is closed by its owner. */
export function createKysely<DB>(executor: Executor, within: Within): Kysely<DB> {
  return joining(new Kysely<DB>({ dialect: new NoormmeDialect(executor) }), within)
}

/** Kysely copies itself in these methods; the copies join as well. */
const COPYING = [
  'withPlugin',
  'withoutPlugins',
  'withSchema',
  'withTables',
  '$extendTables',
  '$omitTables',
  '$pickTables',
] as const

function joining<DB>(kysely: Kysely<DB>, within: Within): Kysely<DB> {
  // Some of the copying methods call each other, or only change the type.
  if (Object.hasOwn(kysely, 'transaction')) return kysely
  const begin = kysely.transaction.bind(kysely)
  Object.defineProperty(kysely, 'transaction', { value: () => joiningBuilder(begin(), within) })
  Object.defineProperty(kysely, 'destroy', { value: async () => {} })
  for (const name of COPYING) {
    const copy = kysely[name].bind(kysely) as (...values: unknown[]) => Kysely<DB>
    Object.defineProperty(kysely, name, { value: (...values: unknown[]) => joining(copy(...values), within) })
  }
  return kysely
}

function joiningBuilder<DB>(builder: TransactionBuilder<DB>, within: Within): TransactionBuilder<DB> {
  const wrapped: Pick<TransactionBuilder<DB>, 'setAccessMode' | 'setIsolationLevel' | 'execute'> = {
    setAccessMode: (mode) => joiningBuilder(builder.setAccessMode(mode), within),
    setIsolationLevel: (level) => joiningBuilder(builder.setIsolationLevel(level), within),
    execute: (callback) =>
      builder.execute(async (trx) => {
        const scope = await scopeOf(trx)
        return within(scope, () => callback(trx))
      }),
  }
  // The class has a private field, so nothing else is assignable to it; these three methods are all it offers.
  return wrapped as TransactionBuilder<DB>
}

/** The engine's transaction behind one of Kysely's. */
async function scopeOf<DB>(trx: Transaction<DB>): Promise<Executor> {
  return trx.getExecutor().provideConnection(async (connection) => (connection as VirtualConnection).scope)
}

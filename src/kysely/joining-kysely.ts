/**
 * Makes the callback of `kysely.transaction().execute(callback)` a place where every other call on the same database
 * joins that transaction: without it, a repository used there would wait for the transaction that waits for it. A
 * transaction whose time runs out rejects at once, although its callback may never return.
 */
import { type ConnectionBuilder, Kysely, type KyselyPlugin, type Transaction, type TransactionBuilder } from 'kysely'
import type { Engine, Executor, OpenTransaction } from '../engine/types.ts'
import { NoormmeDialect } from './dialect.ts'
import type { VirtualConnection } from './virtual-connection.ts'

type Within = Engine['within']

/** A Kysely instance over `executor`; `destroy()` on it does nothing, the database is closed by its owner. */
export function createKysely<DB>(
  executor: Executor,
  within: Within,
  plugins: readonly KyselyPlugin[] = [],
): Kysely<DB> {
  return joining(new Kysely<DB>({ dialect: new NoormmeDialect(executor), plugins: [...plugins] }), within)
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
  const connect = kysely.connection.bind(kysely)
  Object.defineProperty(kysely, 'transaction', { value: () => joiningBuilder(begin(), within) })
  Object.defineProperty(kysely, 'connection', { value: () => joiningConnection(connect(), within) })
  Object.defineProperty(kysely, 'destroy', { value: async () => {} })
  for (const name of COPYING) {
    const copy = kysely[name].bind(kysely) as (...values: unknown[]) => Kysely<DB>
    Object.defineProperty(kysely, name, { value: (...values: unknown[]) => joining(copy(...values), within) })
  }
  return kysely
}

// Kysely's builders have private fields, so nothing else is assignable to them; these methods are all they offer.

function joiningConnection<DB>(builder: ConnectionBuilder<DB>, within: Within): ConnectionBuilder<DB> {
  const wrapped: Pick<ConnectionBuilder<DB>, 'execute'> = {
    execute: (callback) => builder.execute((kysely) => callback(joining(kysely, within))),
  }
  return wrapped as ConnectionBuilder<DB>
}

function joiningBuilder<DB>(builder: TransactionBuilder<DB>, within: Within): TransactionBuilder<DB> {
  const wrapped: Pick<TransactionBuilder<DB>, 'setAccessMode' | 'setIsolationLevel' | 'execute'> = {
    setAccessMode: (mode) => joiningBuilder(builder.setAccessMode(mode), within),
    setIsolationLevel: (level) => joiningBuilder(builder.setIsolationLevel(level), within),
    execute: (callback) =>
      builder.execute(async (trx) => {
        const scope = await scopeOf(trx)
        return Promise.race([within(scope, async () => callback(trx)), scope.lost])
      }),
  }
  return wrapped as TransactionBuilder<DB>
}

/** The engine's transaction behind one of Kysely's. */
async function scopeOf<DB>(trx: Transaction<DB>): Promise<OpenTransaction> {
  return trx.getExecutor().provideConnection(async (connection) => (connection as VirtualConnection).transaction)
}

/** What `transaction()` and `snapshot()` give to their callbacks: the database as it is inside. */
import type { Kysely } from 'kysely'
import type { CallLimits, Executor, Row, Statement, TransactionOptions } from './engine/types.ts'
import { toQueryResult } from './kysely/virtual-connection.ts'
import type { KyselyDatabase } from './repository/kysely-database.ts'
import type { RegisteredDatabase } from './repository/register.ts'
import type { RepositoryOf, TableName, TableNameFor } from './repository/repository-of.ts'
import type { Repository } from './repository/types.ts'

/** What `execute` resolves with. */
export interface ExecuteResult<R = Row> {
  readonly rows: R[]
  /** Rows inserted, updated or deleted. */
  readonly numAffectedRows?: bigint
  /** Rowid of the last row inserted. */
  readonly insertId?: bigint
}

/** Several reads at one point in time. */
export interface Snapshot<DB = RegisteredDatabase> {
  getRepository<Table extends TableName<DB>>(table: Table): RepositoryOf<DB, Table>
  getRepository<R extends object = never>(table: TableNameFor<R, DB>): Repository<R>
  getKysely(): Kysely<KyselyDatabase<DB>>
  execute<R = Row>(sql: string, parameters?: readonly unknown[], limits?: CallLimits): Promise<ExecuteResult<R>>
}

/** An open transaction: what is done with it is committed together, or not at all. */
export interface Transaction<DB = RegisteredDatabase> extends Snapshot<DB> {
  /** Several statements, all or nothing within the transaction. */
  batch(statements: readonly Statement[], limits?: CallLimits): Promise<ExecuteResult[]>
  /** A savepoint: when `fn` rejects, only what it did is undone. */
  transaction<T>(fn: (tx: Transaction<DB>) => Promise<T>, options?: TransactionOptions): Promise<T>
}

/** What a scope is put together from. */
export interface ScopeParts<DB> {
  readonly repository: (scope: Executor, table: string) => Repository<object>
  readonly kysely: (scope: Executor) => Kysely<KyselyDatabase<DB>>
}

export function snapshotOver<DB>(scope: Executor, parts: ScopeParts<DB>): Snapshot<DB> {
  const getRepository = ((table: string) => parts.repository(scope, table)) as Snapshot<DB>['getRepository']
  let kysely: Kysely<KyselyDatabase<DB>> | null = null
  return {
    getRepository,
    getKysely: () => (kysely ??= parts.kysely(scope)),
    execute: (sql, parameters = [], limits) => {
      scope.onCall?.()
      return run(scope, sql, parameters, limits)
    },
  }
}

export function transactionOver<DB>(scope: Executor, parts: ScopeParts<DB>): Transaction<DB> {
  return {
    ...snapshotOver(scope, parts),
    batch: async (statements, limits) =>
      (await scope.batch(statements, limits)).map((result) => toQueryResult<Row>(result)),
    transaction: (fn, options) => scope.transaction((tx) => fn(transactionOver(tx, parts)), options),
  }
}

/** Runs one statement, with its outcome as users see it. */
export async function run<R>(
  executor: Executor,
  sql: string,
  parameters: readonly unknown[],
  limits: CallLimits | undefined,
): Promise<ExecuteResult<R>> {
  return toQueryResult<R>(await executor.execute({ sql, parameters }, limits))
}

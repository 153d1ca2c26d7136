/** A connection as Kysely sees it: the engine itself, or the transaction that was begun on it. */
import type { AbortableOperationOptions, CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import type { Executor, OpenTransaction, ResultSet, TransactionOptions } from '../engine/types.ts'
import { isNoormmeError, TransactionError } from '../errors.ts'

export class VirtualConnection implements DatabaseConnection {
  readonly #executor: Executor
  #transaction: OpenTransaction | null = null
  #options: TransactionOptions = {}

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** @throws TransactionError when none is open. */
  get transaction(): OpenTransaction {
    if (this.#transaction !== null) return this.#transaction
    throw new TransactionError({ reason: 'no transaction is open on this connection', advice: 'Begin one first.' })
  }

  async executeQuery<R>(
    { sql, parameters }: CompiledQuery,
    { signal }: AbortableOperationOptions = {},
  ): Promise<QueryResult<R>> {
    try {
      return toQueryResult(await this.#scope.execute({ sql, parameters }, signal && { signal }))
    } catch (error) {
      return aborted(error)
    }
  }

  async *streamQuery<R>(
    { sql, parameters }: CompiledQuery,
    chunkSize: number,
    { signal }: AbortableOperationOptions = {},
  ): AsyncIterableIterator<QueryResult<R>> {
    try {
      for await (const rows of this.#scope.stream({ sql, parameters }, { blockRows: chunkSize, signal }))
        yield { rows: rows as R[] }
    } catch (error) {
      yield aborted(error)
    }
  }

  async begin(): Promise<void> {
    this.#transaction = await this.#executor.begin(this.#options)
  }

  /** How later transactions on this connection are begun. */
  setTransactionOptions(options: TransactionOptions): void {
    this.#options = options
  }

  async commit(): Promise<void> {
    await this.transaction.commit()
    // Kysely keeps the connection where it was taken by connection().execute().
    this.#transaction = null
  }

  /** Does nothing where no transaction is open. */
  async rollback(): Promise<void> {
    await this.#transaction?.rollback()
    this.#transaction = null
  }

  async savepoint(action: 'create' | 'release' | 'rollbackTo', name: string): Promise<void> {
    await this.transaction.savepoint(action, name)
  }

  /** What its statements run in: the open transaction, or else the executor itself. */
  get #scope(): Executor {
    return this.#transaction ?? this.#executor
  }
}

/**
 * Kysely rejects by itself as soon as its signal aborts, and prints to the console whatever fails in a query after that.
 * So the query ends without failing, and only whoever reads this result is told what it is.
 */
function aborted<R>(error: unknown): QueryResult<R> {
  if (!isNoormmeError(error, 'NOORMME_ABORTED')) throw error
  return {
    get rows(): R[] {
      throw error
    },
  }
}

/** The engine's result in Kysely's words. */
export function toQueryResult<R>({ rows, changes, lastInsertRowid }: ResultSet): QueryResult<R> {
  return {
    rows: rows as R[],
    ...(changes > 0 || rows.length === 0 ? { numAffectedRows: BigInt(changes) } : {}),
    ...(lastInsertRowid === null ? {} : { insertId: BigInt(lastInsertRowid) }),
  }
}

/**
 * A snapshot without WAL: a transaction on the one connection there is, through which nothing is written. A write made
 * inside would otherwise wait for the snapshot it is made in, or be undone with it.
 */
import { TransactionError } from '../../errors.ts'
import { inBlocks, refuseConnectionFunctions } from '../thread/results.ts'
import type { CallLimits, Executor, ReadOptions, ResultSet, Row, Statement, StreamOptions } from '../types.ts'
import type { TransactionSession } from './transaction-session.ts'

export class ReadOnlySession implements Executor {
  readonly #transaction: TransactionSession

  constructor(transaction: TransactionSession) {
    this.#transaction = transaction
  }

  async execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    refuseConnectionFunctions(statement.sql)
    return (await this.#transaction.read(statement, options)) ?? refuse()
  }

  batch(statements: readonly Statement[], limits?: CallLimits): Promise<ResultSet[]> {
    return Promise.all(statements.map((statement) => this.execute(statement, limits)))
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    yield* inBlocks((await this.execute(statement, options)).rows, options)
  }

  transaction(): Promise<never> {
    return refuse()
  }

  begin(): Promise<never> {
    return refuse()
  }
}

async function refuse(): Promise<never> {
  throw new TransactionError({
    reason: 'a write inside a snapshot would wait for that snapshot: without WAL there is one connection',
    advice: 'Write after the snapshot, use transaction() instead, or enable WAL.',
  })
}

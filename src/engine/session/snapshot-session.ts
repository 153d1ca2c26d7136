/**
 * A point in time: one reader inside a read transaction, held until its callback ends. Reads go to it; writes go to the
 * writer and are not seen here.
 */
import { ClosedError, isNoormmeError, TransactionEndedError } from '../../errors.ts'
import { classify } from '../../sqlite/classify.ts'
import { toObjects } from '../../sqlite/connection.ts'
import type { Channel } from '../thread/channel.ts'
import { readBlocks } from '../thread/read-blocks.ts'
import { readResult, toWireStatement } from '../thread/results.ts'
import type {
  Executor,
  OpenTransaction,
  ResultSet,
  Row,
  Statement,
  StreamOptions,
  Transaction,
  TransactionOptions,
} from '../types.ts'

export class SnapshotSession implements Executor {
  readonly #channel: Channel
  readonly #outside: Executor
  #how: string | null = null

  /** Takes over a reader on which a read transaction has been begun; `outside` runs what writes. */
  constructor(channel: Channel, outside: Executor) {
    this.#channel = channel
    this.#outside = outside
  }

  async execute(statement: Statement): Promise<ResultSet> {
    this.#assertOpen()
    if (classify(statement.sql).kind !== 'read') return this.#outside.execute(statement)
    const result = await this.#request(() => this.#channel.request('read', toWireStatement(statement)))
    return result === null ? this.#outside.execute(statement) : readResult(toObjects(result) as Row[])
  }

  /** Reads come from the snapshot as long as all of the batch reads; otherwise the batch is the writer's. */
  async batch(statements: readonly Statement[]): Promise<ResultSet[]> {
    this.#assertOpen()
    if (statements.some(({ sql }) => classify(sql).kind !== 'read')) return this.#outside.batch(statements)
    return Promise.all(statements.map((statement) => this.execute(statement)))
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    this.#assertOpen()
    const blocks = readBlocks(this.#channel, toWireStatement(statement), options)
    try {
      for (;;) {
        const { done, value } = await this.#request(() => blocks.next())
        if (done === true) return
        yield value
        this.#assertOpen()
      }
    } finally {
      await blocks.return()
    }
  }

  async transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    this.#assertOpen()
    return this.#outside.transaction(fn, options)
  }

  async begin(options?: TransactionOptions): Promise<OpenTransaction> {
    this.#assertOpen()
    return this.#outside.begin(options)
  }

  /** Ends the read transaction; later reads are refused. */
  async end(how: string): Promise<void> {
    if (this.#how !== null) return
    this.#how = how
    // A thread that has died has ended its transaction as well.
    await this.#channel.request('rollback', null).catch(() => null)
  }

  async #request<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      if (this.#how === 'closed' && isNoormmeError(error, 'NOORMME_THREAD'))
        throw new ClosedError({ what: 'the database' })
      throw error
    }
  }

  #assertOpen(): void {
    if (this.#how === 'closed') throw new ClosedError({ what: 'the database' })
    if (this.#how !== null) throw new TransactionEndedError({ what: 'snapshot', how: this.#how })
  }
}

/**
 * A point in time: one reader inside a read transaction, held until its callback ends. Reads go to it; writes go to the
 * writer and are not seen here. A stream is one too, with the one statement as its read transaction.
 *
 *     open ──end(how)──▶ ended: what comes later is refused; the reader is given back once it is out of the transaction
 */
import { ClosedError, type NoormmeError, TransactionEndedError } from '../../errors.ts'
import { classify } from '../../sqlite/classify.ts'
import type { Channel } from '../thread/channel.ts'
import { readBlocks } from '../thread/read-blocks.ts'
import { readResult, readRows, refuseConnectionFunctions, toInnerStatement } from '../thread/results.ts'
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
  readonly #release: () => void
  readonly #outside: Executor
  #ended: NoormmeError | null = null
  #givenBack: Promise<void> | null = null

  /** Takes over a reader that `release` gives back; `outside` runs what writes. */
  constructor(reader: { readonly channel: Channel; readonly release: () => void }, outside: Executor) {
    this.#channel = reader.channel
    this.#release = reader.release
    this.#outside = outside
  }

  /** A transaction beside the snapshot, which does not see it. */
  async begin(options?: TransactionOptions): Promise<OpenTransaction> {
    this.#assertOpen()
    return this.#outside.begin(options)
  }

  /** Fixes the point in time that later reads see. */
  async fix(): Promise<void> {
    await this.#channel.request('begin', { waitMs: null })
  }

  async execute(statement: Statement): Promise<ResultSet> {
    this.#assertOpen()
    refuseConnectionFunctions(statement.sql)
    const wire = toInnerStatement(statement)
    if (classify(statement.sql).kind !== 'read') return this.#outside.execute(statement)
    const result = await this.#explained(this.#channel.request('read', wire))
    return result === null ? this.#outside.execute(statement) : readResult(readRows(result))
  }

  /** Reads come from the snapshot as long as all of the batch reads; otherwise the batch is the writer's. */
  async batch(statements: readonly Statement[]): Promise<ResultSet[]> {
    this.#assertOpen()
    if (statements.some(({ sql }) => classify(sql).kind !== 'read')) return this.#outside.batch(statements)
    return Promise.all(statements.map((statement) => this.execute(statement)))
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    this.#assertOpen()
    const blocks = readBlocks(this.#channel, toInnerStatement(statement), options)
    try {
      for (;;) {
        const { done, value } = await this.#explained(blocks.next())
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

  /** Ends the read transaction and gives the reader back; the first call counts, all wait for it. */
  end(ended: NoormmeError): Promise<void> {
    this.#ended ??= ended
    this.#givenBack ??= this.#giveBack()
    return this.#givenBack
  }

  async #giveBack(): Promise<void> {
    // A thread that has died has ended its transaction as well.
    await this.#channel.request('rollback', null).catch(() => null)
    this.#release()
  }

  /** An error that comes of the end is told as what it is. */
  async #explained<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      throw this.#ended instanceof ClosedError ? this.#ended : error
    }
  }

  #assertOpen(): void {
    if (this.#ended !== null) throw this.#ended
  }
}

/** Why a snapshot's object is refused after its callback. */
export function snapshotEnded(how: string): NoormmeError {
  return new TransactionEndedError({ what: 'snapshot', how })
}

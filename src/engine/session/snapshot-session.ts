/**
 * A point in time: one reader inside a read transaction, held until its callback ends. Reads go to it; writes go to the
 * writer and are not seen here. A stream is one too, with the one statement as its read transaction.
 *
 *     open ──end(how)────▶ ended: what comes later is refused; the reader is given back once it is out of the transaction
 *      ├────close()──────▶ the same, and `lost` rejects; what runs on beyond the grace is refused too
 *      └────expire(why)──▶ ended: what is under way is refused too, and `lost` rejects. What it runs is stopped; a reader
 *                                 that cannot be stopped is abandoned to it
 *
 * Expires when its own limits end it, when a statement of it outruns `performance.statementTimeout` and cannot be stopped,
 * and when the log has to be restarted under it. A statement that is stopped leaves the read transaction as it is, so the
 * snapshot goes on.
 */
import { ClosedError, type NoormmeError, ReaderExpiredError, TransactionEndedError } from '../../errors.ts'
import { classify } from '../../sqlite/classify.ts'
import { CallLimit, limited } from '../thread/call-limit.ts'
import { CLOSE_GRACE_MS } from '../thread/close-grace.ts'
import type { HeldReader } from '../thread/held-reader.ts'
import type { Origin } from '../thread/origin.ts'
import { readBlocks } from '../thread/read-blocks.ts'
import { readResult, readRows, refuseConnectionFunctions, toInnerStatement } from '../thread/results.ts'
import type {
  CallLimits,
  Executor,
  OpenTransaction,
  ReadOptions,
  ResultSet,
  Row,
  Statement,
  StreamOptions,
  Transaction,
  TransactionOptions,
} from '../types.ts'
import { HeldRequests } from './held-requests.ts'

export interface SnapshotOptions {
  readonly what: 'snapshot' | 'stream'
  /** Where in the caller's code it began. */
  readonly origin: Origin
  /** Of the snapshot as a whole. */
  readonly limit: CallLimit | null
  readonly statementTimeoutMs: number
}

export class SnapshotSession implements Executor {
  readonly lost: Promise<never>
  readonly #reader: HeldReader
  readonly #options: SnapshotOptions
  readonly #outside: Executor
  readonly #requests: HeldRequests
  readonly #lose: (error: Error) => void
  /** Limits of streams that have not been read to their end. */
  readonly #streamLimits = new Set<CallLimit>()
  readonly #since = performance.now()
  #ended: Error | null = null
  #givenBack: Promise<void> | null = null

  /** Takes over `reader` and gives it back; `outside` runs what writes. */
  constructor(reader: HeldReader, outside: Executor, options: SnapshotOptions) {
    this.#reader = reader
    this.#outside = outside
    this.#options = options
    const { statementTimeoutMs, limit } = options
    this.#requests = new HeldRequests(reader.channel, { statementTimeoutMs, onOverrun: (error) => this.#expire(error) })
    const { promise, reject } = Promise.withResolvers<never>()
    this.lost = promise
    this.#lose = reject
    // Whoever races against it sees the reason; nobody has to.
    this.lost.catch(() => {})
    limit?.onEnd((error) => this.#expire(error))
  }

  /** A transaction beside the snapshot, which does not see it. */
  async begin(options?: TransactionOptions): Promise<OpenTransaction> {
    this.#assertOpen()
    return this.#outside.begin(options)
  }

  /** Fixes the point in time that later reads see. */
  async fix(): Promise<void> {
    this.#assertOpen()
    await this.#requests.send('begin', { waitMs: null })
  }

  async execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    this.#assertOpen()
    refuseConnectionFunctions(statement.sql)
    const wire = toInnerStatement(statement)
    if (classify(statement.sql).kind !== 'read') return this.#outside.execute(statement, options)
    const { sql } = statement
    return limited(options, { what: 'the read', sql }, async (limit) => {
      const result = await this.#explained(this.#requests.send('read', wire, { sql, limit }))
      return result === null ? this.#outside.execute(statement, options) : readResult(readRows(result), result)
    })
  }

  /** Reads come from the snapshot as long as all of the batch reads; otherwise the batch is the writer's. */
  async batch(statements: readonly Statement[], limits?: CallLimits): Promise<ResultSet[]> {
    this.#assertOpen()
    if (statements.some(({ sql }) => classify(sql).kind !== 'read')) return this.#outside.batch(statements, limits)
    return Promise.all(statements.map((statement) => this.execute(statement, limits)))
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    this.#assertOpen()
    const wire = toInnerStatement(statement)
    const { sql } = statement
    const limit = CallLimit.of(options, { what: 'the stream', sql })
    if (limit !== null) this.#streamLimits.add(limit)
    const request: HeldReader['channel']['request'] = (op, argument) =>
      this.#requests.send(op, argument, { sql, limit: op === 'closeCursor' ? null : limit })
    const blocks = readBlocks({ request }, wire, options)
    try {
      for (;;) {
        const { done, value } = await this.#explained(blocks.next())
        if (done === true) return
        yield value
        this.#assertOpen()
        limit?.assertRunning()
      }
    } finally {
      this.#stop(limit)
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

  /** Ends it because the database closes; its callback may never return, so whoever waits for that is told at once. */
  close(): Promise<void> {
    const closed = new ClosedError({ what: 'the database' })
    this.#lose(closed)
    const given = this.end(closed)
    const grace = setTimeout(() => {
      if (this.#reader.channel.stoppable) this.#requests.letGoOfAll(closed)
    }, CLOSE_GRACE_MS)
    return given.finally(() => clearTimeout(grace))
  }

  /** Ends it when it is older, unless it runs a statement that cannot be stopped; resolves when its reader has been given back. */
  async expireOlder(olderThanMs: number): Promise<void> {
    const { what, origin } = this.#options
    const ageMs = Math.round(performance.now() - this.#since)
    const stuck = this.#requests.busy && !this.#reader.channel.stoppable
    if (this.#ended !== null || stuck || ageMs < olderThanMs) return
    this.#expire(new ReaderExpiredError({ what, ageMs, origin: origin() }))
    await this.#givenBack
  }

  #expire(error: Error): void {
    this.#requests.letGoOfAll(error)
    this.#ended ??= error
    this.#lose(this.#ended)
    this.#givenBack ??= this.#giveBack()
  }

  async #giveBack(): Promise<void> {
    for (const limit of [this.#options.limit, ...this.#streamLimits]) this.#stop(limit)
    // A thread that has died has ended its transaction as well.
    if (await this.#requests.idle()) await this.#requests.send('rollback', null).catch(() => null)
    if (await this.#requests.idle()) this.#reader.release()
    else this.#reader.abandon()
  }

  #stop(limit: CallLimit | null): void {
    if (limit === null) return
    this.#streamLimits.delete(limit)
    limit.stop()
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

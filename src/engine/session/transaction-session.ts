/**
 * An open transaction or savepoint, as the main thread sees it.
 *
 *     open ──commit()─────▶ ended (committed)
 *      │ ──rollback()─────▶ ended (rolled back)
 *      │ ──time runs out──▶ ended (timed out)          `lost` rejects
 *      │ ──SQLite ends it─▶ ended (rolled back by SQLite)
 *      └──thread dies─────▶ ended (its thread ended)
 *
 * open   holds the writer (a root) or its parent's lock (a savepoint); statements are sent in order of calling
 * ended  every statement is refused; what was held is given back as soon as the connection is out of the transaction
 *
 * While a nested scope is open, its parent's statements wait for it, except those called from inside it: they would wait
 * for themselves, and belong to the innermost scope anyway.
 */
import type { AsyncLocalStorage } from 'node:async_hooks'
import { fromWire, IndeterminateError, isNoormmeError, TimeoutError, TransactionEndedError } from '../../errors.ts'
import { Mutex } from '../../util/mutex.ts'
import type { Channel } from '../thread/channel.ts'
import type { HoldOutcome, Operation, Operations } from '../thread/protocol.ts'
import { inBlocks, toInnerStatement, toResultSet } from '../thread/results.ts'
import type {
  Executor,
  OpenTransaction,
  ResultSet,
  Row,
  ScriptFailure,
  Statement,
  StreamOptions,
  Transaction,
  TransactionOptions,
} from '../types.ts'
import { runInTransaction } from './run-in-transaction.ts'

export interface TransactionHold {
  readonly channel: Channel
  readonly context: AsyncLocalStorage<Executor>
  readonly onEnd: (outcome: HoldOutcome) => void
  readonly timeoutMs: number
  /** Where in the caller's code it began. */
  readonly origin: string | undefined
}

const UNDONE: HoldOutcome = { committed: false, broken: false }

export class TransactionSession implements OpenTransaction {
  readonly lost: Promise<never>
  readonly #hold: TransactionHold
  readonly #parent: TransactionSession | null
  readonly #savepoint: string | null
  readonly #lock = new Mutex()
  readonly #lose: (error: Error) => void
  readonly #timer: NodeJS.Timeout
  #how: string | null = null
  #nested = 0

  /** Takes over a connection on which BEGIN (or, with a parent, SAVEPOINT) has been run. */
  constructor(hold: TransactionHold, parent: TransactionSession | null = null, savepoint: string | null = null) {
    this.#hold = hold
    this.#parent = parent
    this.#savepoint = savepoint
    const { promise, reject } = Promise.withResolvers<never>()
    this.lost = promise
    this.#lose = reject
    // Whoever races against it sees the reason; nobody has to.
    this.lost.catch(() => {})
    this.#timer = setTimeout(() => this.#expire(), hold.timeoutMs)
  }

  get open(): boolean {
    return this.#endedHow() === null
  }

  async execute(statement: Statement): Promise<ResultSet> {
    const inner = this.#innermost()
    return toResultSet(await inner.#submit('run', toInnerStatement(statement)))
  }

  async batch(statements: readonly Statement[]): Promise<ResultSet[]> {
    const inner = this.#innermost()
    return (await inner.#submit('batch', statements.map(toInnerStatement))).map(toResultSet)
  }

  async script(sql: string): Promise<{ statements: number; failure: ScriptFailure | null }> {
    const { statements, failure } = await this.#innermost().#submit('script', sql)
    return { statements, failure: failure === null ? null : { ...failure, error: fromWire(failure.error) } }
  }

  /** Read at once and handed out in blocks: a statement cannot be stepped while the transaction goes on writing. */
  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    yield* inBlocks((await this.execute(statement)).rows, options)
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return runInTransaction(this, this.#hold.context, fn, options)
  }

  async begin({ timeout }: TransactionOptions = {}): Promise<TransactionSession> {
    const parent = this.#innermost()
    parent.#assertOpen()
    const release = await parent.#lock.acquire()
    const name = `noormme_${parent.#depth()}_${++parent.#nested}`
    try {
      await parent.#send('savepoint', name)
    } catch (error) {
      release()
      throw error
    }
    const hold = { ...parent.#hold, onEnd: release, timeoutMs: timeout ?? parent.#hold.timeoutMs }
    return new TransactionSession(hold, parent, name)
  }

  async commit(): Promise<void> {
    this.#assertOpen()
    // Nested scopes and the statements that wait for them come first.
    await this.#lock.acquire()
    this.#assertOpen()
    const savepoint = this.#savepoint
    this.#end('committed')
    try {
      if (savepoint === null) await this.#hold.channel.request('commit', null)
      else await this.#hold.channel.request('release', savepoint)
    } catch (error) {
      const failure = savepoint === null ? commitFailure(error) : error
      await this.#undo({ ...UNDONE, broken: failure !== error })
      throw failure
    }
    this.#hold.onEnd({ committed: true, broken: false })
  }

  async rollback(): Promise<void> {
    if (!this.open) return
    this.#end('rolled back')
    await this.#undo()
  }

  async savepoint(action: 'create' | 'release' | 'rollbackTo', name: string): Promise<void> {
    const quoted = `"${name.replaceAll('"', '""')}"`
    await this.#innermost().#submit(action === 'create' ? 'savepoint' : action, quoted)
  }

  async #submit<O extends Operation>(op: O, argument: Operations[O]['argument']): Promise<Operations[O]['result']> {
    this.#assertOpen()
    if (!this.#lock.locked) return this.#send(op, argument)
    const release = await this.#lock.acquire()
    try {
      return await this.#send(op, argument)
    } finally {
      release()
    }
  }

  async #send<O extends Operation>(op: O, argument: Operations[O]['argument']): Promise<Operations[O]['result']> {
    this.#assertOpen()
    const { channel } = this.#hold
    try {
      return await channel.request(op, argument)
    } catch (error) {
      if (channel.state === 'ended') this.#root().#abandon('its thread ended', error)
      // The callback goes on and may say more; what it sends from here on is refused, and so is its commit.
      else if (!channel.inTransaction) this.#root().#abandon('rolled back by SQLite', null)
      throw error
    }
  }

  /** Nothing is left to undo: gives the connection back. */
  #abandon(how: string, lostWith: unknown): void {
    if (!this.open) return
    this.#end(how)
    if (lostWith instanceof Error) this.#lose(lostWith)
    this.#hold.onEnd(UNDONE)
  }

  #expire(): void {
    if (!this.open) return
    this.#end('timed out')
    const { timeoutMs, origin } = this.#hold
    this.#lose(
      new TimeoutError({
        what: this.#parent === null ? 'the transaction' : 'the nested transaction',
        limitMs: timeoutMs,
        origin,
      }),
    )
    void this.#undo()
  }

  #end(how: string): void {
    clearTimeout(this.#timer)
    this.#how = how
    this.#lock.close(this.#endedError(how))
  }

  /** Rolls back what this scope did, and gives back what it holds even when the thread cannot answer any more. */
  async #undo(outcome = UNDONE): Promise<void> {
    const { channel, onEnd } = this.#hold
    try {
      if (this.#savepoint === null) await channel.request('rollback', null)
      else if (this.#root().open) {
        await channel.request('rollbackTo', this.#savepoint)
        await channel.request('release', this.#savepoint)
      }
    } catch {
      // SQLite or the end of the thread has rolled back already; the reason was reported where it happened.
    } finally {
      onEnd(outcome)
    }
  }

  /** The scope that a call made here belongs to: this one, or one nested in it that the caller is inside of. */
  #innermost(): TransactionSession {
    const current = this.#hold.context.getStore()
    return current instanceof TransactionSession && current.#isInside(this) ? current : this
  }

  #isInside(other: TransactionSession): boolean {
    if (this === other) return true
    return this.#parent === null ? false : this.#parent.#isInside(other)
  }

  #root(): TransactionSession {
    return this.#parent === null ? this : this.#parent.#root()
  }

  #depth(): number {
    return this.#parent === null ? 0 : this.#parent.#depth() + 1
  }

  #endedHow(): string | null {
    return this.#how ?? (this.#parent === null ? null : this.#parent.#endedHow())
  }

  #assertOpen(): void {
    const how = this.#endedHow()
    if (how !== null) throw this.#endedError(how)
  }

  #endedError(how: string): TransactionEndedError {
    return new TransactionEndedError({ what: 'transaction', how })
  }
}

/** When disk or thread fail during COMMIT nobody knows what was done; other failures leave the transaction whole. */
function commitFailure(error: unknown): unknown {
  const unknownOutcome = ['NOORMME_IO', 'NOORMME_DISK_FULL', 'NOORMME_THREAD'].some((code) =>
    isNoormmeError(error, code),
  )
  return unknownOutcome ? new IndeterminateError({ reason: (error as Error).message }, { cause: error }) : error
}

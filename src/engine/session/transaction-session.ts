/**
 * An open transaction or savepoint, as the main thread sees it.
 *
 *     open ──BEGIN fails───▶ ended (with that error)         `lost` rejects
 *      │ ──commit()────────▶ ended (committed)
 *      │ ──rollback()──────▶ ended (rolled back)
 *      │ ──time runs out───▶ ended (timed out)                 `lost` rejects
 *      │ ──signal aborts───▶ ended (aborted)                   `lost` rejects
 *      │ ──SQLite ends it──▶ ended (rolled back by SQLite)
 *      │ ──its thread dies─▶ ended (its thread ended)          `lost` rejects
 *      └──its parent ends──▶ ended (as its parent did)         `lost` rejects
 *
 * BEGIN may still be on its way: the callback need not wait for an answer, because statements are run in the order they
 * are sent. Its time counts from the answer.
 *
 * open   holds the writer (a root) or its parent's lock (a savepoint); statements are sent in order of calling
 * ended  every statement is refused, waiting ones too; what was held is given back as soon as the connection is out of
 *        the transaction; no timer is left, no signal is listened to
 *
 * What it runs when it is ended from outside is stopped. A nested scope stops only what reads: an interrupt of a write rolls
 * back everything, the parent's part too. For that reason a write whose own call ends takes the transaction with it.
 *
 * While a nested scope is open, its parent's statements wait for it, except those called from inside it: they would wait
 * for themselves, and belong to the innermost scope anyway.
 */
import { fromWire, NoormmeError, ThreadError, TimeoutError, TransactionEndedError } from '../../errors.ts'
import { Mutex } from '../../util/mutex.ts'
import { CallLimit, limited } from '../thread/call-limit.ts'
import { isInterrupted } from '../thread/interrupted.ts'
import type { HoldOutcome, Operation, Operations } from '../thread/protocol.ts'
import { inBlocks, readResult, readRows, toInnerStatement, toResultSet } from '../thread/results.ts'
import type { Scope } from '../thread/run-slot.ts'
import type {
  CallLimits,
  OpenTransaction,
  ReadOptions,
  ResultSet,
  Row,
  ScriptFailure,
  Statement,
  StreamOptions,
  Transaction,
  TransactionOptions,
} from '../types.ts'
import { runInTransaction } from './run-in-transaction.ts'
import { SentStatements } from './sent-statements.ts'
import { commitFailure, type TransactionHold, UNDONE } from './transaction-hold.ts'

/** Makes the error. */
type Reason = () => NoormmeError

export class TransactionSession implements OpenTransaction {
  readonly lost: Promise<never>
  readonly released: Promise<void>
  readonly #hold: TransactionHold
  readonly #parent: TransactionSession | null
  readonly #savepoint: string | null
  readonly #lock = new Mutex()
  readonly #lose: (error: Error) => void
  readonly #sent: SentStatements
  /** The nested scope that holds the lock, if one does. */
  #child: TransactionSession | null = null
  /** Why it has ended, as the error that whoever uses it gets; nearly nobody does. */
  #ended: Reason | null = null
  #nested = 0

  /** Takes over a connection to which BEGIN (or, with a parent, SAVEPOINT) has been sent. */
  constructor(hold: TransactionHold, parent: TransactionSession | null = null, savepoint: string | null = null) {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    this.released = released
    const onEnd = (outcome: HoldOutcome): void => {
      hold.onEnd(outcome)
      release()
    }
    this.#hold = { ...hold, onEnd }
    this.#sent = new SentStatements(hold.channel)
    this.#parent = parent
    this.#savepoint = savepoint
    const { promise, reject } = Promise.withResolvers<never>()
    this.lost = promise
    this.#lose = reject
    // Whoever races against it sees the reason; nobody has to.
    this.lost.catch(() => {})
    hold.limit.onEnd((error) => this.#expire(error))
    hold.begun.then(
      () => this.#startClock(),
      (error: unknown) => this.#refuse(error),
    )
    if (parent === null) void hold.channel.ended.then(() => this.#abandon('its thread ended', this.#threadError()))
  }

  get open(): boolean {
    return this.#ended === null
  }

  execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    return limited(options, { what: 'the statement', sql: statement.sql }, async (limit) =>
      toResultSet(await this.#innermost().#submit('run', toInnerStatement(statement), limit)),
    )
  }

  /** Runs a statement that must only read; `null` when SQLite says that it writes: then it was not run. */
  read(statement: Statement, options?: ReadOptions): Promise<ResultSet | null> {
    return limited(options, { what: 'the read', sql: statement.sql }, async (limit) => {
      const result = await this.#submit('read', toInnerStatement(statement), limit)
      return result === null ? null : readResult(readRows(result), result)
    })
  }

  batch(statements: readonly Statement[], limits?: CallLimits): Promise<ResultSet[]> {
    return limited(limits, { what: 'the batch', sql: statements[0]?.sql }, async (limit) =>
      (await this.#innermost().#submit('batch', statements.map(toInnerStatement), limit)).map(toResultSet),
    )
  }

  async script(sql: string): Promise<{ statements: number; failure: ScriptFailure | null }> {
    const { statements, failure } = await this.#innermost().#submit('script', sql)
    return { statements, failure: failure === null ? null : { ...failure, error: fromWire(failure.error) } }
  }

  /** Read at once and handed out in blocks: a statement cannot be stepped while the transaction goes on writing. */
  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    yield* inBlocks((await this.execute(statement, options)).rows, options)
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return runInTransaction(this, this.#hold.context, fn, options)
  }

  async begin(limits: TransactionOptions = {}): Promise<TransactionSession> {
    const parent = this.#innermost()
    const limit = new CallLimit(limits, { what: 'the nested transaction', origin: parent.#hold.origin })
    try {
      const child = await parent.#beginNested(limit, limits.timeout ?? parent.#hold.timeoutMs)
      limit.assertRunning()
      return child
    } catch (error) {
      limit.stop()
      throw error
    }
  }

  async #beginNested(limit: CallLimit, timeoutMs: number): Promise<TransactionSession> {
    this.#assertOpen()
    const release = await this.#lock.acquire((giveUp) => limit.onEnd(giveUp))
    const name = `noormme_${this.#depth()}_${++this.#nested}`
    try {
      await this.#send('savepoint', name)
      const onEnd = (): void => {
        this.#child = null
        release()
      }
      limit.atMost(timeoutMs)
      const child = new TransactionSession({ ...this.#hold, onEnd, limit, timeoutMs }, this, name)
      this.#child = child
      // It may have ended while the savepoint was on its way.
      if (this.#ended !== null) child.#end(this.#ended, this.#ended())
      return child
    } catch (error) {
      release()
      throw error
    }
  }

  async commit(): Promise<void> {
    this.#assertOpen()
    // Nested scopes and the statements that wait for them come first.
    await this.#lock.acquire()
    await this.#hold.begun
    this.#assertOpen()
    this.#end(this.#describe('committed'), null)
    try {
      if (this.#savepoint === null) await this.#hold.channel.request('commit', null)
      else await this.#hold.channel.request('release', this.#savepoint)
    } catch (error) {
      const failure = this.#savepoint === null ? commitFailure(error) : error
      await this.#undo({ committed: false, broken: failure !== error })
      throw failure
    }
    this.#hold.onEnd({ committed: true, broken: false })
  }

  async rollback(): Promise<void> {
    if (!this.open) return
    this.#end(this.#describe('rolled back'), null)
    await this.#undo()
  }

  async savepoint(action: 'create' | 'release' | 'rollbackTo', name: string): Promise<void> {
    const quoted = `"${name.replaceAll('"', '""')}"`
    await this.#innermost().#submit(action === 'create' ? 'savepoint' : action, quoted)
  }

  /**
   * What `limit` ends while it waits for its turn is not sent; what was sent is stopped, and settles with what really came
   * of it.
   */
  async #submit<O extends Operation>(
    op: O,
    argument: Operations[O]['argument'],
    limit: CallLimit | null = null,
  ): Promise<Operations[O]['result']> {
    this.#assertOpen()
    if (!this.#lock.locked) return this.#send(op, argument, limit)
    const release = await this.#lock.acquire((giveUp) => limit?.onEnd(giveUp))
    try {
      limit?.assertRunning()
      return await this.#send(op, argument, limit)
    } finally {
      release()
    }
  }

  async #send<O extends Operation>(
    op: O,
    argument: Operations[O]['argument'],
    limit: CallLimit | null = null,
  ): Promise<Operations[O]['result']> {
    this.#assertOpen()
    const { channel } = this.#hold
    try {
      return await this.#sent.send(op, argument, limit)
    } catch (error) {
      const stopped = isInterrupted(error)
      // What is behind a BEGIN that failed fails for the same reason, not for being outside.
      const ended = this.#ended?.() ?? null
      if (ended !== null && (stopped || !(ended instanceof TransactionEndedError))) throw ended
      // The callback goes on and may say more; what it sends from here on is refused, and so is its commit.
      const how = stopped ? 'rolled back with a write that was stopped' : 'rolled back by SQLite'
      if (channel.state !== 'ended' && !channel.inTransaction) this.#root().#abandon(how, null)
      throw stopped ? (limit?.error ?? error) : error
    }
  }

  /** Its time counts from BEGIN, unless the call has a time of its own. */
  #startClock(): void {
    if (this.open) this.#hold.limit.atMost(this.#hold.timeoutMs)
  }

  /** It could not be begun: whatever is asked of it fails for that reason. */
  #refuse(error: unknown): void {
    if (!this.open) return
    const reason = error instanceof NoormmeError ? error : this.#threadError(error)
    this.#end(() => reason, reason)
    this.#hold.onEnd(UNDONE)
  }

  /** Nothing is left to undo: gives the connection back. */
  #abandon(how: string, lostWith: Error | null): void {
    if (!this.open) return
    this.#end(this.#describe(how, lostWith ?? undefined), lostWith)
    this.#hold.onEnd(UNDONE)
  }

  #expire(error: Error): void {
    if (!this.open) return
    this.#stopSent(this.#parent === null ? 'statement' : 'read')
    this.#end(this.#describe(error instanceof TimeoutError ? 'timed out' : 'aborted', error), error)
    void this.#undo()
  }

  #stopSent(scope: Scope): void {
    this.#sent.stop(scope)
    if (this.#child !== null) this.#child.#stopSent(scope)
  }

  /** Ends this scope and those nested in it; `lostWith`: its owner did not end it and has to be told. */
  #end(ended: Reason, lostWith: Error | null): void {
    if (this.#ended !== null) return
    this.#hold.limit.stop()
    this.#ended = ended
    this.#lock.close(ended)
    if (lostWith !== null) this.#lose(lostWith)
    if (this.#child !== null) this.#child.#end(ended, lostWith ?? ended())
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

  /** The scope that a call made here belongs to: this one, or the innermost open one nested in it that the caller is in. */
  #innermost(): TransactionSession {
    let scope = this.#hold.context.getStore()
    while (scope instanceof TransactionSession && scope.#isInside(this)) {
      if (scope.open || scope.#parent === null) return scope
      scope = scope.#parent
    }
    return this
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

  #assertOpen(): void {
    if (this.#ended !== null) throw this.#ended()
  }

  #threadError(cause?: unknown): ThreadError {
    const reason = 'the transaction was rolled back'
    return new ThreadError({ connection: this.#hold.channel.label, reason }, { cause })
  }

  #describe(how: string, cause?: unknown): Reason {
    return () => new TransactionEndedError({ what: 'transaction', how }, { cause })
  }
}

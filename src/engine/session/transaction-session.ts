/**
 * An open transaction or savepoint, as the main thread sees it.
 *
 *     open ──commit()──────▶ ended (committed)
 *      │ ──rollback()──────▶ ended (rolled back)
 *      │ ──time runs out───▶ ended (timed out)                 `lost` rejects
 *      │ ──SQLite ends it──▶ ended (rolled back by SQLite)
 *      │ ──its thread dies─▶ ended (its thread ended)          `lost` rejects
 *      └──its parent ends──▶ ended (as its parent did)         `lost` rejects
 *
 * open   holds the writer (a root) or its parent's lock (a savepoint); statements are sent in order of calling
 * ended  every statement is refused, waiting ones too; what was held is given back as soon as the connection is out of
 *        the transaction; no timer is left
 *
 * While a nested scope is open, its parent's statements wait for it, except those called from inside it: they would wait
 * for themselves, and belong to the innermost scope anyway.
 */
import type { AsyncLocalStorage } from 'node:async_hooks'
import {
  fromWire,
  IndeterminateError,
  isNoormmeError,
  ThreadError,
  TimeoutError,
  TransactionEndedError,
} from '../../errors.ts'
import { toError } from '../../util/attempt.ts'
import { Mutex } from '../../util/mutex.ts'
import type { Channel } from '../thread/channel.ts'
import { checkTimeout } from '../thread/limits.ts'
import type { HoldOutcome, Operation, Operations } from '../thread/protocol.ts'
import { inBlocks, readRows, toInnerStatement, toResultSet } from '../thread/results.ts'
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
  readonly released: Promise<void>
  readonly #hold: TransactionHold
  readonly #parent: TransactionSession | null
  readonly #savepoint: string | null
  readonly #lock = new Mutex()
  readonly #lose: (error: Error) => void
  readonly #timer: NodeJS.Timeout
  /** The nested scope that holds the lock, if one does. */
  #child: TransactionSession | null = null
  #ended: TransactionEndedError | null = null
  #nested = 0

  /** Takes over a connection on which BEGIN (or, with a parent, SAVEPOINT) has been run. */
  constructor(hold: TransactionHold, parent: TransactionSession | null = null, savepoint: string | null = null) {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    this.released = released
    const onEnd = (outcome: HoldOutcome): void => {
      hold.onEnd(outcome)
      release()
    }
    this.#hold = { ...hold, onEnd }
    this.#parent = parent
    this.#savepoint = savepoint
    const { promise, reject } = Promise.withResolvers<never>()
    this.lost = promise
    this.#lose = reject
    // Whoever races against it sees the reason; nobody has to.
    this.lost.catch(() => {})
    this.#timer = setTimeout(() => this.#expire(), hold.timeoutMs)
    if (parent === null) void hold.channel.ended.then(() => this.#abandon('its thread ended', this.#threadError()))
  }

  get open(): boolean {
    return this.#ended === null
  }

  async execute(statement: Statement): Promise<ResultSet> {
    return toResultSet(await this.#innermost().#submit('run', toInnerStatement(statement)))
  }

  /** Runs a statement that must only read; `null` when SQLite says that it writes: then it was not run. */
  async read(statement: Statement): Promise<Row[] | null> {
    const result = await this.#submit('read', toInnerStatement(statement))
    return result === null ? null : readRows(result)
  }

  async batch(statements: readonly Statement[]): Promise<ResultSet[]> {
    return (await this.#innermost().#submit('batch', statements.map(toInnerStatement))).map(toResultSet)
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
    const timeoutMs = checkTimeout(timeout ?? parent.#hold.timeoutMs)
    parent.#assertOpen()
    const release = await parent.#lock.acquire()
    const name = `noormme_${parent.#depth()}_${++parent.#nested}`
    try {
      await parent.#send('savepoint', name)
      const onEnd = (): void => {
        parent.#child = null
        release()
      }
      const child = new TransactionSession({ ...parent.#hold, onEnd, timeoutMs }, parent, name)
      parent.#child = child
      // It may have ended while the savepoint was on its way.
      if (parent.#ended !== null) child.#end(parent.#ended, parent.#ended)
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
      // The callback goes on and may say more; what it sends from here on is refused, and so is its commit.
      if (channel.state !== 'ended' && !channel.inTransaction) this.#root().#abandon('rolled back by SQLite', null)
      throw error
    }
  }

  /** Nothing is left to undo: gives the connection back. */
  #abandon(how: string, lostWith: Error | null): void {
    if (!this.open) return
    this.#end(this.#describe(how, lostWith ?? undefined), lostWith)
    this.#hold.onEnd(UNDONE)
  }

  #expire(): void {
    if (!this.open) return
    const { timeoutMs, origin } = this.#hold
    const what = this.#parent === null ? 'the transaction' : 'the nested transaction'
    const timeout = new TimeoutError({ what, limitMs: timeoutMs, origin })
    this.#end(this.#describe('timed out', timeout), timeout)
    void this.#undo()
  }

  /** Ends this scope and those nested in it; `lostWith`: its owner did not end it and has to be told. */
  #end(ended: TransactionEndedError, lostWith: Error | null): void {
    if (this.#ended !== null) return
    clearTimeout(this.#timer)
    this.#ended = ended
    this.#lock.close(ended)
    if (lostWith !== null) this.#lose(lostWith)
    if (this.#child !== null) this.#child.#end(ended, lostWith ?? ended)
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
    if (this.#ended !== null) throw this.#ended
  }

  #threadError(): ThreadError {
    return new ThreadError({ connection: this.#hold.channel.label, reason: 'the transaction was rolled back' })
  }

  #describe(how: string, cause?: unknown): TransactionEndedError {
    return new TransactionEndedError({ what: 'transaction', how }, { cause })
  }
}

/** When disk or thread fail during COMMIT nobody knows what was done; other failures leave the transaction whole. */
function commitFailure(error: unknown): unknown {
  const unknownOutcome = ['NOORMME_IO', 'NOORMME_DISK_FULL', 'NOORMME_THREAD'].some((code) =>
    isNoormmeError(error, code),
  )
  return unknownOutcome ? new IndeterminateError({ reason: toError(error).message }, { cause: error }) : error
}

/**
 * One open database file: sends every call to where it belongs, and owns the order of closing.
 *
 *     with WAL      execute ──▶ reads: inline, or a reader's thread · writes: the writer's queue
 *     without WAL   execute ──▶ everything: the writer's queue, one after another
 *
 * A call made inside a transaction or snapshot of this engine joins it: the async context knows which.
 */
import type { AsyncLocalStorage } from 'node:async_hooks'
import { ClosedError, RefusedError } from '../errors.ts'
import type { CheckpointMode } from '../sqlite/checkpoint-types.ts'
import { classify } from '../sqlite/classify.ts'
import type { CopyOptions, CopyResult } from '../sqlite/copy-types.ts'
import type { FilePlace } from '../sqlite/file-identity.ts'
import type { Copier } from './backup/copier.ts'
import type { Reading } from './cache/cached-reads.ts'
import type { EngineOptions } from './engine-options.ts'
import { engineStats } from './engine-stats.ts'
import type { EngineRecord } from './metrics/engine-record.ts'
import { Optimizer } from './optimize/optimizer.ts'
import { counting, type RecordedEngine, type StatementCounter } from './recorded-engine.ts'
import { runRead } from './run-read.ts'
import { assertNotWithin } from './session/assert-not-within.ts'
import { beginTransaction } from './session/begin-transaction.ts'
import { HeldSessions } from './session/held-sessions.ts'
import { ReadOnlySession } from './session/read-only-session.ts'
import { runInTransaction } from './session/run-in-transaction.ts'
import { snapshotEnded } from './session/snapshot-session.ts'
import type { TransactionSession } from './session/transaction-session.ts'
import { CallLimit, limited } from './thread/call-limit.ts'
import { orLetGo } from './thread/let-go.ts'
import type { ConnectionFacts, WireStatement } from './thread/protocol.ts'
import {
  inBlocks,
  refuseConnectionFunctions,
  toInnerStatement,
  toResultSet,
  toWireStatement,
} from './thread/results.ts'
import type {
  CallLimits,
  CheckpointOutcome,
  EngineArchive,
  EngineStats,
  Executor,
  OpenTransaction,
  OptimizeResult,
  Pin,
  ReadOptions,
  ResultSet,
  Row,
  Statement,
  StreamOptions,
  Transaction,
  TransactionOptions,
} from './types.ts'
import type { WalParts } from './wal-parts.ts'
import type { Writer } from './writer/writer.ts'

/** What an engine is put together from. */
export interface FileEngineParts {
  readonly options: EngineOptions
  readonly context: AsyncLocalStorage<Executor>
  readonly writer: Writer
  readonly copier: Copier
  readonly wal: WalParts | null
  readonly facts: ConnectionFacts
  readonly place: FilePlace | null
  readonly record: EngineRecord
}

export class FileEngine implements RecordedEngine {
  readonly path: string
  readonly record: EngineRecord
  readonly #checkpointListeners = new Set<(outcome: CheckpointOutcome) => void>()
  readonly #options: EngineOptions
  readonly #context: AsyncLocalStorage<Executor>
  readonly #writer: Writer
  readonly #copier: Copier
  /** `null` without WAL: reads then queue with writes. */
  readonly #wal: WalParts | null
  /** Of the writer's connection. */
  readonly #facts: ConnectionFacts
  readonly #held: HeldSessions
  readonly #optimizer: Optimizer
  /** `null` in memory. */
  readonly #place: FilePlace | null
  #transactions = 0
  #closed: Promise<void> | null = null

  constructor({ options, context, writer, copier, wal, facts, place, record }: FileEngineParts) {
    this.record = record
    this.path = options.path
    this.#options = options
    this.#context = context
    this.#writer = writer
    this.#copier = copier
    this.#wal = wal
    this.#facts = facts
    this.#place = place
    this.#held = new HeldSessions({
      // Only what has readers asks for one.
      hold: (what, origin, limit) =>
        wal === null
          ? Promise.reject(new ClosedError({ what: 'the pool of readers' }))
          : wal.pool.hold(what, origin, limit),
      outside: this.#outside(),
      statementTimeoutMs: options.statementTimeoutMs,
    })
    this.#optimizer = new Optimizer({
      hold: () => writer.hold(),
      onChange: () => {
        wal?.inline.refresh()
        wal?.pool.refresh()
      },
    })
    if (options.autoOptimize) this.#optimizer.start()
    record.start(() => this.stats())
  }

  get archive(): EngineArchive | null {
    return this.#wal?.archiver ?? null
  }

  execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    const scope = this.#context.getStore()
    if (scope !== undefined) return scope.execute(statement, options)
    const { sql } = statement
    return limited(options, { what: 'the statement', sql }, (limit) => this.#execute(statement, options, limit))
  }

  executeCounted(
    statement: Statement,
    options: ReadOptions | undefined,
    counter: StatementCounter,
  ): Promise<ResultSet> {
    const bare =
      options?.signal === undefined && options?.timeout === undefined && this.#context.getStore() === undefined
    return bare
      ? this.#runCounted(statement, options, counter)
      : counting(counter, statement, () => this.execute(statement, options))
  }

  async #execute(statement: Statement, options: ReadOptions | undefined, limit: CallLimit | null): Promise<ResultSet> {
    const running = this.#run(statement, options, limit)
    return running instanceof Promise ? await running : running
  }

  /** The way of nearly all statements: what is done here is part of what a point read costs. */
  async #runCounted(
    statement: Statement,
    options: ReadOptions | undefined,
    counter: StatementCounter,
  ): Promise<ResultSet> {
    const startMs = performance.now()
    try {
      const running = this.#run(statement, options, null)
      const result = running instanceof Promise ? await running : running
      // To look at the clock is not for nothing: what was read at once took as long as SQLite did.
      const durationMs = (running === result ? result.ms : undefined) ?? performance.now() - startMs
      if (counter.answered(statement, result, durationMs)) {
        // Nobody awaits yet what is answered at once.
        await null
        counter.slow(statement, result, durationMs)
      }
      return result
    } catch (error) {
      counter.failed(statement, error, performance.now() - startMs)
      throw error
    }
  }

  /** The result, at once where it can be had at once. */
  #run(
    statement: Statement,
    options: ReadOptions | undefined,
    limit: CallLimit | null,
  ): ResultSet | Promise<ResultSet> {
    this.#assertOpen()

    const { kind, asksConnection } = classify(statement.sql)
    if (asksConnection) refuseConnectionFunctions(statement.sql)
    const wire = toWireStatement(statement)
    if (kind !== 'read' || this.#wal === null || options?.afterWrites === true) {
      return this.#onWriter(wire, kind, limit)
    }
    const reading = runRead(this.#wal, wire, options, limit)
    return reading instanceof Promise || reading === null ? this.#orOnWriter(reading, wire, limit) : reading
  }

  async #onWriter(wire: WireStatement, kind: 'read' | 'write' | 'alone', limit: CallLimit | null): Promise<ResultSet> {
    if (kind === 'write') return toResultSet(await this.#writer.write(wire, limit))
    return toResultSet(await this.#writer.alone(wire, { reads: kind === 'read', limit }))
  }

  /** SQLite knows better than the first word of a statement whether it writes. */
  async #orOnWriter(reading: Reading, wire: WireStatement, limit: CallLimit | null): Promise<ResultSet> {
    return (await reading) ?? this.#onWriter(wire, 'write', limit)
  }

  batch(statements: readonly Statement[], limits?: CallLimits): Promise<ResultSet[]> {
    const scope = this.#context.getStore()
    if (scope !== undefined) return scope.batch(statements, limits)
    return limited(limits, { what: 'the batch', sql: statements[0]?.sql }, async (limit) => {
      this.#assertOpen()
      const outcomes = await this.#writer.batch(statements.map(toInnerStatement), limit)
      return outcomes.map(toResultSet)
    })
  }

  async begin(options: TransactionOptions = {}): Promise<OpenTransaction> {
    const scope = this.#context.getStore()
    return scope === undefined ? this.#begin(options) : scope.begin(options)
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return runInTransaction(this, this.#context, fn, options)
  }

  async snapshot<T>(fn: (snapshot: Executor) => Promise<T>, limits: CallLimits = {}): Promise<T> {
    const scope = this.#context.getStore()
    if (scope === undefined && this.#wal === null) return this.#readOnlyTransaction(fn, limits)
    return limited(limits, { what: 'the snapshot' }, async (limit) => {
      if (scope !== undefined) return orLetGo(fn(scope), { limit, letGo: () => {} })
      this.#assertOpen()
      const session = await this.#held.open('snapshot', limit)
      try {
        await session.fix()
        return await Promise.race([this.#context.run(session, async () => fn(session)), session.lost])
      } finally {
        await session.end(snapshotEnded('its callback returned'))
      }
    })
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    const scope = this.#context.getStore()
    if (scope !== undefined) {
      yield* scope.stream(statement, options)
      return
    }
    if (classify(statement.sql).kind !== 'read') {
      throw new RefusedError({ statement: 'a stream of a statement that writes', instead: 'Run it with execute().' })
    }
    if (this.#wal === null) {
      // Holding the only connection while the caller iterates would let the loop's own calls wait for their loop.
      yield* inBlocks((await this.execute(statement, options)).rows, options)
      return
    }
    this.#assertOpen()
    const limit = CallLimit.of(options, { what: 'the stream', sql: statement.sql })
    try {
      const session = await this.#held.open('stream', limit)
      try {
        yield* session.stream(statement, { blockRows: options?.blockRows })
      } finally {
        await session.end(snapshotEnded('the stream ended'))
      }
    } finally {
      limit?.stop()
    }
  }

  detached<T>(fn: () => T): T {
    return this.#context.exit(fn)
  }

  within<T>(scope: Executor, fn: () => T): T {
    return this.#context.run(scope, fn)
  }

  async optimize(): Promise<OptimizeResult> {
    this.#assertOpen()
    return this.#optimizer.run()
  }

  /**
   * Ends reads, snapshots and streams that are older, so that the log can be restarted; resolves with the readers that cannot
   * be helped, because each runs a statement that cannot be stopped.
   */
  async expireHeld(olderThanMs: number): Promise<Pin[]> {
    await Promise.all([this.#wal?.pool.expire(olderThanMs), this.#held.expire(olderThanMs)])
    return this.#wal?.pool.pins().filter(({ ageMs }) => ageMs >= olderThanMs) ?? []
  }

  stats(): EngineStats {
    return engineStats({
      path: this.path,
      facts: this.#facts,
      writer: this.#writer,
      wal: this.#wal,
      place: this.#place,
      transactions: this.#transactions,
    })
  }

  onCheckpoint(listener: (outcome: CheckpointOutcome) => void): () => void {
    this.#checkpointListeners.add(listener)
    return () => void this.#checkpointListeners.delete(listener)
  }

  tellCheckpoint(outcome: CheckpointOutcome): void {
    for (const listener of this.#checkpointListeners) listener(outcome)
  }

  async checkpoint(mode: CheckpointMode): Promise<CheckpointOutcome> {
    this.#assertOpen()
    if (this.#wal === null) return { mode, result: 'complete', frames: 0, copied: 0, pinnedBy: [], ms: 0 }
    return this.#wal.checkpointer.run(mode, this.#options.settings.busyTimeout)
  }

  async copy(path: string, options?: CopyOptions): Promise<CopyResult> {
    this.#assertOpen()
    return this.#copier.copy(path, options)
  }

  async close(): Promise<void> {
    if (this.#closed === null) assertNotWithin(this.#context.getStore(), 'close()')
    this.#closed ??= this.detached(() => this.#close())
    await this.#closed
  }

  /** The writer is the last one out, so that it may remove the log. What runs for too long is stopped on both sides at once. */
  async #close(): Promise<void> {
    this.#optimizer.stop()
    this.record.stop()
    const archiver = this.#wal?.archiver ?? null
    // What it writes is to be in the archive.
    if (archiver !== null && this.#options.autoOptimize) await this.#optimizer.run().catch(() => {})
    await this.#copier.close()
    await Promise.all([this.#writer.drain(), this.#closeReaders()])
    this.#wal?.checkpointer.close()
    await this.#wal?.maintenance.close()
    this.#wal?.cache?.close()
    await archiver?.close(() => this.#emptyLog())
    this.#wal?.inline.close()
    const truncate = this.#wal !== null && this.#options.settings.checkpoint !== 'external'
    await this.#writer.close({ optimize: this.#options.autoOptimize && archiver === null, truncate })
  }

  /** Copies the log into the file and leaves it empty, all of it captured, where nobody else reads. */
  #emptyLog(): Promise<unknown> {
    return new Promise((settled) => this.#writer.checkpoint('TRUNCATE', 0, settled))
  }

  async #closeReaders(): Promise<void> {
    await this.#held.close()
    await this.#wal?.inline.drained()
    await this.#wal?.pool.close()
  }

  async #begin(limits: TransactionOptions): Promise<TransactionSession> {
    this.#assertOpen()
    const timeoutMs = this.#options.transactionTimeoutMs
    const hold = (limit: CallLimit) => this.#writer.hold(limit)
    const session = await beginTransaction({ hold, context: this.#context, timeoutMs }, limits)
    this.#transactions++
    return session
  }

  /** A snapshot without WAL. */
  async #readOnlyTransaction<T>(fn: (snapshot: Executor) => Promise<T>, limits: CallLimits): Promise<T> {
    const tx = await this.#begin(limits)
    const session = new ReadOnlySession(tx)
    try {
      return await Promise.race([this.#context.run(session, async () => fn(session)), tx.lost])
    } finally {
      await tx.rollback()
    }
  }

  /** This engine as seen from outside of every transaction and snapshot. */
  #outside(): Executor {
    return {
      execute: (statement, options) => this.detached(() => this.execute(statement, options)),
      batch: (statements, limits) => this.detached(() => this.batch(statements, limits)),
      begin: (options) => this.detached(() => this.begin(options)),
      transaction: (fn, options) => this.detached(() => this.transaction(fn, options)),
      stream: (statement, options) => this.detached(() => this.stream(statement, options)),
    }
  }

  #assertOpen(): void {
    if (this.#closed !== null) throw new ClosedError({ what: 'the database' })
  }
}

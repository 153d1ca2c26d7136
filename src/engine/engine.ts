/**
 * One open database file: wires the writer, the readers and the checkpoint at the end, and owns the order of opening
 * and closing.
 *
 *     with WAL      execute ──▶ reads: inline, or a reader's thread · writes: the writer's queue
 *     without WAL   execute ──▶ everything: the writer's queue, one after another
 *
 * A call made inside a transaction or snapshot of this engine joins it: the async context knows which.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { statSync } from 'node:fs'
import { ClosedError, type NoormmeError, RefusedError } from '../errors.ts'
import { classify } from '../sqlite/classify.ts'
import { Connection } from '../sqlite/connection.ts'
import type { Extensions } from '../sqlite/connection-setup.ts'
import { type FilePlace, findMissing, placeOf } from '../sqlite/file-identity.ts'
import { prepareFile } from '../sqlite/file-system.ts'
import type { ConnectionRole, ConnectionSettings } from '../sqlite/settings.ts'
import { assertNodeVersion } from '../sqlite/version.ts'
import { InlineReader } from './readers/inline-reader.ts'
import { ReaderPool } from './readers/reader-pool.ts'
import { assertNotWithin } from './session/assert-not-within.ts'
import { originOfCall } from './session/origin.ts'
import { ReadOnlySession } from './session/read-only-session.ts'
import { runInTransaction } from './session/run-in-transaction.ts'
import { SnapshotSession, snapshotEnded } from './session/snapshot-session.ts'
import { TransactionSession } from './session/transaction-session.ts'
import { Channel } from './thread/channel.ts'
import { checkTimeout } from './thread/limits.ts'
import {
  inBlocks,
  readResult,
  readRows,
  refuseConnectionFunctions,
  toInnerStatement,
  toResultSet,
  toWireStatement,
} from './thread/results.ts'
import type {
  Engine,
  EngineStats,
  Executor,
  OpenTransaction,
  ReadOptions,
  ResultSet,
  Row,
  Statement,
  StreamOptions,
  Transaction,
  TransactionOptions,
} from './types.ts'
import { Writer } from './writer/writer.ts'

export interface EngineOptions {
  /** Absolute path, or `:memory:`. */
  readonly path: string
  readonly settings: ConnectionSettings
  /** The caller named WAL itself: where it cannot be had, that is an error instead of a warning. */
  readonly explicitWAL: boolean
  readonly extensions: Extensions
  readonly readers: number
  readonly inlineReadBudgetMs: number
  readonly transactionTimeoutMs: number
  readonly maxQueuedWrites: number
  readonly maxQueuedBytes: number
  /** Runs `PRAGMA optimize` when closing. */
  readonly optimizeOnClose: boolean
}

const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/**
 * Opens a database file; it is made when it does not exist.
 *
 * @throws ConnectionError, NotADatabaseError, FileSystemError, SqliteVersionError, NodeVersionError,
 *   InitializationError, BusyError. Nothing is left open then.
 */
export async function openEngine(
  options: EngineOptions,
  context: AsyncLocalStorage<Executor> = new AsyncLocalStorage(),
): Promise<Engine> {
  assertNodeVersion(process.versions)
  const memory = options.path === ':memory:'
  const decision = memory
    ? { wal: false, refused: null }
    : prepareFile(options.path, { wal: options.settings.enableWALMode, explicit: options.explicitWAL })
  if (decision.refused !== null) {
    const reason = `${options.path} is on ${decision.refused}, where WAL is not safe: DELETE mode is used`
    process.emitWarning(reason, 'NoormmeWarning')
  }
  // Without WAL a commit is the removal of the journal, and only EXTRA makes that durable:
  // https://sqlite.org/pragma.html#pragma_synchronous
  const synchronous = decision.refused === null ? options.settings.synchronous : 'EXTRA'
  const settings: ConnectionSettings = { ...options.settings, enableWALMode: decision.wal, synchronous }
  const { path, extensions } = options
  // Threads that are started later must find the same file.
  let place: FilePlace | null = null
  const start = (label: string, role: ConnectionRole, mustExist: boolean): Channel =>
    new Channel(WORKER, { options: { label, role, path, settings, extensions, mustExist, place } })

  const writer = new Writer({
    start: ({ again }) => start('writer', 'writer', again),
    memory,
    busyTimeout: settings.busyTimeout,
    maxQueuedWrites: options.maxQueuedWrites,
    maxQueuedBytes: options.maxQueuedBytes,
  })
  const { sqliteVersion } = await writer.opened
  place = placeOf(path, { wal: decision.wal })
  if (!decision.wal) return new FileEngine(options, context, writer, null, sqliteVersion, place)
  try {
    const connection = await Connection.open({
      label: 'inline',
      role: 'inline',
      path,
      settings,
      extensions,
      mustExist: true,
    })
    const inline = new InlineReader(connection, options.inlineReadBudgetMs)
    const pool = new ReaderPool({
      max: options.readers,
      start: (label) => start(label, 'reader', true),
      holdWaitMs: options.transactionTimeoutMs,
    })
    return new FileEngine(options, context, writer, { inline, pool }, sqliteVersion, place)
  } catch (error) {
    await writer.close({ optimize: false, truncate: true })
    throw error
  }
}

interface Readers {
  readonly inline: InlineReader
  readonly pool: ReaderPool
}

class FileEngine implements Engine {
  readonly path: string
  readonly #options: EngineOptions
  readonly #context: AsyncLocalStorage<Executor>
  readonly #writer: Writer
  /** `null` without WAL: reads then queue with writes. */
  readonly #readers: Readers | null
  readonly #sqliteVersion: string
  /** `null` in memory. */
  readonly #place: FilePlace | null
  /** Snapshots and streams that are under way. */
  readonly #held = new Set<SnapshotSession>()
  #transactions = 0
  #closed: Promise<void> | null = null

  constructor(
    options: EngineOptions,
    context: AsyncLocalStorage<Executor>,
    writer: Writer,
    readers: Readers | null,
    sqliteVersion: string,
    place: FilePlace | null,
  ) {
    this.path = options.path
    this.#options = options
    this.#context = context
    this.#writer = writer
    this.#readers = readers
    this.#sqliteVersion = sqliteVersion
    this.#place = place
  }

  async execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    const scope = this.#context.getStore()
    if (scope !== undefined) return scope.execute(statement, options)
    this.#assertOpen()

    const { kind, asksConnection } = classify(statement.sql)
    if (asksConnection) refuseConnectionFunctions(statement.sql)
    const wire = toWireStatement(statement)
    if (kind === 'alone') return toResultSet(await this.#writer.alone(wire, { reads: false }))
    if (kind === 'write') return toResultSet(await this.#writer.write(wire))
    if (this.#readers === null || options?.afterWrites === true) {
      return toResultSet(await this.#writer.alone(wire, { reads: true }))
    }

    const { inline, pool } = this.#readers
    const tried = inline.tryRead(wire, options?.point ?? false)
    const rows = tried instanceof Promise ? await tried : tried
    if (rows !== null) return readResult(rows)
    const result = await pool.read(wire)
    if (result === null) return toResultSet(await this.#writer.write(wire))
    inline.learn(statement.sql, result.ms)
    return readResult(readRows(result))
  }

  async batch(statements: readonly Statement[]): Promise<ResultSet[]> {
    const scope = this.#context.getStore()
    if (scope !== undefined) return scope.batch(statements)
    this.#assertOpen()
    const outcomes = await this.#writer.batch(statements.map(toInnerStatement))
    return outcomes.map(toResultSet)
  }

  async begin(options: TransactionOptions = {}): Promise<OpenTransaction> {
    const scope = this.#context.getStore()
    return scope === undefined ? this.#begin(options) : scope.begin(options)
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return runInTransaction(this, this.#context, fn, options)
  }

  async snapshot<T>(fn: (snapshot: Executor) => Promise<T>): Promise<T> {
    const scope = this.#context.getStore()
    if (scope !== undefined) return fn(scope)
    if (this.#readers === null) return this.#readOnlyTransaction(fn)
    const session = await this.#holdReader(this.#readers.pool, 'snapshot')
    try {
      await session.fix()
      return await this.#context.run(session, () => fn(session))
    } finally {
      await this.#release(session, snapshotEnded('its callback returned'))
    }
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
    if (this.#readers === null) {
      // Holding the only connection while the caller iterates would let the loop's own calls wait for their loop.
      yield* inBlocks((await this.execute(statement)).rows, options)
      return
    }
    const session = await this.#holdReader(this.#readers.pool, 'stream')
    try {
      yield* session.stream(statement, options)
    } finally {
      await this.#release(session, snapshotEnded('the stream ended'))
    }
  }

  detached<T>(fn: () => T): T {
    return this.#context.exit(fn)
  }

  within<T>(scope: Executor, fn: () => T): T {
    return this.#context.run(scope, fn)
  }

  stats(): EngineStats {
    const { writes, bytes, oldestMs } = this.#writer.queued
    const { reads, ...counters } = this.#writer.counters
    const readers = this.#readers
    return {
      path: this.path,
      sqliteVersion: this.#sqliteVersion,
      connections: [
        this.#writer.status(),
        ...(readers === null ? [] : [readers.inline.status(), ...readers.pool.status()]),
      ],
      queuedWrites: writes,
      queuedBytes: bytes,
      oldestQueuedMs: oldestMs,
      fileGone: this.#place === null ? null : (findMissing(this.#place)?.message ?? null),
      queuedReads: readers?.pool.queued ?? 0,
      walBytes: readers === null ? null : (statSync(`${this.path}-wal`, { throwIfNoEntry: false })?.size ?? 0),
      counters: {
        readsInline: readers?.inline.reads ?? 0,
        readsThreaded: reads + (readers?.pool.reads ?? 0),
        transactions: this.#transactions,
        ...counters,
      },
    }
  }

  async close(): Promise<void> {
    if (this.#closed === null) assertNotWithin(this.#context.getStore(), 'close()')
    this.#closed ??= this.detached(() => this.#close())
    await this.#closed
  }

  /** Queued work first, then the readers, so that the writer is the last one out and may remove the log. */
  async #close(): Promise<void> {
    await this.#writer.drain()
    await Promise.all(
      [...this.#held].map((session) => this.#release(session, new ClosedError({ what: 'the database' }))),
    )
    await this.#readers?.inline.drained()
    await this.#readers?.pool.close()
    this.#readers?.inline.close()
    await this.#writer.close({ optimize: this.#options.optimizeOnClose, truncate: this.#readers !== null })
  }

  async #begin({ timeout }: TransactionOptions): Promise<TransactionSession> {
    this.#assertOpen()
    const timeoutMs = checkTimeout(timeout ?? this.#options.transactionTimeoutMs)
    const origin = originOfCall()
    const { channel, release } = await this.#writer.hold()
    this.#transactions++
    return new TransactionSession({ channel, context: this.#context, onEnd: release, timeoutMs, origin })
  }

  /** A snapshot without WAL. */
  async #readOnlyTransaction<T>(fn: (snapshot: Executor) => Promise<T>): Promise<T> {
    const tx = await this.#begin({})
    const session = new ReadOnlySession(tx)
    try {
      return await Promise.race([this.#context.run(session, async () => fn(session)), tx.lost])
    } finally {
      await tx.rollback()
    }
  }

  async #holdReader(pool: ReaderPool, what: 'snapshot' | 'stream'): Promise<SnapshotSession> {
    this.#assertOpen()
    const session = new SnapshotSession(await pool.hold(what, originOfCall()), this.#outside())
    this.#held.add(session)
    return session
  }

  #release(session: SnapshotSession, ended: NoormmeError): Promise<void> {
    this.#held.delete(session)
    return session.end(ended)
  }

  /** This engine as seen from outside of every transaction and snapshot. */
  #outside(): Executor {
    return {
      execute: (statement, options) => this.detached(() => this.execute(statement, options)),
      batch: (statements) => this.detached(() => this.batch(statements)),
      begin: (options) => this.detached(() => this.begin(options)),
      transaction: (fn, options) => this.detached(() => this.transaction(fn, options)),
      stream: (statement, options) => this.detached(() => this.stream(statement, options)),
    }
  }

  #assertOpen(): void {
    if (this.#closed !== null) throw new ClosedError({ what: 'the database' })
  }
}

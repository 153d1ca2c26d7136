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
import { ClosedError, RefusedError } from '../errors.ts'
import { type Classification, classify } from '../sqlite/classify.ts'
import type { ConnectionSettings } from '../sqlite/configure.ts'
import { Connection, type ConnectionOptions, toObjects } from '../sqlite/connection.ts'
import type { Extensions } from '../sqlite/extensions.ts'
import { prepareFile } from '../sqlite/file-system.ts'
import { assertNodeVersion } from '../sqlite/version.ts'
import { InlineReader } from './readers/inline-reader.ts'
import { ReaderPool } from './readers/reader-pool.ts'
import { type HeldSnapshot, holdSnapshot } from './session/hold-snapshot.ts'
import { originOfCall } from './session/origin.ts'
import { refusingWrites } from './session/refusing-writes.ts'
import { runInTransaction } from './session/run-in-transaction.ts'
import { TransactionSession } from './session/transaction-session.ts'
import { Channel } from './thread/channel.ts'
import { inBlocks, readResult, toInnerStatement, toResultSet, toWireStatement } from './thread/results.ts'
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
/** A hold on the writer that ends without a commit. */
const NOTHING_DONE = { committed: false, broken: false }
/** Texts whose classification is remembered. */
const MAX_CLASSIFIED = 2000

/**
 * Opens a database file; it is made when it does not exist.
 *
 * @throws ConnectionError, NotADatabaseError, FileSystemError, SqliteVersionError, NodeVersionError,
 *   InitializationError, BusyError. Nothing is left open then.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  assertNodeVersion(process.versions)
  const memory = options.path === ':memory:'
  const decision = memory
    ? { wal: false, refused: null }
    : prepareFile(options.path, { wal: options.settings.enableWALMode, explicit: options.explicitWAL })
  const settings: ConnectionSettings = { ...options.settings, enableWALMode: decision.wal }
  if (decision.refused !== null) {
    process.emitWarning(
      `${options.path} is on ${decision.refused}, where WAL is not safe: DELETE mode is used`,
      'NoormmeWarning',
    )
  }

  const connectionOptions = (label: string, role: ConnectionOptions['role']): ConnectionOptions => ({
    label,
    role,
    path: options.path,
    settings: decision.refused === null ? settings : { ...settings, synchronous: 'FULL' },
    extensions: options.extensions,
  })
  const start = (label: string, role: ConnectionOptions['role']): Channel =>
    new Channel(WORKER, { options: connectionOptions(label, role), busyTimeout: settings.busyTimeout })

  const writer = new Writer({
    start: () => start('writer', 'writer'),
    maxQueuedWrites: options.maxQueuedWrites,
    maxQueuedBytes: options.maxQueuedBytes,
  })
  const { sqliteVersion } = await writer.opened
  if (!settings.enableWALMode) return new FileEngine(options, writer, null, sqliteVersion)
  try {
    const inline = new InlineReader(
      await Connection.open(connectionOptions('inline', 'inline')),
      options.inlineReadBudgetMs,
    )
    const pool = new ReaderPool({ max: options.readers, start: (label) => start(label, 'reader') })
    return new FileEngine(options, writer, { inline, pool }, sqliteVersion)
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
  readonly #writer: Writer
  /** `null` without WAL: reads then queue with writes. */
  readonly #readers: Readers | null
  readonly #sqliteVersion: string
  readonly #context = new AsyncLocalStorage<Executor>()
  readonly #classified = new Map<string, Classification>()
  /** Snapshots and streams that are under way. */
  readonly #held = new Set<HeldSnapshot>()
  #transactions = 0
  #closed: Promise<void> | null = null

  constructor(options: EngineOptions, writer: Writer, readers: Readers | null, sqliteVersion: string) {
    this.path = options.path
    this.#options = options
    this.#writer = writer
    this.#readers = readers
    this.#sqliteVersion = sqliteVersion
  }

  async execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    const scope = this.#context.getStore()
    if (scope !== undefined) return scope.execute(statement, options)
    this.#assertOpen()

    const { kind, asksConnection } = this.#classify(statement.sql)
    if (asksConnection) throw refuseConnectionFunction()
    const wire = toWireStatement(statement)
    if (kind === 'alone') return toResultSet(await this.#writer.alone(wire))
    if (kind === 'write') return toResultSet((await this.#writer.write([wire], false))[0] as never)
    if (this.#readers === null) return toResultSet(await this.#writer.alone(wire))

    const { inline, pool } = this.#readers
    const tried = inline.tryRead(wire, options?.point ?? false)
    const rows = tried instanceof Promise ? await tried : tried
    if (rows !== null) return readResult(rows)
    const result = await pool.read(wire)
    if (result === null) return toResultSet((await this.#writer.write([wire], false))[0] as never)
    inline.learn(statement.sql, result.ms)
    return readResult(toObjects(result) as Row[])
  }

  async batch(statements: readonly Statement[]): Promise<ResultSet[]> {
    const scope = this.#context.getStore()
    if (scope !== undefined) return scope.batch(statements)
    this.#assertOpen()
    const outcomes = await this.#writer.write(statements.map(toInnerStatement), true)
    return outcomes.map(toResultSet)
  }

  async begin({ timeout }: TransactionOptions = {}): Promise<OpenTransaction> {
    const scope = this.#context.getStore()
    if (scope instanceof TransactionSession) return scope.begin(timeout === undefined ? {} : { timeout })
    this.#assertOpen()
    const origin = originOfCall()
    const { channel, release } = await this.#writer.hold('transaction')
    try {
      await channel.request('begin', 'write')
    } catch (error) {
      release(NOTHING_DONE)
      throw error
    }
    this.#transactions++
    return new TransactionSession({
      channel,
      context: this.#context,
      onEnd: release,
      timeoutMs: timeout ?? this.#options.transactionTimeoutMs,
      origin,
    })
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return runInTransaction(this, this.#context, fn, options)
  }

  async snapshot<T>(fn: (snapshot: Executor) => Promise<T>): Promise<T> {
    const scope = this.#context.getStore()
    if (scope !== undefined) return fn(scope)
    const { session, end, lost } = await this.#holdReader('snapshot')
    try {
      return await Promise.race([this.#context.run(session, async () => fn(session)), lost])
    } finally {
      await end('its callback returned')
    }
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    const scope = this.#context.getStore()
    if (scope !== undefined) {
      yield* scope.stream(statement, options)
      return
    }
    if (this.#classify(statement.sql).kind !== 'read') {
      throw new RefusedError({ statement: 'a stream of a statement that writes', instead: 'Run it with execute().' })
    }
    if (this.#readers === null) {
      // Holding the only connection while the caller iterates would let the loop's own calls wait for their loop.
      yield* inBlocks((await this.execute(statement)).rows, options)
      return
    }
    const { session, end } = await this.#holdReader('stream')
    try {
      yield* session.stream(statement, options)
    } finally {
      await end('the stream ended')
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
      queuedReads: readers?.pool.queued ?? 0,
      walBytes: readers === null ? null : (statSync(`${this.path}-wal`, { throwIfNoEntry: false })?.size ?? 0),
      counters: {
        readsInline: readers?.inline.reads ?? 0,
        readsThreaded: readers?.pool.reads ?? 0,
        transactions: this.#transactions,
        ...this.#writer.counters,
      },
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Queued work first, then the readers, so that the writer is the last one out and may remove the log. */
  async #close(): Promise<void> {
    // Without WAL a snapshot holds the writer: the queue behind it moves only once it is ended.
    if (this.#readers === null) await this.#endHeld()
    await this.#writer.drain()
    await this.#endHeld()
    await this.#readers?.inline.close()
    await this.#readers?.pool.close()
    await this.#writer.close({ optimize: this.#options.optimizeOnClose, truncate: this.#readers !== null })
  }

  async #endHeld(): Promise<void> {
    await Promise.all([...this.#held].map((held) => held.end('closed')))
  }

  /** A connection for reads that stay together: a reader, or without WAL the writer's connection for a limited time. */
  async #holdReader(what: 'snapshot' | 'stream'): Promise<HeldSnapshot> {
    this.#assertOpen()
    const limit = this.#readers === null ? { ms: this.#options.transactionTimeoutMs, origin: originOfCall() } : null
    const hold = this.#readers === null ? await this.#writer.hold(what) : await this.#readers.pool.hold(what)
    const outside = limit === null ? this.#outside() : refusingWrites
    const held = holdSnapshot({
      what,
      channel: hold.channel,
      giveBack: () => hold.release(NOTHING_DONE),
      outside,
      limit,
    })
    this.#held.add(held)
    void held.ended.then(() => this.#held.delete(held))
    try {
      this.#assertOpen()
      if (what === 'snapshot') await hold.channel.request('begin', 'read')
      return held
    } catch (error) {
      await held.end('it could not begin')
      throw error
    }
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

  #classify(sql: string): Classification {
    const known = this.#classified.get(sql)
    if (known !== undefined) return known
    const classification = classify(sql)
    if (this.#classified.size >= MAX_CLASSIFIED) this.#classified.clear()
    this.#classified.set(sql, classification)
    return classification
  }

  #assertOpen(): void {
    if (this.#closed !== null) throw new ClosedError({ what: 'the database' })
  }
}

function refuseConnectionFunction(): RefusedError {
  return new RefusedError({
    statement: 'changes() or last_insert_rowid() outside a transaction',
    instead:
      'Use what the write returns (numAffectedRows, insertId, RETURNING), or ask inside transaction() or batch().',
  })
}

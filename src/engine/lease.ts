/**
 * One NOORMME's share of an engine. It hands its calls on and knows which are its own, so that its close() refuses and
 * awaits those and nobody else's.
 *
 *     open ──close()──▶ closing ──own calls settled──▶ closed
 *
 * open     calls go to the engine
 * closing  new calls are refused; own calls and transactions end as they will, own streams and snapshots are ended
 * closed   every promise ever handed out is settled
 *
 * The last lease leaves all that to the engine, which ends with it. The async context is the engine's: a call made
 * inside a transaction joins it, through whichever lease either was made. If it did not, it would queue behind that
 * transaction, which waits for it.
 */
import type { AsyncLocalStorage } from 'node:async_hooks'
import { ClosedError } from '../errors.ts'
import type { CheckpointMode } from '../sqlite/checkpoint-types.ts'
import type { CopyOptions, CopyResult } from '../sqlite/copy-types.ts'
import type { RecordedEngine, StatementCounter } from './recorded-engine.ts'
import { assertNotWithin } from './session/assert-not-within.ts'
import type {
  CallLimits,
  CheckpointOutcome,
  EngineArchive,
  EngineStats,
  Executor,
  OpenTransaction,
  OptimizeResult,
  ReadOptions,
  ResultSet,
  Row,
  Statement,
  StreamOptions,
  Transaction,
  TransactionOptions,
} from './types.ts'

export interface LeaseOptions {
  readonly engine: RecordedEngine
  readonly context: AsyncLocalStorage<Executor>
  readonly first: boolean
  readonly isLast: () => boolean
  /** Gives the lease back; resolves when the engine is closed, if it was the last. */
  readonly onClose: () => Promise<void>
}

export class Lease implements RecordedEngine {
  readonly path: string
  readonly context: AsyncLocalStorage<Executor>
  /** Whether the engine was opened for this lease. */
  readonly first: boolean
  readonly #engine: RecordedEngine
  readonly #options: LeaseOptions
  /** Own calls, transactions and snapshots that are under way. */
  #working = 0
  readonly #idle = Promise.withResolvers<void>()
  /** Ends what would otherwise last as long as its caller likes. */
  readonly #held = new Set<() => unknown>()
  /** Ends what this lease listens to. */
  readonly #listening = new Set<() => void>()
  #closed: Promise<void> | null = null

  constructor(options: LeaseOptions) {
    this.path = options.engine.path
    this.context = options.context
    this.first = options.first
    this.#engine = options.engine
    this.#options = options
  }

  get archive(): EngineArchive | null {
    return this.#engine.archive
  }

  execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    return this.#own(() => this.#engine.execute(statement, options))
  }

  executeCounted(
    statement: Statement,
    options: ReadOptions | undefined,
    counter: StatementCounter,
  ): Promise<ResultSet> {
    return this.#own(() => this.#engine.executeCounted(statement, options, counter))
  }

  batch(statements: readonly Statement[], limits?: CallLimits): Promise<ResultSet[]> {
    return this.#own(() => this.#engine.batch(statements, limits))
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#own(() => this.#engine.transaction(fn, options))
  }

  begin(options?: TransactionOptions): Promise<OpenTransaction> {
    return this.#own(async () => {
      const tx = await this.#engine.begin(options)
      this.#working++
      void tx.released.then(() => this.#done())
      return tx
    })
  }

  snapshot<T>(fn: (snapshot: Executor) => Promise<T>, limits?: CallLimits): Promise<T> {
    return this.#own(async () => {
      const { promise: ended, reject } = Promise.withResolvers<never>()
      const end = (): void => reject(closed())
      // It may end before anybody waits for it.
      ended.catch(() => {})
      this.#held.add(end)
      try {
        return await this.#engine.snapshot((scope) => Promise.race([fn(scope), ended]), limits)
      } finally {
        this.#held.delete(end)
      }
    })
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    this.#assertOpen()
    const blocks = this.#engine.stream(statement, options)[Symbol.asyncIterator]()
    const end = (): unknown => blocks.return?.()
    this.#held.add(end)
    try {
      for (;;) {
        const next = await blocks.next()
        // Ended by close(): a result that was cut short must not look complete.
        this.#assertOpen()
        if (next.done === true) return
        yield next.value
      }
    } finally {
      this.#held.delete(end)
      await end()
    }
  }

  optimize(): Promise<OptimizeResult> {
    return this.#own(() => this.#engine.optimize())
  }

  checkpoint(mode: CheckpointMode): Promise<CheckpointOutcome> {
    return this.#own(() => this.#engine.checkpoint(mode))
  }

  copy(path: string, options?: CopyOptions): Promise<CopyResult> {
    return this.#own(() => this.#engine.copy(path, options))
  }

  detached<T>(fn: () => T): T {
    return this.#engine.detached(fn)
  }

  within<T>(scope: Executor, fn: () => T): T {
    return this.#engine.within(scope, fn)
  }

  get record(): RecordedEngine['record'] {
    return this.#engine.record
  }

  onCheckpoint(listener: (outcome: CheckpointOutcome) => void): () => void {
    const off = this.#engine.onCheckpoint(listener)
    this.#listening.add(off)
    return off
  }

  stats(): EngineStats {
    return this.#engine.stats()
  }

  async close(): Promise<void> {
    if (this.#closed === null) assertNotWithin(this.context.getStore(), 'close()')
    this.#closed ??= this.context.exit(() => this.#close())
    await this.#closed
  }

  async #close(): Promise<void> {
    for (const off of this.#listening) off()
    const last = this.#options.isLast()
    const given = this.#options.onClose()
    if (last) return given
    await Promise.all([...this.#held].map((end) => end()))
    if (this.#working === 0) this.#idle.resolve()
    await this.#idle.promise
    await given
  }

  async #own<T>(run: () => Promise<T>): Promise<T> {
    this.#assertOpen()
    this.#working++
    try {
      return await run()
    } finally {
      this.#done()
    }
  }

  #done(): void {
    this.#working--
    if (this.#closed !== null && this.#working === 0) this.#idle.resolve()
  }

  #assertOpen(): void {
    if (this.#closed !== null) throw closed()
  }
}

function closed(): ClosedError {
  return new ClosedError({ what: 'the database' })
}

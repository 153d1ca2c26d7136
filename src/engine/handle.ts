/**
 * An engine that is opened when it is first needed, closed, and may be opened again. Repositories and Kysely instances
 * run against the handle, so they outlive a close and a new initialize().
 *
 *     new ──first call──▶ opening ──▶ open ──close()──▶ closing ──▶ closed
 *      ▲                    │ │                          ▲  │          │
 *      └────it failed───────┘ └─────────close()──────────┘  └──────────┴──initialize()──▶ opening
 *
 * new      nothing has been opened; any call opens
 * opening  everybody shares the one attempt
 * open     calls go straight to the engine
 * closing  calls are refused, transactions that are under way finish; initialize() waits for the end and opens again
 * closed   calls are refused; only initialize() opens again
 *
 * The async context belongs to the handle: what began in a transaction before a close is refused after it too. Handles
 * that share an engine share a context, that of the one who opened it, and keep it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { ClosedError, TransactionError } from '../errors.ts'
import type { CheckpointMode } from '../sqlite/checkpoint-types.ts'
import type { CopyOptions, CopyResult } from '../sqlite/copy-types.ts'
import type { Lease } from './lease.ts'
import type { EngineRecord } from './metrics/engine-record.ts'
import type { RecordedEngine, StatementCounter } from './recorded-engine.ts'
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

type State =
  | { readonly name: 'new' | 'closed' }
  | { readonly name: 'opening'; readonly opened: Promise<Lease> }
  | { readonly name: 'open'; readonly engine: RecordedEngine }
  | { readonly name: 'closing'; readonly engine: RecordedEngine | null; readonly closed: Promise<void> }

export class EngineHandle implements Executor {
  readonly #openEngine: (context: AsyncLocalStorage<Executor>) => Promise<Lease>
  #context = new AsyncLocalStorage<Executor>()
  #state: State = { name: 'new' }

  constructor(openEngine: (context: AsyncLocalStorage<Executor>) => Promise<Lease>) {
    this.#openEngine = openEngine
  }

  get isOpen(): boolean {
    return this.#state.name === 'open'
  }

  /** What a call made here and now would be part of. */
  get scope(): 'transaction' | 'snapshot' | null {
    const scope = this.#context.getStore()
    if (scope === undefined) return null
    return 'commit' in scope ? 'transaction' : 'snapshot'
  }

  async initialize(): Promise<void> {
    const state = this.#state
    switch (state.name) {
      case 'open':
        return
      case 'opening':
        await state.opened
        return
      case 'closing':
        await state.closed
        return this.initialize()
      case 'new':
      case 'closed':
        await this.#open()
        return
      default:
        return state satisfies never
    }
  }

  /** Opens for the very first caller; refuses once closed. Resolves with what the engine knows of itself. */
  async ready(): Promise<EngineStats> {
    return (await this.#engine()).stats()
  }

  async close(): Promise<void> {
    const state = this.#state
    switch (state.name) {
      case 'new':
        this.#state = { name: 'closed' }
        return
      case 'closed':
        return
      case 'closing':
        return state.closed
      case 'opening':
        // Whether opening succeeds or not, what matters here is that nothing stays open.
        return this.#closing(
          null,
          state.opened.then(
            (engine) => engine.close(),
            () => {},
          ),
        )
      case 'open':
        return this.#closing(state.engine, state.engine.close())
      default:
        return state satisfies never
    }
  }

  /** @throws TransactionError when the caller is inside a transaction or snapshot, where `what` cannot be done. */
  assertOutside(what: string): void {
    if (this.#context.getStore() === undefined) return
    throw new TransactionError({
      reason: `${what} inside a transaction or snapshot: it needs transactions of its own`,
      advice: `Call ${what} outside, or through detached() after the transaction.`,
    })
  }

  /** The archive of the open file; `null` while none is open, or nothing is archived. */
  get archive(): EngineArchive | null {
    return this.#state.name === 'open' ? this.#state.engine.archive : null
  }

  /** What is recorded of the engine, or `null` while there is none. */
  get record(): EngineRecord | null {
    const state = this.#state
    return state.name === 'open' || state.name === 'closing' ? (state.engine?.record ?? null) : null
  }

  /** What the engine knows of itself, or `null` while there is none. */
  stats(): EngineStats | null {
    return this.#state.name === 'open' ? this.#state.engine.stats() : null
  }

  execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    return this.#use((engine) => engine.execute(statement, options))
  }

  executeCounted(
    statement: Statement,
    options: ReadOptions | undefined,
    counter: StatementCounter,
  ): Promise<ResultSet> {
    return this.#use((engine) => engine.executeCounted(statement, options, counter))
  }

  batch(statements: readonly Statement[], limits?: CallLimits): Promise<ResultSet[]> {
    return this.#use((engine) => engine.batch(statements, limits))
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#use((engine) => engine.transaction(fn, options))
  }

  begin(options?: TransactionOptions): Promise<OpenTransaction> {
    return this.#use((engine) => engine.begin(options))
  }

  snapshot<T>(fn: (snapshot: Executor) => Promise<T>, limits?: CallLimits): Promise<T> {
    return this.#use((engine) => engine.snapshot(fn, limits))
  }

  checkpoint(mode: CheckpointMode): Promise<CheckpointOutcome> {
    return this.#use((engine) => engine.checkpoint(mode))
  }

  copy(path: string, options?: CopyOptions): Promise<CopyResult> {
    return this.#use((engine) => engine.copy(path, options))
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    yield* (await this.#engine()).stream(statement, options)
  }

  optimize(): Promise<OptimizeResult> {
    return this.#use((engine) => engine.optimize())
  }

  detached<T>(fn: () => T): T {
    return this.#context.exit(fn)
  }

  within<T>(scope: Executor, fn: () => T): T {
    return this.#context.run(scope, fn)
  }

  /** Straight to an open engine: its caller is still on the stack, for errors that name where something began. */
  #use<T>(run: (engine: RecordedEngine) => Promise<T>): Promise<T> {
    return this.#state.name === 'open' ? run(this.#state.engine) : this.#engine().then(run)
  }

  /** The engine for one call; opens it for the very first one. */
  async #engine(): Promise<RecordedEngine> {
    const state = this.#state
    switch (state.name) {
      case 'open':
        return state.engine
      case 'closing':
        if (state.engine === null) throw new ClosedError({ what: 'the database' })
        return state.engine
      case 'opening':
        return state.opened
      case 'new':
        return this.#open()
      case 'closed':
        throw new ClosedError({ what: 'the database' })
      default:
        return state satisfies never
    }
  }

  /** The state changes at once, so that whoever asks next sees it; an engine that refuses to close stays open. */
  #closing(engine: RecordedEngine | null, closed: Promise<void>): Promise<void> {
    const settled = closed.then(
      () => this.#become(closing, { name: 'closed' }),
      (error: unknown) => {
        this.#become(closing, engine === null ? { name: 'closed' } : { name: 'open', engine })
        throw error
      },
    )
    // Whoever called close() sees the outcome; nobody else has to.
    settled.catch(() => {})
    const closing: State = { name: 'closing', engine, closed: settled }
    this.#state = closing
    return settled
  }

  async #open(): Promise<RecordedEngine> {
    const opened = this.detached(() => this.#openEngine(this.#context))
    const opening: State = { name: 'opening', opened }
    this.#state = opening
    try {
      const engine = await opened
      this.#context = engine.context
      this.#become(opening, { name: 'open', engine })
      return engine
    } catch (error) {
      this.#become(opening, { name: 'new' })
      throw error
    }
  }

  /** The state it leads to, unless somebody has closed in between. */
  #become(from: State, to: State): void {
    if (this.#state === from) this.#state = to
  }
}

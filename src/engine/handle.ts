/**
 * An engine that is opened when it is first needed, closed, and may be opened again. Repositories and Kysely instances
 * run against the handle, so they outlive a close and a new initialize().
 *
 *     new ──first call──▶ opening ──▶ open ──close()──▶ closing ──▶ closed
 *      ▲                    │                                         │
 *      └────it failed───────┘          opening ◀──initialize()────────┘
 *
 * new      nothing has been opened; any call opens
 * opening  everybody shares the one attempt; close() waits for it
 * open     calls go straight to the engine
 * closing  calls are refused by the engine; initialize() waits for the end and opens again
 * closed   calls are refused; only initialize() opens again
 */
import { ClosedError } from '../errors.ts'
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

type State =
  | { readonly name: 'new' | 'closed' }
  | { readonly name: 'opening'; readonly opened: Promise<Engine> }
  | { readonly name: 'open'; readonly engine: Engine }
  | { readonly name: 'closing'; readonly engine: Engine; readonly closed: Promise<void> }

export class EngineHandle implements Executor {
  readonly #openEngine: () => Promise<Engine>
  #state: State = { name: 'new' }

  constructor(openEngine: () => Promise<Engine>) {
    this.#openEngine = openEngine
  }

  get isOpen(): boolean {
    return this.#state.name === 'open'
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
        // Whether it succeeds or not, what matters here is that nothing stays open.
        await state.opened.catch(() => null)
        return this.close()
      case 'open': {
        const closed = state.engine.close().finally(() => {
          this.#state = { name: 'closed' }
        })
        this.#state = { name: 'closing', engine: state.engine, closed }
        return closed
      }
      default:
        return state satisfies never
    }
  }

  /** What the engine knows of itself, or `null` while there is none. */
  stats(): EngineStats | null {
    return this.#state.name === 'open' ? this.#state.engine.stats() : null
  }

  execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    if (this.#state.name === 'open') return this.#state.engine.execute(statement, options)
    return this.#engine().then((engine) => engine.execute(statement, options))
  }

  batch(statements: readonly Statement[]): Promise<ResultSet[]> {
    if (this.#state.name === 'open') return this.#state.engine.batch(statements)
    return this.#engine().then((engine) => engine.batch(statements))
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    if (this.#state.name === 'open') return this.#state.engine.transaction(fn, options)
    return this.#engine().then((engine) => engine.transaction(fn, options))
  }

  begin(options?: TransactionOptions): Promise<OpenTransaction> {
    if (this.#state.name === 'open') return this.#state.engine.begin(options)
    return this.#engine().then((engine) => engine.begin(options))
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    yield* (await this.#engine()).stream(statement, options)
  }

  snapshot<T>(fn: (snapshot: Executor) => Promise<T>): Promise<T> {
    if (this.#state.name === 'open') return this.#state.engine.snapshot(fn)
    return this.#engine().then((engine) => engine.snapshot(fn))
  }

  detached<T>(fn: () => T): T {
    return this.#state.name === 'open' ? this.#state.engine.detached(fn) : fn()
  }

  within<T>(scope: Executor, fn: () => T): T {
    return this.#state.name === 'open' ? this.#state.engine.within(scope, fn) : fn()
  }

  /** The engine for one call; opens it for the very first one. */
  async #engine(): Promise<Engine> {
    const state = this.#state
    switch (state.name) {
      case 'open':
      case 'closing':
        // A closing engine refuses what comes from outside, and finishes the transactions that are under way.
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

  async #open(): Promise<Engine> {
    const opened = this.#openEngine()
    this.#state = { name: 'opening', opened }
    try {
      const engine = await opened
      this.#state = { name: 'open', engine }
      return engine
    } catch (error) {
      this.#state = { name: 'new' }
      throw error
    }
  }
}

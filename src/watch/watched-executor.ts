/** Executors that pass everything on and let a {@link StatementWatch} see it. */
import type { EngineHandle } from '../engine/handle.ts'
import { counting, type StatementCounter } from '../engine/recorded-engine.ts'
import type {
  CallLimits,
  Executor,
  OpenTransaction,
  ReadOptions,
  ResultSet,
  Row,
  ScriptFailure,
  Statement,
  StreamOptions,
  Transaction,
  TransactionOptions,
} from '../engine/types.ts'
import { isSchemaStatement } from '../sqlite/fingerprint.ts'
import type { Scope, StatementWatch } from './statement-watch.ts'

export class WatchedExecutor implements Executor {
  protected readonly inner: Executor
  protected readonly watch: StatementWatch
  protected readonly counter: StatementCounter
  readonly #scope: () => Scope

  /** `scope`: what a call made now is part of. */
  constructor(inner: Executor, watch: StatementWatch, scope: () => Scope) {
    this.inner = inner
    this.watch = watch
    this.#scope = scope
    this.counter = watch.counter(scope)
  }

  onCall(): void {
    this.watch.enter()
  }

  execute(statement: Statement, options?: ReadOptions): Promise<ResultSet> {
    const looked = this.watch.active || isSchemaStatement(statement.sql)
    return looked ? this.#execute(statement, options) : this.counted(statement, options)
  }

  /** Nobody wants to know of it but the record. */
  protected counted(statement: Statement, options: ReadOptions | undefined): Promise<ResultSet> {
    return counting(this.counter, statement, () => this.inner.execute(statement, options))
  }

  async #execute(statement: Statement, options: ReadOptions | undefined): Promise<ResultSet> {
    const [result] = await this.#watched([statement], async () => [await this.inner.execute(statement, options)])
    return result as ResultSet
  }

  async batch(statements: readonly Statement[], limits?: CallLimits): Promise<ResultSet[]> {
    return this.#watched(statements, () => this.inner.batch(statements, limits))
  }

  async transaction<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    const run = () => this.inner.transaction((tx) => fn(new WatchedTransaction(tx, this.watch)), options)
    if (this.#scope() === 'transaction') return run()
    this.watch.transactionBegan()
    try {
      return await run()
    } finally {
      await this.watch.transactionEnded()
    }
  }

  async begin(options?: TransactionOptions): Promise<OpenTransaction> {
    const nested = this.#scope() === 'transaction'
    const tx = await this.inner.begin(options)
    if (nested) return new WatchedOpenTransaction(tx, this.watch)
    this.watch.transactionBegan()
    return new WatchedOpenTransaction(
      tx,
      this.watch,
      tx.released.then(() => this.watch.transactionEnded()),
    )
  }

  async *stream(statement: Statement, options?: StreamOptions): AsyncGenerator<Row[], void> {
    const watched = this.watch.begin(this.#scope())
    const blocks = this.inner.stream(statement, options)[Symbol.asyncIterator]()
    let duration = 0
    let rows = 0
    let failed = false
    try {
      for (;;) {
        const start = performance.now()
        const { done, value } = await blocks.next()
        duration += performance.now() - start
        if (done === true) break
        rows += value.length
        yield value
      }
    } catch (error) {
      failed = true
      this.watch.failed(watched, [statement], error)
      throw error
    } finally {
      await blocks.return?.()
      if (!failed) this.watch.streamed(watched, statement, { duration, rows })
    }
  }

  async #watched(statements: readonly Statement[], run: () => Promise<ResultSet[]>): Promise<ResultSet[]> {
    const scope = this.#scope()
    const watched = this.watch.begin(scope)
    let results: ResultSet[]
    try {
      results = await run()
    } catch (error) {
      this.watch.failed(watched, statements, error)
      throw error
    }
    this.watch.answered(watched, statements, results)
    await this.watch.follow(scope, statements)
    return results
  }
}

/** The engine itself, which counts by itself what it can answer at once. */
export class WatchedEngine extends WatchedExecutor {
  readonly #engine: EngineHandle

  constructor(engine: EngineHandle, watch: StatementWatch) {
    super(engine, watch, () => engine.scope)
    this.#engine = engine
  }

  protected override counted(statement: Statement, options: ReadOptions | undefined): Promise<ResultSet> {
    return this.#engine.executeCounted(statement, options, this.counter)
  }
}

const INSIDE = (): Scope => 'transaction'

class WatchedTransaction extends WatchedExecutor implements Transaction {
  readonly #transaction: Transaction

  constructor(transaction: Transaction, watch: StatementWatch) {
    super(transaction, watch, INSIDE)
    this.#transaction = transaction
  }

  script(sql: string): Promise<{ readonly statements: number; readonly failure: ScriptFailure | null }> {
    return this.#transaction.script(sql)
  }
}

export class WatchedOpenTransaction extends WatchedTransaction implements OpenTransaction {
  /** The engine's own: what the async context has to name. */
  readonly bare: OpenTransaction
  /** Resolves when the schema has been followed after its end. */
  readonly #followed: Promise<void> | undefined

  constructor(transaction: OpenTransaction, watch: StatementWatch, followed?: Promise<void>) {
    super(transaction, watch)
    this.bare = transaction
    this.#followed = followed
  }

  get lost(): Promise<never> {
    return this.bare.lost
  }

  get released(): Promise<void> {
    return this.bare.released
  }

  async commit(): Promise<void> {
    await this.bare.commit()
    await this.#followed
  }

  async rollback(): Promise<void> {
    await this.bare.rollback()
    await this.#followed
  }

  savepoint(action: 'create' | 'release' | 'rollbackTo', name: string): Promise<void> {
    return this.bare.savepoint(action, name)
  }
}

/** The scope as the engine knows it. */
export function bareScope(scope: Executor): Executor {
  return scope instanceof WatchedOpenTransaction ? scope.bare : scope
}

/** The database as an application sees it: composes the layers below, decides nothing itself. */
import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely } from 'kysely'
import { adviseOptimizations } from './advice/advise-optimizations.ts'
import { gatherAdviceFacts } from './advice/gather-advice-facts.ts'
import type { SQLiteOptimizations } from './advice/types.ts'
import { Backups } from './backup/backups.ts'
import { resolveConfig } from './config/resolve.ts'
import type { NoormmeConfig, ResolvedConfig } from './config/types.ts'
import { toEngineOptions } from './engine/engine-options.ts'
import { leaseEngine } from './engine/engines.ts'
import { EngineHandle } from './engine/handle.ts'
import type { Lease } from './engine/lease.ts'
import { metricsHistory, performanceMetrics } from './engine/metrics/performance-metrics.ts'
import { type SQLitePerformanceMetrics, sqlitePerformance } from './engine/metrics/sqlite-performance.ts'
import { statementPlan } from './engine/metrics/statement-plan.ts'
import type { HistoryName, MetricsHistory, PerformanceMetrics } from './engine/metrics/types.ts'
import { openGivingWay } from './engine/open-giving-way.ts'
import type {
  CallLimits,
  CheckpointOutcome,
  Executor,
  OptimizeResult,
  Row,
  Statement,
  TransactionOptions,
} from './engine/types.ts'
import { isNoormmeError, RefusedError } from './errors.ts'
import { assessHealth } from './health/assess-health.ts'
import { checkIntegrity, type IntegrityCheckOptions, type IntegrityReport } from './health/check-integrity.ts'
import { type ConnectionStats, connectionStats } from './health/connection-stats.ts'
import { gatherHealthFacts, HealthProbes } from './health/gather-health-facts.ts'
import type { HealthReport, IntegrityFacts } from './health/types.ts'
import { createKysely } from './kysely/joining-kysely.ts'
import { NamePlugin } from './kysely/name-plugin.ts'
import { toQueryResult } from './kysely/virtual-connection.ts'
import { type MigrationResult, migrate } from './migrations/migrate.ts'
import { createRepository } from './repository/create-repository.ts'
import type { KyselyDatabase } from './repository/kysely-database.ts'
import { createLazyRepository } from './repository/lazy-repository.ts'
import type { RegisteredDatabase } from './repository/register.ts'
import type { RepositoryOf, TableName, TableNameFor } from './repository/repository-of.ts'
import type { Repository } from './repository/types.ts'
import { RuleBook } from './repository/writing/rule-book.ts'
import type { SchemaChange } from './schema/diff.ts'
import { driftOf, reportDrift } from './schema/drift.ts'
import { camelCaseNames } from './schema/property-names.ts'
import { readSchema } from './schema/read-schema.ts'
import type { SchemaInfo } from './schema/types.ts'
import {
  type ExecuteResult,
  run,
  type ScopeParts,
  type Snapshot,
  snapshotOver,
  type Transaction,
  transactionOver,
} from './scopes.ts'
import { type CheckpointMode, checkpointMode } from './sqlite/checkpoint-types.ts'
import { assertNodeVersion } from './sqlite/version.ts'
import { DatabaseWatch } from './watch/database-watch.ts'
import { intervalOf } from './watch/schema-watch.ts'
import type { EventListener, EventName, WatchOptions } from './watch/types.ts'
import { bareScope } from './watch/watched-executor.ts'

/**
 * A SQLite database file, with a typed repository for every table.
 *
 * @example
 * const db = new NOORMME('sqlite:./data/app.db')
 * await db.initialize()
 * const users = db.getRepository('users')
 * const mira = await users.create({ name: 'Mira', email: 'mira@example.org' })
 * await db.close()
 */
export class NOORMME<DB = RegisteredDatabase> implements AsyncDisposable {
  /** Backups of the file: made, listed, checked, rehearsed, restored. See `docs/backup.md`. */
  readonly backups: Backups
  readonly #config: ResolvedConfig
  readonly #engine: EngineHandle
  readonly #watch: DatabaseWatch
  readonly #rules: RuleBook
  readonly #probes = new HealthProbes()
  #integrity: IntegrityFacts | null = null
  readonly #kysely: Kysely<KyselyDatabase<DB>>
  readonly #parts: ScopeParts<DB> = {
    repository: (scope, table) => this.#repository(scope, table),
    kysely: (scope) => this.#kyselyOver(scope),
  }

  /**
   * Nothing is opened yet.
   *
   * @param config an object, a connection string (`sqlite:./app.db`, `file:./app.db`, a path, `:memory:`), or nothing:
   *   the environment variable `DATABASE_URL`. See `docs/configuration.md`.
   * @throws ConfigError naming everything that is wrong with it; NodeVersionError on a Node.js older than 22.14.
   */
  constructor(config?: NoormmeConfig | string) {
    assertNodeVersion(process.versions)
    this.#config = resolveConfig(config, { env: process.env, cwd: process.cwd() })
    this.#engine = new EngineHandle((context) => this.#open(context))
    this.#watch = new DatabaseWatch(this.#engine, this.#config, () => this.healthCheck())
    this.#rules = new RuleBook(this.#config)
    this.backups = new Backups({
      engine: this.#engine,
      config: this.#config,
      onEvent: (event) => this.#watch.events.emit('backup', event),
    })
    this.#kysely = this.#kyselyOver(this.#watch.executor)
  }

  /**
   * Opens the file (making it and its folder when missing) and reads its schema. Concurrent calls share one attempt; it
   * may be called again after a failure or after close().
   *
   * @throws ConnectionError, NotADatabaseError, FileSystemError, SqliteVersionError, InitializationError, BusyError.
   * @throws ConfigError when `tables` or `timestamps` name what the database has not; what this call has opened is closed again.
   */
  async initialize(): Promise<void> {
    // Others may be at work on one that was open.
    const wasOpen = this.#engine.isOpen
    await this.#engine.initialize()
    const { current } = this.#watch.schema.live
    if (current === null) return
    try {
      this.#rules.check(current)
    } catch (error) {
      if (!wasOpen) await this.#engine.close()
      throw error
    }
  }

  isInitialized(): boolean {
    return this.#engine.isOpen
  }

  /**
   * The repository of a table or view, which follows the schema as it changes. Before initialize() its first call opens
   * the database.
   *
   * @throws TableNotFoundError with the nearest names.
   */
  getRepository<Table extends TableName<DB>>(table: Table): RepositoryOf<DB, Table>
  getRepository<R extends object = never>(table: TableNameFor<R, DB>): Repository<R>
  getRepository(table: string): object {
    if (this.#engine.isOpen) return this.#repository(this.#watch.executor, table)
    return createLazyRepository(async () => {
      await this.#engine.ready()
      return this.#repository(this.#watch.executor, table)
    })
  }

  /**
   * Kysely over this database, for every query that repositories have no method for. Inside a transaction of the calling
   * context it is part of it. `destroy()` on it does nothing: close the database instead.
   */
  getKysely(): Kysely<KyselyDatabase<DB>> {
    return this.#kysely
  }

  /**
   * Runs one SQL statement.
   *
   * @example
   * const { rows } = await db.execute('SELECT name FROM users WHERE id = ?', [7])
   * @param limits what may end the call before it is done: `{ signal, timeout }`. See `docs/limits.md`.
   * @throws RefusedError for statements that would act on a connection (BEGIN, ATTACH, setting a PRAGMA, …).
   */
  execute<R = Row>(sql: string, parameters: readonly unknown[] = [], limits?: CallLimits): Promise<ExecuteResult<R>> {
    this.#watch.statements.enter()
    return run<R>(this.#watch.executor, sql, parameters, limits)
  }

  /** Runs several statements, all or nothing, in one commit that other writes may share. */
  async batch(statements: readonly Statement[], limits?: CallLimits): Promise<ExecuteResult[]> {
    this.#watch.statements.enter()
    return (await this.#watch.executor.batch(statements, limits)).map((result) => toQueryResult<Row>(result))
  }

  /**
   * Runs `fn` in a transaction: committed when it resolves, rolled back when it rejects. Calls made inside on this
   * database, its repositories and its Kysely join it. Nested calls are savepoints.
   *
   * @example
   * await db.transaction(async (tx) => {
   *   await tx.getRepository('orders').create({ work_id: 7 })
   *   await tx.execute('UPDATE works SET stock = stock - 1 WHERE id = ?', [7])
   * })
   * @throws TimeoutError when it is still open after `performance.transactionTimeout` or `options.timeout` ms;
   *   AbortedError when `options.signal` aborts. It has been rolled back then.
   */
  transaction<T>(fn: (tx: Transaction<DB>) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#watch.executor.transaction((tx) => fn(transactionOver(tx, this.#parts)), options)
  }

  /** Several reads that see one point in time, whatever is written meanwhile. Writes inside go to the database as ever. */
  snapshot<T>(fn: (snapshot: Snapshot<DB>) => Promise<T>, limits?: CallLimits): Promise<T> {
    return this.#engine.snapshot((scope) => fn(snapshotOver(this.#watch.snapshot(scope), this.#parts)), limits)
  }

  /** Runs `fn` outside the transaction or snapshot of the calling context, if there is one. */
  detached<T>(fn: () => T): T {
    return this.#engine.detached(fn)
  }

  /**
   * Applies the `.sql` files of a folder that have not been applied yet, each in a transaction of its own, and reads the
   * schema again. See `docs/migrations.md`.
   *
   * @throws MigrationError with file, line and statement; that file has left nothing behind.
   */
  async migrate(folder: string): Promise<MigrationResult> {
    await this.#engine.ready()
    this.#engine.assertOutside('migrate()')
    const result = await migrate(this.#engine, folder)
    if (result.applied.length === 0) return result
    // What is applied is reported, also when close() came in between: the next opening reads the schema anyway.
    await this.refreshSchema().catch((error: unknown) => {
      if (!isNoormmeError(error, 'NOORMME_CLOSED')) throw error
    })
    // The migrations are applied; that the planner knows nothing of their indexes yet is no failure of theirs.
    if (this.#config.automation.enableAutoOptimization) await this.#engine.optimize().catch(() => {})
    return result
  }

  /**
   * Gathers the statistics that SQLite's planner finds missing or out of date. It runs by itself after opening, after
   * migrations, once a day and at close, unless `automation.enableAutoOptimization` is `false`.
   *
   * @example
   * const { statements } = await db.optimize() // ['ANALYZE "main"."works"'], or [] when there was nothing to do
   * @throws BusyError when another process keeps the database locked.
   */
  async optimize(): Promise<OptimizeResult> {
    this.#engine.assertOutside('optimize()')
    await this.#engine.ready()
    return this.#engine.optimize()
  }

  /**
   * Reads the whole file and checks its structure; nothing is changed. See https://sqlite.org/pragma.html#pragma_integrity_check
   *
   * @param options `quick: true` leaves out whether indexes agree with their tables, which takes most of the time.
   * @example
   * const { ok, problems } = await db.integrityCheck()
   */
  async integrityCheck({ quick = false, ...limits }: IntegrityCheckOptions = {}): Promise<IntegrityReport> {
    this.#engine.assertOutside('integrityCheck()')
    const report = await checkIntegrity(this.#engine, { quick, limits })
    this.#integrity = { at: new Date(), quick, problems: report.problems }
    return report
  }

  /** The schema as it was read last. */
  async getSchemaInfo(): Promise<SchemaInfo> {
    await this.#engine.ready()
    return this.#watch.schema.live.current ?? this.refreshSchema()
  }

  /**
   * Reads the schema again, after another program has made or altered tables. Repositories follow it, and what has
   * changed is told to the listeners of `schemaChange`. What is altered through this database needs no such call.
   */
  async refreshSchema(): Promise<SchemaInfo> {
    await this.#engine.ready()
    return this.#watch.refreshSchema()
  }

  /**
   * Asks SQLite now and then whether another program has changed the schema. Then it is read again, as by
   * {@link refreshSchema}. Lasts until {@link stopSchemaWatching} or close(); a second call only changes the interval. It
   * does not keep the process alive. See `docs/schema-changes.md`.
   *
   * @param options `interval` in milliseconds. Default: 1,000.
   * @example
   * await db.startSchemaWatching({ interval: 5_000 })
   * db.onSchemaChange((changes) => console.log(changes.map(({ details }) => details)))
   * @throws ValidationError for an option or interval that cannot be.
   */
  async startSchemaWatching(options: WatchOptions = {}): Promise<void> {
    intervalOf(options)
    await this.#engine.ready()
    this.detached(() => this.#watch.schema.start(options))
  }

  /** Ends {@link startSchemaWatching}. Listeners stay. */
  stopSchemaWatching(): void {
    this.#watch.schema.stop()
  }

  /**
   * Calls `listener` with what has changed, whenever the schema did: `on('schemaChange')` without the schema itself.
   *
   * @returns a function that ends it.
   */
  onSchemaChange(listener: (changes: readonly SchemaChange[]) => unknown): () => void {
    return this.on('schemaChange', ({ changes }) => listener(changes))
  }

  /**
   * Calls `listener` with each event of this name: `query`, `slowQuery`, `nPlusOne`, `schemaChange`, `backup` or `error`. A listener
   * that throws breaks nothing: it is told to the listeners of `error`. See `docs/events.md`.
   *
   * @example
   * const off = db.on('slowQuery', ({ sql, duration, origin }) => console.warn(`${duration} ms`, sql, origin))
   * @returns a function that ends it.
   * @throws ValidationError for an event that there is not.
   */
  on<Name extends EventName>(event: Name, listener: EventListener<Name>): () => void {
    return this.#watch.events.on(event, listener)
  }

  /**
   * How the database is. Never throws, never opens a database that is not open, never reads a user table. See
   * `docs/health.md`.
   */
  async healthCheck(): Promise<HealthReport> {
    const { enableForeignKeys } = this.#config.optimization
    const wal = this.#hasWal()
    const known = {
      loop: this.#engine.record?.recentLoop ?? null,
      integrity: this.#integrity,
      backup: this.backups.known,
      drift: driftOf(this.#watch.schema.live.current, this.#config.introspection.schema),
    }
    const settings = { enableForeignKeys, enableWALMode: wal }
    const gather = (probes = new HealthProbes()) =>
      gatherHealthFacts(this.#engine, () => this.#engine.stats(), settings, { known, probes })
    // A monitor started inside a transaction outlives it. Without WAL the transaction holds the only connection, and
    // the check has to be part of it until it ends.
    if (wal || this.#engine.scope === null) return assessHealth(await this.detached(() => gather(this.#probes)))
    const facts = await gather()
    const late = 'code' in facts.answer && facts.answer.code === 'NOORMME_TRANSACTION_ENDED'
    return assessHealth(late ? await this.detached(() => gather(this.#probes)) : facts)
  }

  /** Every connection with the settings SQLite reported for it, and what is queued. Waits for no connection. */
  async getConnectionStats(): Promise<ConnectionStats> {
    return connectionStats(this.#engine.stats(), { now: new Date(), initialized: this.isInitialized() })
  }

  /**
   * What has been done since the database was opened, and how long it took: of all who share its engine. Asks nobody, so it
   * never waits; all zero while the database is not open. See `docs/metrics.md`.
   *
   * @example
   * const { read, topStatements } = await db.getPerformanceMetrics()
   * console.log(read.p99, topStatements[0]?.fingerprint)
   */
  async getPerformanceMetrics(): Promise<PerformanceMetrics> {
    return performanceMetrics(this.#engine.record, this.#engine.stats())
  }

  /** What {@link getPerformanceMetrics} says, in fewer words: counts, averages, the slowest and the most frequent statements. */
  async getSQLitePerformanceMetrics(): Promise<SQLitePerformanceMetrics> {
    return sqlitePerformance(await this.getPerformanceMetrics())
  }

  /**
   * The same as it went: a point a second for the last 15 minutes (`'seconds'`), or a point a minute for the last 24 hours
   * (`'minutes'`), the oldest first.
   *
   * @example
   * const { points } = await db.getMetricsHistory('seconds')
   * @throws ValidationError for a name that there is not.
   */
  async getMetricsHistory(name: HistoryName): Promise<MetricsHistory> {
    return metricsHistory(this.#engine.record, name)
  }

  /**
   * How SQLite would run a statement that {@link getPerformanceMetrics} shows, by its `id`: the lines of `EXPLAIN QUERY
   * PLAN`, indented. Asked when it is called, on a reader; slow statements of that shape show it from then on. `null` for a
   * statement that is not known (any more), or cannot be explained. See https://sqlite.org/eqp.html
   *
   * @example
   * const [slow] = (await db.getPerformanceMetrics()).slowStatements
   * if (slow !== undefined) console.log(await db.getStatementPlan(slow.id))
   */
  async getStatementPlan(id: string): Promise<readonly string[] | null> {
    await this.#engine.ready()
    return this.detached(() => statementPlan(this.#engine, this.#engine.record, id))
  }

  /** What is set, and what would be worth changing, each with its evidence. Only looks. See `docs/advice.md`. */
  async getSQLiteOptimizations(): Promise<SQLiteOptimizations> {
    const stats = await this.#engine.ready()
    const { enableWALMode } = this.#config.optimization
    const { readers } = this.#config.performance
    return adviseOptimizations(await gatherAdviceFacts(this.#engine, stats, { enableWALMode, readers }))
  }

  /**
   * Copies the write-ahead log into the database file now. noormme does that by itself; this is for the moment before
   * the file is looked at from outside.
   *
   * @param mode `'PASSIVE'` copies what it can beside readers and writers. The others take their turn among the writes
   *   and wait for readers up to `busyTimeout`: `'FULL'` copies everything, `'RESTART'` lets the log start again at its
   *   beginning as well, `'TRUNCATE'` also empties its file. See https://sqlite.org/pragma.html#pragma_wal_checkpoint
   * @example
   * const { result, pinnedBy } = await db.checkpoint('TRUNCATE')
   * @throws TransactionError inside a transaction or snapshot, which would keep it from its end.
   * @throws RefusedError with `checkpoint: 'external'`, where another program does it.
   */
  async checkpoint(mode: CheckpointMode = 'PASSIVE'): Promise<CheckpointOutcome> {
    if (this.#config.optimization.checkpoint === 'external') {
      const instead = 'The program that replicates the log checkpoints it; see optimization.checkpoint.'
      throw new RefusedError({ statement: 'a checkpoint', instead })
    }
    this.#engine.assertOutside('checkpoint()')
    return this.#engine.checkpoint(checkpointMode(mode))
  }

  /**
   * Finishes what is queued, refuses what comes later, and closes the file; where no other process has it open, one file
   * is left. Calling it again does nothing.
   */
  async close(): Promise<void> {
    try {
      await Promise.all([this.#engine.close(), this.backups.stop()])
    } catch (error) {
      if (this.#engine.isOpen) this.backups.start()
      throw error
    }
    await this.backups.closed()
    this.#watch.closed()
    this.#integrity = null
  }

  /** The same as {@link close}. */
  destroy(): Promise<void> {
    return this.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #open(context: AsyncLocalStorage<Executor>): Promise<Lease> {
    await this.#watch.load()
    const options = toEngineOptions(this.#config)
    const open = (shared: AsyncLocalStorage<Executor>) => openGivingWay(options, shared)
    const lease = await leaseEngine({ config: this.#config, context, open })
    try {
      // On the thread that is there already: starting a reader would double the time it takes to open. In an engine that
      // others use, that thread may have a long transaction in hand.
      const afterWrites = lease.first
      const executor = { execute: (statement: Statement) => lease.execute(statement, { afterWrites }) }
      const schema = await this.#watch.schema.refresh(() => readSchema(executor, this.#config.introspection))
      reportDrift(schema, this.#config.introspection)
      this.#watch.opened(lease)
      this.backups.start(lease.archive)
      return lease
    } catch (error) {
      await lease.close()
      throw error
    }
  }

  /** Whether the open file is in WAL mode: asked for, and possible where it lies. */
  #hasWal(): boolean {
    return (this.#engine.stats()?.walBytes ?? null) !== null
  }

  #repository<R extends object>(executor: Executor, table: string): Repository<R> {
    const { introspection, performance, extensions, setup } = this.#config
    const context = {
      executor,
      dates: introspection.dates,
      naming: introspection.naming,
      likeIsBuiltIn: extensions.length === 0 && setup === null,
      maxBatchSize: performance.maxBatchSize,
      rulesOf: this.#rules.rulesOf,
    }
    return createRepository<R>(context, this.#watch.schema.live.source(table))
  }

  #kyselyOver(executor: Executor): Kysely<KyselyDatabase<DB>> {
    const { kysely, introspection } = this.#config
    const { live } = this.#watch.schema
    const names = new NamePlugin(() => (live.current === null ? null : camelCaseNames(live.current)))
    const plugins = introspection.naming === 'stored' ? kysely.plugins : [names, ...kysely.plugins]
    const within = <T>(scope: Executor, fn: () => T): T => this.#engine.within(bareScope(scope), fn)
    return createKysely<KyselyDatabase<DB>>(executor, within, plugins)
  }
}

/** All that watches one database, put together: listeners, statements and schema. */

import type { ResolvedConfig } from '../config/types.ts'
import type { EngineHandle } from '../engine/handle.ts'
import type { RecordedEngine } from '../engine/recorded-engine.ts'
import type { Executor } from '../engine/types.ts'
import { schemaVersion } from '../schema/introspect.ts'
import { readSchema } from '../schema/read-schema.ts'
import type { SchemaInfo } from '../schema/types.ts'
import { EventLog } from './event-log.ts'
import { Events } from './events.ts'
import { type Checked, HealthWatch } from './health-watch.ts'
import { loadOpenTelemetry } from './open-telemetry.ts'
import { SchemaWatch } from './schema-watch.ts'
import { StatementWatch } from './statement-watch.ts'
import type { Telemetry } from './telemetry.ts'
import { WatchedEngine, WatchedExecutor } from './watched-executor.ts'

type WatchConfig = Pick<ResolvedConfig, 'path' | 'performance' | 'introspection' | 'monitoring' | 'logging'>

export class DatabaseWatch {
  readonly events: Events
  readonly statements: StatementWatch
  readonly schema: SchemaWatch
  /** The engine, watched: what users send goes through it, what the package does for itself does not. */
  readonly executor: Executor
  readonly #engine: EngineHandle
  readonly #health: HealthWatch
  readonly #log: EventLog | null
  readonly #loadTelemetry: () => Promise<Telemetry | null>

  constructor(
    engine: EngineHandle,
    { path, performance, introspection, monitoring, logging }: WatchConfig,
    check: () => Promise<Checked>,
  ) {
    const outside: Pick<Executor, 'execute'> = {
      execute: (statement, options) => engine.detached(() => engine.execute(statement, options)),
    }
    this.#engine = engine
    this.#loadTelemetry = async () => (monitoring.openTelemetry ? loadOpenTelemetry(path) : null)
    this.events = new Events({ database: path, onChange: () => this.#health.refresh() })
    this.schema = new SchemaWatch({
      naming: introspection.naming,
      events: this.events,
      read: () => readSchema(engine, introspection),
      readOutside: () => readSchema(outside, introspection),
      versionOutside: () => schemaVersion(outside),
    })
    this.statements = new StatementWatch({
      slowQueryThreshold: performance.slowQueryThreshold,
      nPlusOneThreshold: performance.nPlusOneThreshold,
      nPlusOne: monitoring.nPlusOne,
      recordValues: monitoring.recordValues,
      events: this.events,
      schema: () => this.schema.live.current,
      followSchema: () => this.schema.follow(),
    })
    this.#health = new HealthWatch({ events: this.events, intervalMs: monitoring.healthInterval, check })
    const { logger, level } = logging
    const { nPlusOne } = monitoring
    this.#log = logger === null ? null : new EventLog({ logger, level, database: path, events: this.events, nPlusOne })
    this.executor = new WatchedEngine(engine, this.statements)
  }

  /** What has to be there before the database is opened. */
  async load(): Promise<void> {
    this.statements.telemetry ??= await this.#loadTelemetry()
  }

  /** The database is open, by this share of its engine, which ends what is begun here when it ends. */
  opened(engine: RecordedEngine): void {
    this.statements.record = engine.record
    engine.onCheckpoint((outcome) => this.events.emit('checkpoint', outcome))
    this.#health.opened()
    this.#log?.opened()
  }

  closed(): void {
    this.schema.stop()
    this.#health.closed()
    if (this.statements.record !== null) this.#log?.closed()
    this.statements.record = null
  }

  /** A snapshot's executor, watched. */
  snapshot(scope: Executor): Executor {
    return new WatchedExecutor(scope, this.statements, () => 'snapshot')
  }

  /** Reads the schema as the caller sees it; what a transaction has altered may be rolled back. */
  refreshSchema(): Promise<SchemaInfo> {
    if (this.#engine.scope === 'transaction') this.statements.readInside()
    return this.schema.refresh()
  }
}

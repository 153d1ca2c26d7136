/** All that watches one database, put together: listeners, statements and schema. */
import type { EngineHandle } from '../engine/handle.ts'
import type { Executor } from '../engine/types.ts'
import { introspect, schemaVersion } from '../schema/introspect.ts'
import type { SchemaInfo } from '../schema/types.ts'
import { Events } from './events.ts'
import { SchemaWatch } from './schema-watch.ts'
import { StatementWatch } from './statement-watch.ts'
import { WatchedExecutor } from './watched-executor.ts'

export interface WatchThresholds {
  /** `performance.slowQueryThreshold` (ms) */
  readonly slowQueryThreshold: number
  /** `performance.nPlusOneThreshold` */
  readonly nPlusOneThreshold: number
}

export class DatabaseWatch {
  readonly events: Events
  readonly statements: StatementWatch
  readonly schema: SchemaWatch
  /** The engine, watched: what users send goes through it, what the package does for itself does not. */
  readonly executor: Executor
  readonly #engine: EngineHandle

  constructor(engine: EngineHandle, thresholds: WatchThresholds) {
    const outside: Pick<Executor, 'execute'> = {
      execute: (statement, options) => engine.detached(() => engine.execute(statement, options)),
    }
    this.#engine = engine
    this.events = new Events(() => this.statements.refresh())
    this.schema = new SchemaWatch({
      events: this.events,
      read: () => introspect(engine),
      readOutside: () => introspect(outside),
      versionOutside: () => schemaVersion(outside),
    })
    this.statements = new StatementWatch({
      ...thresholds,
      events: this.events,
      schema: () => this.schema.live.current,
      followSchema: () => this.schema.follow(),
    })
    this.executor = new WatchedExecutor(engine, this.statements, () => engine.scope)
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

/** All that watches one database, put together: listeners, statements and schema. */

import type { ResolvedConfig } from '../config/types.ts'
import type { EngineHandle } from '../engine/handle.ts'
import type { Executor } from '../engine/types.ts'
import { schemaVersion } from '../schema/introspect.ts'
import { readSchema } from '../schema/read-schema.ts'
import type { SchemaInfo } from '../schema/types.ts'
import { Events } from './events.ts'
import { SchemaWatch } from './schema-watch.ts'
import { StatementWatch } from './statement-watch.ts'
import { WatchedExecutor } from './watched-executor.ts'

export class DatabaseWatch {
  readonly events: Events
  readonly statements: StatementWatch
  readonly schema: SchemaWatch
  /** The engine, watched: what users send goes through it, what the package does for itself does not. */
  readonly executor: Executor
  readonly #engine: EngineHandle

  constructor(
    engine: EngineHandle,
    { performance, introspection }: Pick<ResolvedConfig, 'performance' | 'introspection'>,
  ) {
    const outside: Pick<Executor, 'execute'> = {
      execute: (statement, options) => engine.detached(() => engine.execute(statement, options)),
    }
    this.#engine = engine
    this.events = new Events(() => this.statements.refresh())
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

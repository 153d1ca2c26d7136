/**
 * Kysely over the engine. A Kysely connection is virtual until BEGIN: queries outside a transaction go straight to the
 * engine, which runs any number at once, so nothing is serialised here (Kysely's own SQLite dialect has one connection
 * behind a mutex that wakes every waiter at every release).
 */
import {
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely'
import { LONGEST_TIMEOUT_MS } from '../engine/thread/limits.ts'
import type { Executor } from '../engine/types.ts'
import { RefusedError } from '../errors.ts'
import { VirtualConnection } from './virtual-connection.ts'

export class NoormmeDialect implements Dialect {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  createDriver(): Driver {
    return new NoormmeDriver(this.#executor)
  }

  createAdapter(): DialectAdapter {
    return new NoormmeAdapter()
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }

  createIntrospector(db: Kysely<never>): DatabaseIntrospector {
    return new SqliteIntrospector(db)
  }
}

class NoormmeAdapter extends SqliteAdapter {
  /** Any number of connections may be used at once; the engine queues what has to wait. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** SQLite's DDL is transactional: a migration of Kysely's that fails leaves nothing. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }

  /**
   * The lock is the transaction that Kysely's migrator begins next on this connection: BEGIN IMMEDIATE lets one process
   * in at a time, and what has been applied is read inside. As our own migrations it has no time limit.
   */
  override async acquireMigrationLock(db: Kysely<never>): Promise<void> {
    if (db.isTransaction) return
    await db.getExecutor().provideConnection(async (connection) => {
      virtual(connection).setTransactionOptions({ timeout: LONGEST_TIMEOUT_MS })
    })
  }
}

class NoormmeDriver implements Driver {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    // Kysely comes here before it awaits anything.
    this.#executor.onCall?.()
    return new VirtualConnection(this.#executor)
  }

  async beginTransaction(connection: DatabaseConnection, { accessMode }: TransactionSettings): Promise<void> {
    if (accessMode === 'read only') {
      throw new RefusedError({ statement: 'a read-only transaction', instead: 'Read inside snapshot().' })
    }
    await virtual(connection).begin()
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return virtual(connection).commit()
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return virtual(connection).rollback()
  }

  savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    return virtual(connection).savepoint('create', name)
  }

  rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    return virtual(connection).savepoint('rollbackTo', name)
  }

  releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    return virtual(connection).savepoint('release', name)
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await virtual(connection).rollback()
  }

  /** The engine outlives every Kysely instance over it. */
  async destroy(): Promise<void> {}
}

/** Kysely hands back only connections that {@link NoormmeDriver.acquireConnection} made. */
function virtual(connection: DatabaseConnection): VirtualConnection {
  return connection as VirtualConnection
}

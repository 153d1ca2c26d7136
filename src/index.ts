/**
 * noormme: the data layer for TypeScript applications whose database is a SQLite file.
 *
 *     import { NOORMME } from 'noormme'
 *
 *     const db = new NOORMME('sqlite:./data/app.db')
 *     await db.initialize()
 *     const users = await db.getRepository('users').findAll({ limit: 10 })
 *     await db.close()
 */

export type { Recommendation, SQLiteOptimizations } from './advice/types.ts'

// Its configuration.
export type {
  AutomationConfig,
  ConnectionConfig,
  IntrospectionConfig,
  KyselyConfig,
  NoormmeConfig,
  OptimizationConfig,
  PerformanceConfig,
} from './config/types.ts'
// Values, statements and connections.
export type {
  CacheStats,
  CallLimits,
  CheckpointCounters,
  CheckpointOutcome,
  ConnectionStatus,
  EngineCounters,
  LogStats,
  NativeStats,
  OptimizeResult,
  PageCacheStats,
  Statement,
  TransactionOptions,
} from './engine/types.ts'
// Errors: one class for each code.
export {
  AbortedError,
  BusyError,
  CheckConstraintError,
  ClosedError,
  ColumnNotFoundError,
  ConfigError,
  type ConfigProblem,
  ConnectionError,
  ConstraintError,
  CorruptionError,
  DiskFullError,
  FileGoneError,
  FileSystemError,
  ForeignKeyConstraintError,
  IndeterminateError,
  InitializationError,
  IoError,
  isNoormmeError,
  LogFullError,
  MigrationError,
  NodeVersionError,
  NoormmeError,
  NotADatabaseError,
  NotFoundError,
  NotNullConstraintError,
  QueueFullError,
  ReaderExpiredError,
  ReadOnlyError,
  RefusedError,
  SqliteVersionError,
  StatementError,
  TableNotFoundError,
  ThreadError,
  TimeoutError,
  TransactionEndedError,
  TransactionError,
  UniqueConstraintError,
  ValidationError,
} from './errors.ts'
export type { IntegrityCheckOptions, IntegrityReport } from './health/check-integrity.ts'
// Health and advice.
export type { ConnectionStats } from './health/connection-stats.ts'
export type { HealthCheck, HealthReport } from './health/types.ts'
// Migrations.
export type { AppliedMigration, MigrationResult } from './migrations/migrate.ts'
// The database.
export { NOORMME } from './noormme.ts'
export type { RepositoryOf, TableName, UntypedDatabase, UntypedRow } from './repository/repository-of.ts'
// Repositories: what they accept and return.
export type * from './repository/types.ts'
export type * from './repository/where-types.ts'
// The schema as introspection found it, and how it changes.
export type { SchemaChange } from './schema/diff.ts'
export type * from './schema/types.ts'
// Transactions and snapshots.
export type { ExecuteResult, Snapshot, Transaction } from './scopes.ts'
// Connections to SQLite.
export type { CheckpointMode } from './sqlite/checkpoint-types.ts'
export type { ConnectionSetup } from './sqlite/connection-setup.ts'
export type { ConnectionPragmas } from './sqlite/settings.ts'
export type { SqlValue } from './sqlite/values.ts'
// Events.
export type * from './watch/types.ts'

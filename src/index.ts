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

// Kysely's column types, in which tables are described.
export type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable, Updateable } from 'kysely'

export type { Recommendation, SQLiteOptimizations } from './advice/types.ts'
export type { ArchivePlace, ArchivePoint, ArchiveWindow, PointsOptions } from './backup/archive/plan.ts'
// Backups.
export type { Backups } from './backup/backups.ts'
export type { DrillOptions, DrillReport } from './backup/drill.ts'
export type { PruneReport } from './backup/prune.ts'
export type { RestorePoint } from './backup/restore/point.ts'
export type { RestoreReport } from './backup/restore/report.ts'
export { type RestoreBackupOptions, restoreBackup } from './backup/restore-backup.ts'
export type { ArchiveStatus, Backup, BackupProgress, BackupStatus, CreateOptions, JobOptions } from './backup/types.ts'
export type { Logger, LoggingConfig, LogLevel, MonitoringConfig } from './config/monitoring-types.ts'
// Its configuration.
export type { StandardIssue, StandardResult, StandardSchema } from './config/standard-schema.ts'
export type { TableConfig, ValidateConfig } from './config/table-options.ts'
export type {
  AutomationConfig,
  ConnectionConfig,
  IntrospectionConfig,
  KyselyConfig,
  NoormmeConfig,
  OptimizationConfig,
  PerformanceConfig,
  SchemaDescription,
  TimestampsConfig,
} from './config/types.ts'
export type { BackupEvent } from './engine/backup/event-types.ts'
// What is recorded of the database at work.
export type { SQLitePerformanceMetrics } from './engine/metrics/sqlite-performance.ts'
export type * from './engine/metrics/types.ts'
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
  BackupDamagedError,
  BackupError,
  BackupMissingError,
  BackupRunningError,
  BackupStoreError,
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
  FileInUseError,
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
  RelationshipNotFoundError,
  SchemaDriftError,
  SqliteVersionError,
  StaleRowError,
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
// Repositories: what they accept and return.
export type * from './repository/json.ts'
export type * from './repository/kysely-database.ts'
export type * from './repository/order-types.ts'
export type * from './repository/paging-types.ts'
export type * from './repository/register.ts'
export type { Graph, Undescribed } from './repository/relations/graph.ts'
export type { RelationMethods } from './repository/relations/relation-methods.ts'
export type { Loaded, Loading, With, WithCount, WithMany, WithOne } from './repository/relations/with-types.ts'
export type { RepositoryOf, TableName } from './repository/repository-of.ts'
export type * from './repository/row-types.ts'
export type * from './repository/search-types.ts'
export type * from './repository/types.ts'
export type * from './repository/untyped.ts'
export type * from './repository/where-types.ts'
export type * from './repository/writing/write-types.ts'
// The schema as introspection found it, and how it changes.
export type { SchemaChange } from './schema/diff.ts'
export type * from './schema/types.ts'
// Transactions and snapshots.
export type { ExecuteResult, Snapshot, Transaction } from './scopes.ts'
// Connections to SQLite.
export type { CheckpointMode } from './sqlite/checkpoint-types.ts'
export type { ConnectionSetup } from './sqlite/connection-setup.ts'
export type { LogPosition } from './sqlite/copy-types.ts'
export type { ConnectionPragmas } from './sqlite/settings.ts'
export type { SqlValue } from './sqlite/values.ts'
// Events.
export type * from './watch/types.ts'

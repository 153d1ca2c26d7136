/** Fills in what was not given. */
import * as defaults from './defaults.ts'
import type { Given } from './keys.ts'
import type { ResolvedConfig } from './types.ts'

/** Defaults where nothing was given; without automatic optimisation, only those that the promises rest on. */
export function complete(
  given: Given,
  memory: boolean,
): Pick<
  ResolvedConfig,
  'optimization' | 'explicitWAL' | 'automation' | 'performance' | 'monitoring' | 'introspection' | 'timestamps'
> & { readonly backup: Omit<ResolvedConfig['backup'], 'target' | 'encryptionKey'> } {
  const enableAutoOptimization =
    given['automation.enableAutoOptimization'] ??
    given['optimization.enableAutoOptimization'] ??
    defaults.DEFAULT_ENABLE_AUTO_OPTIMIZATION
  const caching = given['performance.enableCaching'] ?? defaults.DEFAULT_ENABLE_CACHING
  const tuned = <T>(value: T | undefined, otherwise: T): T | null =>
    value ?? (enableAutoOptimization ? otherwise : null)

  return {
    optimization: {
      enableWALMode: !memory && (given['optimization.enableWALMode'] ?? defaults.DEFAULT_ENABLE_WAL_MODE),
      enableForeignKeys: given['optimization.enableForeignKeys'] ?? defaults.DEFAULT_ENABLE_FOREIGN_KEYS,
      cacheSize: tuned(given['optimization.cacheSize'], defaults.DEFAULT_CACHE_SIZE),
      synchronous: given['optimization.synchronous'] ?? defaults.DEFAULT_SYNCHRONOUS,
      tempStore: tuned(given['optimization.tempStore'], defaults.DEFAULT_TEMP_STORE),
      busyTimeout: given['optimization.busyTimeout'] ?? defaults.DEFAULT_BUSY_TIMEOUT_MS,
      mmapSize: tuned(given['optimization.mmapSize'], defaults.DEFAULT_MMAP_SIZE_BYTES),
      journalSizeLimit: tuned(given['optimization.journalSizeLimit'], defaults.DEFAULT_JOURNAL_SIZE_LIMIT_BYTES),
      walLimit: given['optimization.walLimit'] ?? defaults.DEFAULT_WAL_LIMIT_BYTES,
      checkpoint: given['optimization.checkpoint'] ?? defaults.DEFAULT_CHECKPOINT,
      pageSize: given['optimization.pageSize'] ?? null,
      autoVacuum: given['optimization.autoVacuum'] ?? null,
      stablePlans: tuned(given['optimization.stablePlans'], defaults.DEFAULT_STABLE_PLANS),
    },
    explicitWAL: given['optimization.enableWALMode'] !== undefined || caching,
    automation: { enableAutoOptimization },
    performance: {
      maxBatchSize:
        given['performance.maxBatchSize'] ?? given['optimization.maxBatchSize'] ?? defaults.DEFAULT_MAX_BATCH_SIZE,
      readers: given['performance.readers'] ?? defaults.DEFAULT_READERS,
      inlineReadBudget: given['performance.inlineReadBudget'] ?? defaults.DEFAULT_INLINE_READ_BUDGET_MS,
      statementTimeout: given['performance.statementTimeout'] ?? defaults.DEFAULT_STATEMENT_TIMEOUT_MS,
      transactionTimeout: given['performance.transactionTimeout'] ?? defaults.DEFAULT_TRANSACTION_TIMEOUT_MS,
      maxQueuedWrites: given['performance.maxQueuedWrites'] ?? defaults.DEFAULT_MAX_QUEUED_WRITES,
      maxQueuedBytes: given['performance.maxQueuedBytes'] ?? defaults.DEFAULT_MAX_QUEUED_BYTES,
      enableCaching: caching,
      maxCacheSize: given['performance.maxCacheSize'] ?? defaults.DEFAULT_MAX_CACHE_SIZE,
      maxCacheBytes: given['performance.maxCacheBytes'] ?? defaults.DEFAULT_MAX_CACHE_BYTES,
      slowQueryThreshold: given['performance.slowQueryThreshold'] ?? defaults.DEFAULT_SLOW_QUERY_THRESHOLD_MS,
      nPlusOneThreshold: given['performance.nPlusOneThreshold'] ?? defaults.DEFAULT_N_PLUS_ONE_THRESHOLD,
    },
    monitoring: {
      recordValues: given['monitoring.recordValues'] ?? defaults.DEFAULT_RECORD_VALUES,
      nPlusOne: given['monitoring.nPlusOne'] ?? defaults.DEFAULT_MONITOR_N_PLUS_ONE,
      openTelemetry: given['monitoring.openTelemetry'] ?? defaults.DEFAULT_OPEN_TELEMETRY,
      healthInterval: given['monitoring.healthInterval'] ?? defaults.DEFAULT_HEALTH_INTERVAL_MS,
    },
    introspection: {
      dates: given['introspection.dates'] ?? defaults.DEFAULT_DATES,
      naming: given['introspection.naming'] ?? defaults.DEFAULT_NAMING,
      schema: given['introspection.schema'] ?? null,
      drift: given['introspection.drift'] ?? defaults.DEFAULT_DRIFT,
    },
    backup: {
      compression: given['backup.compression'] ?? defaults.DEFAULT_COMPRESSION,
      schedule: (given['backup.schedule'] ?? defaults.DEFAULT_BACKUP_SCHEDULE) || null,
      keepLast: given['backup.keepLast'] ?? defaults.DEFAULT_KEEP_LAST,
      keepDaily: given['backup.keepDaily'] ?? defaults.DEFAULT_KEEP_DAILY,
      keepWeekly: given['backup.keepWeekly'] ?? defaults.DEFAULT_KEEP_WEEKLY,
      pointInTime: canArchive(given, memory) ? (given['backup.pointInTime'] ?? defaults.DEFAULT_POINT_IN_TIME_MS) : 0,
      maxBacklog: given['backup.maxBacklog'] ?? defaults.DEFAULT_MAX_BACKLOG_BYTES,
      rateLimit: given['backup.rateLimit'] ?? null,
    },
    timestamps: {
      createdAt: given['timestamps.createdAt'] ?? null,
      updatedAt: given['timestamps.updatedAt'] ?? null,
    },
  }
}

/** Only a log that is there, and that no other program checkpoints, can be archived. */
function canArchive(given: Given, memory: boolean): boolean {
  const wal = !memory && (given['optimization.enableWALMode'] ?? defaults.DEFAULT_ENABLE_WAL_MODE)
  const managed = (given['optimization.checkpoint'] ?? defaults.DEFAULT_CHECKPOINT) === 'managed'
  return given['backup.target'] !== undefined && wal && managed
}

/** Every key users may write, by its dotted path, with the rule its value must pass. A key that is not here is refused. */
import { backupTarget, compression, encryptionKey } from './backup-rules.ts'
import { cronPattern } from './cron-rule.ts'
import * as bounds from './defaults.ts'
import { logger } from './logger-rule.ts'
import { pluginList } from './plugin-list.ts'
import { boolean, integer, oneOf, pathList, powerOfTwo, type Rule, serverField, text } from './rules.ts'
import { schemaDescription } from './schema-description-rule.ts'
import { columnName, tableOptions } from './table-options.ts'

export const RULES = {
  dialect: oneOf('sqlite'),

  'connection.database': text(),
  'connection.host': serverField(),
  'connection.port': serverField(),
  'connection.username': serverField(),
  'connection.password': serverField(),

  'optimization.enableWALMode': boolean(),
  'optimization.enableForeignKeys': boolean(),
  'optimization.cacheSize': integer(bounds.MIN_INT32, bounds.MAX_INT32),
  'optimization.synchronous': oneOf('OFF', 'NORMAL', 'FULL', 'EXTRA'),
  'optimization.tempStore': oneOf('DEFAULT', 'FILE', 'MEMORY'),
  'optimization.busyTimeout': integer(0, bounds.MAX_INT32),
  'optimization.mmapSize': integer(0, bounds.MAX_MMAP_SIZE_BYTES),
  'optimization.journalSizeLimit': integer(-1),
  'optimization.walLimit': integer(bounds.MIN_WAL_LIMIT_BYTES),
  'optimization.checkpoint': oneOf('managed', 'sqlite', 'external'),
  'optimization.pageSize': powerOfTwo(bounds.MIN_PAGE_SIZE_BYTES, bounds.MAX_PAGE_SIZE_BYTES),
  'optimization.autoVacuum': oneOf('NONE', 'FULL', 'INCREMENTAL'),
  'optimization.stablePlans': boolean(),
  'optimization.enableAutoOptimization': boolean(),
  'optimization.maxBatchSize': integer(1, bounds.MAX_BATCH_SIZE),

  'automation.enableAutoOptimization': boolean(),

  'performance.maxBatchSize': integer(1, bounds.MAX_BATCH_SIZE),
  'performance.readers': integer(bounds.MIN_READERS, bounds.MAX_READERS),
  'performance.inlineReadBudget': integer(0, bounds.MAX_INLINE_READ_BUDGET_MS),
  'performance.statementTimeout': integer(0, bounds.MAX_STATEMENT_TIMEOUT_MS),
  'performance.transactionTimeout': integer(1, bounds.MAX_TRANSACTION_TIMEOUT_MS),
  'performance.maxQueuedWrites': integer(1),
  'performance.maxQueuedBytes': integer(1),
  'performance.enableCaching': boolean(),
  'performance.maxCacheSize': integer(1),
  'performance.maxCacheBytes': integer(bounds.MIN_MAX_CACHE_BYTES),
  'performance.slowQueryThreshold': integer(0, bounds.MAX_SLOW_QUERY_THRESHOLD_MS),
  'performance.nPlusOneThreshold': integer(bounds.MIN_N_PLUS_ONE_THRESHOLD),

  'monitoring.recordValues': boolean(),
  'monitoring.nPlusOne': boolean(),
  'monitoring.openTelemetry': boolean(),
  'monitoring.healthInterval': integer(bounds.MIN_HEALTH_INTERVAL_MS, bounds.MAX_HEALTH_INTERVAL_MS),

  'logging.logger': logger(),
  'logging.level': oneOf('error', 'warn', 'info', 'debug'),

  'introspection.dates': oneOf('text', 'date'),
  'introspection.naming': oneOf('stored', 'camelCase'),
  'introspection.schema': schemaDescription(),
  'introspection.drift': oneOf('warn', 'error'),

  'timestamps.createdAt': columnName(),
  'timestamps.updatedAt': columnName(),

  'backup.target': backupTarget(),
  'backup.compression': compression(),
  'backup.encryptionKey': encryptionKey(),
  'backup.schedule': cronPattern(),
  'backup.keepLast': integer(1, bounds.MAX_KEPT_BACKUPS),
  'backup.keepDaily': integer(0, bounds.MAX_KEPT_BACKUPS),
  'backup.keepWeekly': integer(0, bounds.MAX_KEPT_BACKUPS),
  'backup.pointInTime': integer(0, bounds.MAX_POINT_IN_TIME_MS),
  'backup.maxBacklog': integer(bounds.MIN_MAX_BACKLOG_BYTES),
  'backup.rateLimit': integer(bounds.MIN_BACKUP_RATE_BYTES),

  tables: tableOptions(),

  'kysely.plugins': pluginList(),

  extensions: pathList(),
  setup: text(),
} as const satisfies Readonly<Record<string, Rule<unknown>>>

export type Key = keyof typeof RULES

/** The values that were given and passed their rules. */
export type Given = { readonly [K in Key]?: (typeof RULES)[K] extends Rule<infer Value> ? Value : never }

/** Dotted paths of all keys users may write, aliases included. */
export const CONFIG_KEYS: readonly Key[] = Object.freeze(Object.keys(RULES) as Key[])

/** The groups of keys, each a plain object in the configuration. */
export const SECTIONS: readonly string[] = Object.freeze([
  ...new Set(CONFIG_KEYS.filter((key) => key.includes('.')).map((key) => key.slice(0, key.indexOf('.')))),
])

/** Second places for a key: the same name in another section, the right one on the right. */
export const ALIASES = {
  'optimization.enableAutoOptimization': 'automation.enableAutoOptimization',
  'optimization.maxBatchSize': 'performance.maxBatchSize',
} as const satisfies Partial<Record<Key, Key>>

export function isKey(path: string): path is Key {
  return Object.hasOwn(RULES, path)
}

/** What an engine is opened with: the configuration, in the engine's words. */
import type { ResolvedConfig } from '../config/types.ts'
import type { Extensions } from '../sqlite/connection-setup.ts'
import type { ConnectionSettings } from '../sqlite/settings.ts'

export interface EngineOptions {
  /** Absolute path, or `:memory:`. */
  readonly path: string
  readonly settings: ConnectionSettings
  /** The caller named WAL itself: where it cannot be had, that is an error instead of a warning. */
  readonly explicitWAL: boolean
  readonly extensions: Extensions
  /** Load the extension in C where there is a binary for this platform. */
  readonly native: boolean
  readonly readers: number
  readonly inlineReadBudgetMs: number
  readonly transactionTimeoutMs: number
  /** How long a statement may run on a reader's thread (ms); 0: as long as it needs. */
  readonly statementTimeoutMs: number
  readonly maxQueuedWrites: number
  readonly maxQueuedBytes: number
  /** Where writes wait for the log (bytes), with managed checkpoints. */
  readonly walLimitBytes: number
  /** What kept results of reads may take, in number and bytes; `null`: none are kept. Only with WAL. */
  readonly cache: { readonly maxEntries: number; readonly maxBytes: number } | null
  /** Where what is committed is written down for the archive, and how much may wait there; `null`: nothing is archived. Only with WAL. */
  readonly archive: { readonly folder: string; readonly maxBacklogBytes: number } | null
  /** Runs `PRAGMA optimize` after opening, once a day, and when closing. */
  readonly autoOptimize: boolean
}

/** Where the archive's spool stands: beside the database, since it has to be as quick and as much there. */
const SPOOL_SUFFIX = '-archive'

/** What a configuration asks of the engine. */
export function toEngineOptions(config: ResolvedConfig): EngineOptions {
  const { path, backup, optimization, performance, extensions, setup, automation, explicitWAL, native } = config
  return {
    path,
    settings: optimization,
    explicitWAL,
    extensions: { libraries: extensions, setup },
    native,
    readers: performance.readers,
    inlineReadBudgetMs: performance.inlineReadBudget,
    statementTimeoutMs: performance.statementTimeout,
    transactionTimeoutMs: performance.transactionTimeout,
    maxQueuedWrites: performance.maxQueuedWrites,
    maxQueuedBytes: performance.maxQueuedBytes,
    walLimitBytes: optimization.walLimit,
    cache: performance.enableCaching
      ? { maxEntries: performance.maxCacheSize, maxBytes: performance.maxCacheBytes }
      : null,
    archive: backup.pointInTime === 0 ? null : { folder: `${path}${SPOOL_SUFFIX}`, maxBacklogBytes: backup.maxBacklog },
    autoOptimize: automation.enableAutoOptimization,
  }
}

/** What a health check is made of: facts in, report out. */
import type { EngineStats } from '../engine/types.ts'
import type { DescriptorFacts } from '../sqlite/descriptors.ts'
import type { ConnectionSettings } from '../sqlite/settings.ts'
import type { ConnectionStats } from './connection-stats.ts'

/** Every check there is, in the order of the report. `docs/health.md` describes each. */
export const HEALTH_CHECKS = [
  'answering',
  'writer',
  'wal',
  'checkpoint',
  'disk',
  'settings',
  'file',
  'locks',
  'loop',
  'integrity',
  'backup',
  'archive',
  'schema',
] as const

export type HealthCheckName = (typeof HEALTH_CHECKS)[number]

export interface HealthCheck {
  readonly name: HealthCheckName
  readonly status: 'pass' | 'warn' | 'fail'
  /** What was found, as a sentence with its numbers. */
  readonly detail: string
  /** Milliseconds that it took to find that out. */
  readonly duration: number
}

export interface HealthReport {
  /** Whether the database can serve: `true` for `healthy` and `degraded`. */
  readonly healthy: boolean
  /** `unhealthy` when a check fails, `degraded` when one warns. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  /** Milliseconds until the database answered, or until it was clear that it does not. */
  readonly responseTime: number
  /** ISO 8601, UTC. */
  readonly timestamp: string
  readonly connectionPool: ConnectionStats
  readonly checks: readonly HealthCheck[]
  /** What the first failed check found; left out when none failed. */
  readonly error?: string
}

/** What was asked of every connection. */
export type HealthSettings = Pick<ConnectionSettings, 'enableWALMode' | 'enableForeignKeys'>

/** What looking at something gave, and how long it took. */
export type Observed<T> =
  | { readonly ms: number; readonly value: T }
  | { readonly ms: number; readonly error: string; readonly code?: string | undefined }

/** It has been looked for so long, and nothing has come yet. */
export interface Pending {
  readonly ms: number
  readonly pending: true
}

export interface DiskSpace {
  readonly freeBytes: number
  /** 0 where the file system does not say. */
  readonly totalBytes: number
}

/** What is known of the event loop's last ten seconds: the largest delay of a second, in their middle, and of all. */
export interface LoopFacts {
  readonly typicalMaxMs: number
  readonly maxMs: number
}

/** The last `integrityCheck()`. */
export interface IntegrityFacts {
  readonly at: Date
  readonly quick: boolean
  readonly problems: readonly string[]
}

export interface BackupFacts {
  /** `null` when none has been verified. */
  readonly lastVerifiedAt: Date | null
  /** How old it may be before that is worth a warning. */
  readonly maxAgeMs: number
  /** Why the last one failed, as a sentence; `null` when it did not. */
  readonly error: string | null
  /** `null` where there is to be none. */
  readonly archive: ArchiveFacts | null
}

export interface ArchiveFacts {
  /** Whether what is committed can be restored to, once it is stored. */
  readonly archiving: boolean
  /** Why it is not; `null` while it is, and before the first backup. */
  readonly endedBecause: string | null
  /** Which process does it instead. */
  readonly elsewhere: string | null
  /** What waits to be stored (bytes), what may wait, and how long the oldest of it has waited (ms); `null`: nothing waits. */
  readonly backlogBytes: number
  readonly maxBacklogBytes: number
  readonly oldestMs: number | null
  /** Why nothing is stored, as a sentence; `null` when it is. */
  readonly error: string | null
}

/** What need not be asked for; `null` where there is nothing to know. */
export interface HealthKnowledge {
  readonly loop: LoopFacts | null
  readonly integrity: IntegrityFacts | null
  /** `null` where no backups are configured. */
  readonly backup: BackupFacts | null
  /** How the database differs from the generated types; `null` without them. */
  readonly drift: readonly string[] | null
}

export interface HealthFacts extends HealthKnowledge {
  readonly now: Date
  readonly settings: HealthSettings
  /** `null` inside when the database is not open. */
  readonly stats: Observed<EngineStats | null>
  readonly answer: Observed<null> | Pending
  /** `null` when there is no disk to look at. */
  readonly disk: Observed<DiskSpace> | Pending | null
  /** `null` when there is no file to look at, and inside where the system does not tell. */
  readonly descriptors: Observed<DescriptorFacts | null> | null
}

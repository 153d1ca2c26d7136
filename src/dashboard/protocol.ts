/**
 * What the dashboard's page and its server say to each other. All paths are relative to where it is mounted:
 *
 *     GET  ./               the page; its files under ./assets/
 *     GET  ./api/overview   Overview: all that the page shows, histories included
 *     GET  ./api/events     server-sent events: `tick` with a Tick each second; ask for the overview again after
 *                           reconnecting, and when a tick is of another session. When the database is closed the stream
 *                           ends, after a tick that says so; asked again, it goes on to say so
 *     GET  ./api/schema     SchemaSize[]: tables with their sizes, asked for when that panel opens
 *     GET  ./api/statements/ID   StatementDetail
 *     POST ./api/actions/NAME    ActionResult; only with `allowActions`, with the header `noormme-action: confirm`
 *     GET  ./metrics        Prometheus text
 *     GET  ./health/live · ./health/ready    200 or 503
 *
 *     POST ./login          a form with `token`: 303 to the page with a session cookie; 401 with the form again
 *     POST ./logout         303 to the page, the session ended
 *
 * Without a session, where one is needed, the page is the form for the token, and everything else is 401.
 * Errors are `{ error: { code, message } }` with a fitting status. No answer carries a bound value or an absolute path.
 */

import type { Recommendation } from '../advice/types.ts'
import type {
  MetricsHistory,
  MetricsPoint,
  NPlusOneSuspect,
  PerformanceMetrics,
  SlowStatement,
  StatementMetrics,
} from '../engine/metrics/types.ts'
import type { ConnectionState, Pin } from '../engine/types.ts'
import type { HealthCheck, HealthReport } from '../health/types.ts'

/** A connection as it is now. */
export interface ConnectionRow {
  readonly label: string
  readonly state: ConnectionState
  /** What it runs, literals replaced; `null` when it runs nothing. */
  readonly sql: string | null
  readonly sqlAgeMs: number | null
  readonly pageCacheHitRatio: number | null
  readonly pageCacheBytes: number | null
  /** Settings as SQLite reported them. */
  readonly pragmas: Readonly<Record<string, string | number | boolean | null>>
}

export interface LogNow {
  readonly bytes: number
  readonly usedBytes: number
  readonly copiedBytes: number
  /** `null` when no limit is kept. */
  readonly limitBytes: number | null
  /** Connections of ours with an open read transaction, the oldest first. */
  readonly pins: readonly Pin[]
  /** Other processes and programs that hold the file, as far as the system tells. */
  readonly others: readonly string[]
  readonly lastCheckpoint: {
    readonly mode: string
    readonly result: string
    readonly ms: number
    readonly pinnedBy: readonly string[]
    readonly ageMs: number
  } | null
}

export interface DatabaseFacts {
  /**
   * `inside`: told by the process that runs it. `outside`: looked at as a file, whoever runs it. Then of `metrics` and
   * of points only the log's bytes, `commits` and `checkpointRestarts` are known, and the rest is 0 or `null`.
   */
  readonly seen: 'inside' | 'outside'
  /** What cannot be told here and why, a sentence each; empty when everything is. */
  readonly missing: readonly string[]
  readonly open: boolean
  /** File name without its folder. */
  readonly name: string
  readonly sizeBytes: number | null
  readonly pageSize: number | null
  readonly sqliteVersion: string | null
  readonly noormmeVersion: string
  readonly journalMode: string | null
  readonly synchronous: string | null
  readonly native: { readonly loaded: boolean; readonly reason: string | null } | null
  readonly readOnly: boolean
  /** ISO 8601, UTC; `null` while closed. */
  readonly openSince: string | null
  /** Changes with every opening: a page that sees another one asks for everything again. */
  readonly session: string
}

export interface HealthNow {
  readonly status: HealthReport['status']
  readonly checks: readonly HealthCheck[]
  readonly at: string
}

/** Of each backup kept. `null` where no backups are configured. */
export interface BackupsNow {
  readonly lastAt: string | null
  readonly lastVerifiedAt: string | null
  readonly count: number
  readonly bytes: number
  readonly target: string
  /** What can be restored to, commit by commit: ISO 8601; `null` without an archive. */
  readonly window: { readonly from: string; readonly to: string } | null
  readonly backlogBytes: number
  readonly running: string | null
  readonly error: string | null
  readonly snapshots: readonly {
    readonly id: string
    readonly at: string
    readonly bytes: number
    readonly verified: boolean
  }[]
}

export interface Overview {
  readonly database: DatabaseFacts
  readonly health: HealthNow
  readonly metrics: PerformanceMetrics
  readonly histories: readonly MetricsHistory[]
  readonly connections: readonly ConnectionRow[]
  readonly log: LogNow | null
  readonly recommendations: readonly Recommendation[]
  readonly backups: BackupsNow | null
  /** What may be done from the page; empty without `allowActions`. */
  readonly actions: readonly ActionName[]
}

/** What changes each second. */
export interface Tick {
  readonly session: string
  readonly point: MetricsPoint
  /** The newest point of the minutes, when one has just ended. */
  readonly minute: MetricsPoint | null
  readonly health: HealthNow
  readonly connections: readonly ConnectionRow[]
  readonly log: LogNow | null
  readonly sizeBytes: number | null
  readonly topStatements: readonly StatementMetrics[]
  readonly slowStatements: readonly SlowStatement[]
  readonly nPlusOne: readonly NPlusOneSuspect[]
  readonly metrics: Omit<PerformanceMetrics, 'topStatements' | 'slowStatements' | 'nPlusOne'>
  /** What has changed in the schema since the tick before, a sentence each: ask for it again. */
  readonly schemaChanges: readonly string[]
  readonly backups: BackupsNow | null
}

export interface SchemaSize {
  readonly table: string
  readonly kind: 'table' | 'view' | 'virtual'
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly key: boolean
    readonly notNull: boolean
  }[]
  /** Estimated from SQLite's statistics; `null` where there are none. */
  readonly rows: number | null
  /** Table and indexes together, from `dbstat`; `null` where it is not built in or would take too long. */
  readonly bytes: number | null
  readonly indexes: readonly {
    readonly name: string
    readonly columns: readonly string[]
    readonly unique: boolean
    readonly bytes: number | null
  }[]
}

export interface StatementDetail {
  readonly statement: StatementMetrics
  /** `EXPLAIN QUERY PLAN` as indented lines; `null` where it cannot be had. */
  readonly plan: readonly string[] | null
  readonly slow: readonly SlowStatement[]
}

export type ActionName = 'checkpoint' | 'optimize' | 'backup'

export interface ActionResult {
  readonly ok: boolean
  /** What it came to, as a sentence. */
  readonly detail: string
}

/** What can be listened to with `db.on()`. No event carries a bound value. */
import type { BackupEvent } from '../engine/backup/event-types.ts'
import type { CheckpointOutcome } from '../engine/types.ts'
import type { SchemaChange } from '../schema/diff.ts'
import type { SchemaInfo } from '../schema/types.ts'

/** A statement that has been answered, or has failed. */
export interface QueryEvent {
  /** As it was sent, with `?` for bound values. */
  readonly sql: string
  readonly kind: 'read' | 'write'
  /** From the call to its answer (ms). Of a stream: what it was waited for, without the work of the loop over it. */
  readonly duration: number
  /**
   * How long SQLite itself took (ms); `null` where that is not known or nothing was run: for a stream, a statement that
   * failed, and a read that was answered with a kept result.
   */
  readonly running: number | null
  /**
   * The rest of `duration` (ms): queues, locks, the way between threads, and for a write the commit that it shares. The
   * statements of a batch share it. `null` where `running` is.
   */
  readonly waited: number | null
  /** Rows that it returned. */
  readonly rows: number
  /** Rows that it inserted, updated or deleted. */
  readonly changes: number
  /** `inline`, `writer`, `reader-1`, …; `null` where `running` is. */
  readonly connection: string | null
  /** What it was part of. */
  readonly scope: 'transaction' | 'snapshot' | null
  /** Code of the error that it failed with, or `null`. */
  readonly error: string | null
}

/** A statement that took at least `performance.slowQueryThreshold`. */
export interface SlowQueryEvent extends QueryEvent {
  /** The threshold (ms). */
  readonly threshold: number
  /** Where your code made the call: `at listWorks (file:///app/works.ts:12:9)`; `null` when it is not known. */
  readonly origin: string | null
}

/** One place in the code that sends the same read again and again, each time with another value. */
export interface NPlusOneEvent {
  /** The statement as it was sent last. */
  readonly sql: string
  /** How often so far: `performance.nPlusOneThreshold` at first, then each time it has doubled. */
  readonly count: number
  /** Where your code makes the calls: `at listWorks (file:///app/works.ts:12:9)`. */
  readonly origin: string
  /** What would read all of them at once. */
  readonly suggestion: string
}

/** The schema is another one than when it was read before. */
export interface SchemaChangeEvent {
  /** In order of the tables' names. */
  readonly changes: readonly SchemaChange[]
  /** The schema as it is now. */
  readonly schema: SchemaInfo
}

/** The health is another one than it was when it was looked at before. */
export interface HealthEvent {
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly previous: 'healthy' | 'degraded' | 'unhealthy'
  /** ISO 8601, UTC. */
  readonly timestamp: string
  /** As `healthCheck()` gives them. */
  readonly checks: readonly {
    readonly name: string
    readonly status: 'pass' | 'warn' | 'fail'
    readonly detail: string
    readonly duration: number
  }[]
}

/** Something failed that no call is rejected with. */
export interface ErrorEvent {
  readonly error: Error
  /** What failed: a listener of this event, or the watch over the schema. */
  readonly source: keyof DatabaseEvents | 'schemaWatching'
}

/** Every event by its name. */
export interface DatabaseEvents {
  /** Every statement, after it was answered. */
  readonly query: QueryEvent
  /** A statement that took at least `performance.slowQueryThreshold`. */
  readonly slowQuery: SlowQueryEvent
  /** `performance.nPlusOneThreshold` reads from one place that one query could have done. */
  readonly nPlusOne: NPlusOneEvent
  /** A checkpoint has ended, ours or one that was asked for, but for the last one at close. */
  readonly checkpoint: CheckpointOutcome
  /** The health has changed; looked at each `monitoring.healthInterval` while somebody listens. */
  readonly health: HealthEvent
  /** The schema has changed, and repositories follow it. */
  readonly schemaChange: SchemaChangeEvent
  /** A backup was made, checked, rehearsed or removed, or could not be. */
  readonly backup: BackupEvent
  /** A listener threw, or the schema could not be read. */
  readonly error: ErrorEvent
}

export type EventName = keyof DatabaseEvents

/** Called with each event. What it returns is ignored; a promise is not waited for. */
export type EventListener<Name extends EventName> = (event: DatabaseEvents[Name]) => unknown

/** How the schema is watched. */
export interface WatchOptions {
  /** How often SQLite is asked whether the schema has changed, in milliseconds, 10 to 86,400,000. Default: 1,000. */
  readonly interval?: number
}

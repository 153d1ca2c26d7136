/** What backups are, as callers see them. */
import type { CopyResult, LogPosition } from '../sqlite/copy-types.ts'

/** A backup that is kept. */
export interface Backup {
  readonly id: string
  /** The state that it holds is that of this moment. */
  readonly createdAt: Date
  /** Of the database file. */
  readonly bytes: number
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>
  /** Whether it was whole when it was checked last; each is checked when it is made. */
  readonly ok: boolean
  readonly checkedAt: Date
  /** What the last check found; empty when it is whole. */
  readonly problems: readonly string[]
  /**
   * `transaction`: others wrote all the time, or transactions were rolled back, so that the log could not start again while it
   * was copied.
   */
  readonly method: CopyResult['method']
  readonly sqliteVersion: string
  /** The place in the log that it is equal to; `null` where it could not be told. */
  readonly log: LogPosition | null
}

/** How far a backup, a check or a restore has come. */
export interface BackupProgress {
  /** `copying` the database, `checking` the copy, `storing` it, `reading` it back. */
  readonly phase: 'copying' | 'checking' | 'storing' | 'reading'
  readonly bytes: number
  readonly totalBytes: number
}

export interface JobOptions {
  /** Ends it, leaving nothing behind. */
  readonly signal?: AbortSignal | undefined
  /** Called now and then. What it throws ends the job. */
  readonly onProgress?: ((progress: BackupProgress) => unknown) | undefined
}

export interface CreateOptions extends JobOptions {
  /** The most bytes a second that are copied. Default: `backup.rateLimit`, else as fast as it goes beside the writes. */
  readonly rateLimit?: number | undefined
}

/** How the backups of a database are. */
export interface BackupStatus {
  /** The folder they are kept in; `null` where none are configured. */
  readonly target: string | null
  /** The oldest first; up to a minute old. */
  readonly backups: readonly Backup[]
  /** The job that is under way in this process. */
  readonly running: 'create' | 'verify' | 'drill' | 'prune' | null
  /** When the next one is due; `null` without a schedule, and while the database is closed. */
  readonly next: Date | null
  /** Why the last job failed; `null` when it did not. */
  readonly error: Error | null
}

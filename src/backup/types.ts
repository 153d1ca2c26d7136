/** What backups are, as callers see them. */

import type { BackupEvent } from '../engine/backup/event-types.ts'
import type { CopyResult, LogPosition } from '../sqlite/copy-types.ts'
import type { ArchivePlace } from './archive/plan.ts'

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
  /** Where it stands in the archive, from where every later commit can be reached; `null`: it stands alone. */
  readonly archive: ArchivePlace | null
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

/** How the archive of a database is. */
export interface ArchiveStatus {
  /** Whether what is committed now can be restored to, once it is stored. */
  readonly archiving: boolean
  /** From when on every commit can be restored to, without a gap, and when the last one was made; `null` while nothing is archived. */
  readonly window: { readonly from: Date; readonly to: Date } | null
  /** The last commit that is archived, and when it was made; `null` where there is none yet. */
  readonly commit: number
  readonly time: Date | null
  /** What waits to be stored. */
  readonly backlogBytes: number
  /** Why nothing is archived; `null` while something is, and before the first backup. */
  readonly endedBecause: string | null
  /** Which process archives this database instead; `null`: none does. */
  readonly elsewhere: string | null
  /** Why nothing is stored; `null` when it is. */
  readonly error: Error | null
}

/** How the backups of a database are. */
export interface BackupStatus {
  /** The folder they are kept in; `null` where none are configured. */
  readonly target: string | null
  /** The oldest first; up to a minute old. */
  readonly backups: readonly Backup[]
  /** The job that is under way in this process. */
  readonly running: Exclude<BackupEvent['job'], 'archive'> | null
  /** When the next one is due; `null` without a schedule, and while the database is closed. */
  readonly next: Date | null
  /** Why the last job failed; `null` when it did not. */
  readonly error: Error | null
  /** `null` where nothing is archived: without backups, with `backup.pointInTime: 0`, and while the database is closed. */
  readonly archive: ArchiveStatus | null
}

/** What is known of the archive without asking. */
export interface KnownArchive extends Omit<ArchiveStatus, 'commit' | 'time' | 'error'> {
  /** What may wait to be stored (bytes), and how long the oldest of it has waited (ms); `null`: nothing waits. */
  readonly maxBacklogBytes: number
  readonly oldestMs: number | null
  /** Why nothing is stored, as a sentence; `null` when it is. */
  readonly error: string | null
}

export interface KnownBackups {
  /** When the newest one that is whole was made; `null` when there is none. */
  readonly lastAt: Date | null
  /** When the newest one that is whole was checked last; `null` when there is none. */
  readonly lastVerifiedAt: Date | null
  /** A newest one that is older has been missed (ms); `Infinity` without a schedule. */
  readonly maxAgeMs: number
  /** Why the last job failed; `null` when it did not. */
  readonly error: string | null
  /** `null` where there is to be none. */
  readonly archive: KnownArchive | null
}

/** What is told of a job on backups, to listeners of `backup`. */
export interface BackupEvent {
  readonly job: 'create' | 'verify' | 'drill' | 'prune' | 'archive'
  /** Whether it was done by the schedule. */
  readonly scheduled: boolean
  readonly ok: boolean
  /** Of the backup; `null` where there is none, or several. */
  readonly id: string | null
  /** How long it took (ms). */
  readonly duration: number
  /** Of the backup, or of those removed; `null` when it failed. */
  readonly bytes: number | null
  /** Why it failed; `null` when it did not. */
  readonly error: Error | null
}

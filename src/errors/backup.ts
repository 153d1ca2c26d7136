/** Errors of backups: making, keeping and checking them, and restoring a database from one. */
import { define } from '../error-base.ts'

/** A backup could not be made, checked or restored. What it was made of is as it was. */
export class BackupError extends define<{ readonly reason: string; readonly advice: string }>('NOORMME_BACKUP', {
  message: ({ reason }) => `backup: ${reason}`,
  hint: ({ advice }) => advice,
}) {}

/** The place where backups are kept did not do what it was asked to. `mayPass`: another attempt may succeed. */
export class BackupStoreError extends define<{
  /** As `BackupStore.description` has it; never a credential. */
  readonly store: string
  readonly key: string
  readonly reason: string
  readonly advice: string
  readonly mayPass: boolean
}>('NOORMME_BACKUP_STORE', {
  message: ({ store, key, reason }) => `backup store ${store}${key === '' ? '' : `, ${key}`}: ${reason}`,
  hint: ({ advice }) => advice,
  retryable: ({ mayPass }) => mayPass,
}) {}

/** The last state before what is damaged or missing. */
export interface EarlierPoint {
  readonly commit: number
  readonly time: Date | null
}

const insteadOf = ({ commit, time }: EarlierPoint): string =>
  `The best earlier point is commit ${commit}${time === null ? '' : ` of ${time.toISOString()}`}: restore to that.`

/** There is no backup, or no part of one, under this name. */
export class BackupMissingError extends define<{
  readonly store: string
  readonly name: string
  readonly nearest?: readonly string[]
  readonly earlier?: EarlierPoint
}>('NOORMME_BACKUP_MISSING', {
  message: ({ store, name }) => `backup store ${store} has no ${name}`,
  hint: ({ nearest = [], earlier }) =>
    earlier !== undefined
      ? insteadOf(earlier)
      : nearest.length === 0
        ? 'List what is there: noormme backup list.'
        : `There are: ${nearest.join(', ')}. noormme backup list shows them all.`,
}) {}

/** A backup is not what was stored: bytes are gone or other ones. Do not restore from it. */
export class BackupDamagedError extends define<{
  readonly store: string
  readonly name: string
  readonly reason: string
  readonly earlier?: EarlierPoint
}>('NOORMME_BACKUP_DAMAGED', {
  message: ({ store, name, reason }) => `backup ${name} in ${store} is damaged: ${reason}`,
  hint: ({ earlier }) =>
    earlier === undefined
      ? 'Restore another one (noormme backup list --verify), make a new one now, and check the disk it lay on.'
      : `${insteadOf(earlier)} Make a new backup now, and check the disk that it lay on.`,
}) {}

/** Another backup, check or removal is under way in the same store; one is done at a time. */
export class BackupRunningError extends define<{ readonly store: string; readonly holder?: string | undefined }>(
  'NOORMME_BACKUP_RUNNING',
  {
    message: ({ store, holder }) =>
      `another backup job is under way in ${store}${holder === undefined ? '' : ` (${holder})`}`,
    hint: 'Wait for it; it ends with its process.',
    retryable: true,
  },
) {}

/** The database to be replaced is open in some process, which would go on writing to the old file. Nothing was changed. */
export class FileInUseError extends define<{ readonly path: string; readonly holders: readonly string[] }>(
  'NOORMME_FILE_IN_USE',
  {
    message: ({ path, holders }) =>
      `${path} is open in ${holders.length === 0 ? 'some process' : holders.join(', ')}; it cannot be replaced`,
    hint: 'Close the database there, or restore to another path.',
    retryable: true,
  },
) {}

/** Restoring a database that is closed: for programs, and for the command line. */
import { checkOptions } from './options.ts'
import { POINT, type RestorePoint } from './restore/point.ts'
import type { RestoreReport } from './restore/report.ts'
import { restoreTo } from './restore/restore-backup.ts'
import { openExistingStore } from './store/open-store.ts'
import type { JobOptions } from './types.ts'

export interface RestoreBackupOptions extends JobOptions, RestorePoint {
  /** Where backups are kept, a folder or a bucket: `backup.target`. */
  readonly from: string
  /** The key that they were encrypted with: `backup.encryptionKey`. Default: `NOORMME_BACKUP_KEY`, where it is needed. */
  readonly encryptionKey?: string | undefined
  /** The database file. One that is there is replaced, and kept beside it as `<name>.replaced-<time>`. */
  readonly to: string
  /** Extensions that its indexes need to be checked: as in the configuration. Default: none. */
  readonly extensions?: readonly string[] | undefined
  /** Absolute path or `file:` URL of the `setup` module that they need. Default: none. */
  readonly setup?: string | undefined
}

/**
 * Restores a database file from a backup. Everything is read and checked first; then the file is put in place in one step. A
 * restore that was interrupted at any moment is finished by calling this again.
 *
 * @example
 * const { createdAt, rows, replaced } = await restoreBackup({ from: './backups', to: './data/app.db' })
 * @throws FileInUseError when some process has the database open: nothing has changed then.
 * @throws BackupMissingError, BackupDamagedError, BackupStoreError, AbortedError; the database is as it was.
 */
export async function restoreBackup(options: RestoreBackupOptions): Promise<RestoreReport> {
  const kinds = {
    from: 'text',
    encryptionKey: 'text',
    to: 'text',
    ...POINT,
    extensions: 'list',
    setup: 'text',
  } as const
  checkOptions('restoreBackup', options, { ...kinds, signal: 'signal', onProgress: 'function' }, ['from', 'to'])
  const { from, encryptionKey = process.env.NOORMME_BACKUP_KEY, to, extensions = [], setup = null, ...rest } = options
  const store = await openExistingStore(from, { cwd: process.cwd(), encryptionKey })
  try {
    return await restoreTo(store, to, { ...rest, extensions: { libraries: extensions, setup } })
  } finally {
    await store.close()
  }
}

/** Restoring a database that is closed: for programs, and for the command line. */
import { checkOptions } from './options.ts'
import { POINT, type RestorePoint } from './restore/point.ts'
import type { RestoreReport } from './restore/report.ts'
import { restoreTo } from './restore/restore-backup.ts'
import { FolderStore } from './store/folder-store.ts'
import type { JobOptions } from './types.ts'

export interface RestoreBackupOptions extends JobOptions, RestorePoint {
  /** The folder that backups are kept in: `backup.directory`. */
  readonly from: string
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
  const kinds = { from: 'text', to: 'text', ...POINT, extensions: 'list', setup: 'text' } as const
  checkOptions('restoreBackup', options, { ...kinds, signal: 'signal', onProgress: 'function' }, ['from', 'to'])
  const { from, to, extensions = [], setup = null, ...rest } = options
  return restoreTo(new FolderStore(from), to, { ...rest, extensions: { libraries: extensions, setup } })
}

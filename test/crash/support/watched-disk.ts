/** A watched disk for one test, removed after it. */
import { realpathSync } from 'node:fs'
import { tempFolder } from '../../support/temp-folder.ts'
import { type WatchedDisk, watchedDiskIn } from './watched-disk-in.ts'

export { NO_WATCHED_DISK, type WatchedDisk } from './watched-disk-in.ts'

/** `all`: not only databases are watched but every file, in folders too. */
export function watchedDisk(options: { readonly log: boolean; readonly all?: boolean }): WatchedDisk {
  return watchedDiskIn(realpathSync(tempFolder()), options)
}

/** Opens a database file that belongs to nobody yet, so that its log is taken in. */
import { findNativeBinary } from '../sqlite/native-binary.ts'
import { foldLog } from './archive/fold-log.ts'
import { Channel } from './thread/channel.ts'
import { workerEntry } from './thread/worker-entry.ts'

/**
 * Lets SQLite copy the log beside `path`, which has so many frames, into it.
 *
 * @throws BackupError when it finds others, NotADatabaseError, ConnectionError.
 */
export async function foldLogInto(path: string, frames: number): Promise<void> {
  const entry = workerEntry(import.meta.url.replace(/[^/]+(\.[jt]s)$/, 'engine$1'))
  const settings = {
    enableWALMode: true,
    enableForeignKeys: false,
    cacheSize: null,
    // It is a file that is thrown away when anything fails.
    synchronous: 'OFF',
    tempStore: null,
    busyTimeout: 0,
    mmapSize: null,
    journalSizeLimit: null,
    checkpoint: 'managed',
    pageSize: null,
    autoVacuum: null,
    stablePlans: null,
  } as const
  const extensions = { libraries: [], setup: null }
  const options = {
    label: 'restore',
    role: 'writer',
    path,
    settings,
    extensions,
    mustExist: true,
    place: null,
  } as const
  await foldLog(
    () => new Channel(entry, { ...options, native: findNativeBinary() }, { interrupt: null, onBusyWait: () => {} }),
    frames,
  )
}

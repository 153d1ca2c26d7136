/** A backup as a plain database file: what every restore begins with. */
import { open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BackupDamagedError, BackupError } from '../../errors.ts'
import { makeFolder, syncFolder } from '../../util/durable-files.ts'
import { databaseKey } from '../keys.ts'
import { findManifest } from '../list-snapshots.ts'
import type { Manifest } from '../manifest.ts'
import type { BackupStore } from '../store/types.ts'
import { wholeObject } from '../store/whole-object.ts'
import type { JobOptions } from '../types.ts'
import { wanted } from '../wanted.ts'
import { type Written, writeHashed } from './write-hashed.ts'

/**
 * Writes the database of a backup to a path where nothing is; on the disk, and equal to what was stored, when this resolves.
 *
 * @param id default: the newest.
 * @throws BackupMissingError, BackupDamagedError, BackupStoreError, AbortedError; BackupError when the file cannot be made. Nothing
 *   is left at the path then.
 */
export async function materialise(
  store: BackupStore,
  id: string | undefined,
  path: string,
  options: JobOptions = {},
): Promise<Manifest> {
  const manifest = await findManifest(store, id)
  await makeFolder(dirname(path))
  await download(store, manifest, path, options)
  await syncFolder(dirname(path))
  return manifest
}

/** The same for a manifest that is at hand, in a folder that is there. */
export async function download(
  store: BackupStore,
  { id, bytes: totalBytes, sha256 }: Manifest,
  path: string,
  { signal, onProgress }: JobOptions,
): Promise<void> {
  const file = await open(path, 'wx').catch((cause: Error) => {
    throw new BackupError({ reason: cause.message, advice: 'Restore to a path where nothing is.' }, { cause })
  })
  const onBytes = (bytes: number): void => void onProgress?.({ phase: 'reading', bytes, totalBytes })
  let written: Written
  try {
    written = await wanted(signal, () => writeHashed(wholeObject(store, databaseKey(id), { signal }), file, onBytes))
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw error
  }
  await file.close()
  const { bytes } = written
  if (bytes === totalBytes && written.sha256 === sha256) return
  await rm(path, { force: true })
  const reason =
    bytes === totalBytes ? 'its bytes are not those that were stored' : `${bytes} of ${totalBytes} bytes are there`
  throw new BackupDamagedError({ store: store.description, name: id, reason })
}

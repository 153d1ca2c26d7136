/** Makes a backup: copies, checks, stores, and says last that it is one. The caller holds the store's lock. */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { inspectFile } from '../engine/inspect-file.ts'
import type { Engine, EngineArchive } from '../engine/types.ts'
import { BackupError, CorruptionError, isNoormmeError } from '../errors.ts'
import type { Extensions } from '../sqlite/connection-setup.ts'
import { PACKAGE_VERSION } from '../util/package-version.ts'
import { findPlace } from './archive/find-place.ts'
import { databaseKey, manifestKey, putText } from './keys.ts'
import { type Manifest, writeManifest } from './manifest.ts'
import { newSnapshotId } from './snapshot-id.ts'
import { stage } from './staging.ts'
import type { BackupStore } from './store/types.ts'
import type { CreateOptions, JobOptions } from './types.ts'
import { wanted } from './wanted.ts'

export interface SnapshotSource {
  readonly engine: Pick<Engine, 'copy'>
  /** Of the database file; `:memory:` for one in memory. */
  readonly path: string
  /** What the indexes of the copy may need to be checked. */
  readonly extensions: Extensions
  /** Where it is to have its place. Default: nothing is archived. */
  readonly archive?: EngineArchive | null
}

const CHUNK_BYTES = 2 ** 20

/** A store that is out of reach for some seconds costs no second copy. What has arrived is not sent again. */
const STORE_ATTEMPTS = 5
/** Milliseconds between two of them, times their number. */
const STORE_PAUSE_MS = 1_000

/**
 * @throws CorruptionError when the copy is not whole, because the database is not. AbortedError, DiskFullError,
 *   BackupStoreError. Nothing is listed then.
 */
export async function createSnapshot(
  { engine, path, extensions, archive = null }: SnapshotSource,
  store: BackupStore,
  { rateLimit, signal, onProgress }: CreateOptions,
): Promise<Manifest> {
  const memory = path === ':memory:'
  const staging = await stage(store, memory ? null : path)
  try {
    const place = await findPlace(archive, store)
    const copy = await engine.copy(staging.path, {
      rateLimit,
      signal,
      onProgress: (progress) => onProgress?.({ phase: 'copying', ...progress }),
    })
    const archived = await place.end()
    // Not before: all commits up to its place were made by then.
    const createdAt = new Date()
    const id = newSnapshotId(createdAt)
    const facts = await inspectFile(staging.path, {
      extensions,
      signal,
      onProgress: (progress) => onProgress?.({ phase: 'checking', ...progress }),
    })
    const { problems, bytes, sqliteVersion, ...described } = facts
    if (bytes !== copy.pages * copy.pageBytes) {
      const reason = `the copy has ${bytes} bytes instead of ${copy.pages * copy.pageBytes}`
      throw new BackupError({ reason, advice: 'Check the disk that it was written to, and make the backup again.' })
    }
    if (problems.length > 0) throw new CorruptionError({ reason: `a copy of it is not whole: ${problems.join('; ')}` })

    await storeDatabase(store, databaseKey(id), staging.path, bytes, { signal, onProgress })
    const manifest: Omit<Manifest, 'format'> = {
      id,
      createdAt: createdAt.toISOString(),
      database: memory ? path : basename(path),
      bytes,
      ...described,
      sqliteVersion,
      noormmeVersion: PACKAGE_VERSION,
      method: copy.method,
      restarts: copy.restarts,
      copyMs: Math.round(copy.ms),
      log: copy.position,
      archive: archived,
    }
    await putText(store, manifestKey(id), writeManifest(manifest))
    return { format: 1, ...manifest }
  } finally {
    await staging.remove()
  }
}

async function storeDatabase(
  store: BackupStore,
  key: string,
  path: string,
  totalBytes: number,
  { signal, onProgress }: JobOptions,
): Promise<void> {
  if (store.files !== undefined) return store.files.adopt(key, path)
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let bytes = 0
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      yield chunk as Buffer
      bytes += (chunk as Buffer).length
      onProgress?.({ phase: 'storing', bytes, totalBytes })
    }
  }
  await wanted(signal, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.put(key, chunks(), { bytes: totalBytes, signal })
      } catch (error) {
        if (attempt === STORE_ATTEMPTS || !isNoormmeError(error) || !error.retryable) throw error
        await setTimeout(attempt * STORE_PAUSE_MS, undefined, { signal })
      }
    }
  })
}

/** What backups there are. What has no manifest is none; one whose manifest cannot be read is, and is not whole. */
import { BackupDamagedError, BackupMissingError } from '../errors.ts'
import { assertSnapshotId, checkKey, manifestKey, readText, SNAPSHOTS, snapshotOfKey } from './keys.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { timeOfSnapshot } from './snapshot-id.ts'
import type { BackupStore } from './store/types.ts'
import type { Backup } from './types.ts'

/** The last check of a backup after the one at its making. */
export interface Check {
  readonly checkedAt: string
  readonly problems: readonly string[]
}

/** The oldest first. */
export async function listSnapshots(store: BackupStore): Promise<Backup[]> {
  const backups: Backup[] = []
  for (const id of await snapshotIds(store)) {
    const backup = await readBackup(store, id)
    // Removed meanwhile.
    if (backup !== null) backups.push(backup)
  }
  return backups
}

/** Ids of what has a manifest, the oldest first. */
export async function snapshotIds(store: BackupStore): Promise<string[]> {
  const ids: string[] = []
  for await (const { key } of store.list(SNAPSHOTS)) {
    const id = snapshotOfKey(key)
    if (id !== null && key === manifestKey(id)) ids.push(id)
  }
  return ids
}

/**
 * The manifest of one backup, or of the newest.
 *
 * @throws BackupMissingError with the nearest ids, BackupDamagedError, ValidationError.
 */
export async function findManifest(store: BackupStore, wanted: string | undefined): Promise<Manifest> {
  if (wanted !== undefined) assertSnapshotId(wanted)
  const id = wanted ?? (await snapshotIds(store)).at(-1)
  const text = id === undefined ? null : await readText(store, manifestKey(id))
  if (id !== undefined && text !== null) return readManifest(text, { store: store.description, id })
  const nearest = (await snapshotIds(store)).slice(-3)
  throw new BackupMissingError({ store: store.description, name: wanted ?? 'backup', nearest })
}

async function readBackup(store: BackupStore, id: string): Promise<Backup | null> {
  const text = await readText(store, manifestKey(id))
  if (text === null) return null
  try {
    return toBackup(readManifest(text, { store: store.description, id }), await readCheck(store, id))
  } catch (error) {
    if (!(error instanceof BackupDamagedError)) throw error
    const createdAt = timeOfSnapshot(id) ?? new Date(0)
    const unknown = { bytes: 0, rows: {}, method: 'slices', sqliteVersion: '', log: null, archive: null } as const
    return { id, createdAt, ok: false, checkedAt: new Date(), problems: [error.message], ...unknown }
  }
}

export function toBackup(manifest: Manifest, check: Check | null): Backup {
  const { id, createdAt, bytes, rows, method, sqliteVersion, log, archive } = manifest
  const problems = check?.problems ?? []
  return {
    id,
    createdAt: new Date(createdAt),
    bytes,
    rows,
    ok: problems.length === 0,
    checkedAt: new Date(check?.checkedAt ?? createdAt),
    problems,
    method,
    sqliteVersion,
    log,
    archive,
  }
}

async function readCheck(store: BackupStore, id: string): Promise<Check | null> {
  const text = await readText(store, checkKey(id))
  if (text === null) return null
  try {
    return JSON.parse(text) as Check
  } catch {
    // It was the last word on this backup and cannot be read: the next check says it again.
    return null
  }
}

/** Removes backups that retention does not keep, and what jobs that were killed have left. The caller holds the store's lock. */
import { pruneSegments, readStreams } from './archive/catalogue.ts'
import { neededSnapshots } from './archive/plan.ts'
import { checkKey, databaseKey, manifestKey, SNAPSHOTS, snapshotOfKey } from './keys.ts'
import { listSnapshots } from './list-snapshots.ts'
import { type Retention, toRemove } from './retention.ts'
import { timeOfSnapshot } from './snapshot-id.ts'
import type { BackupStore, StoredObject } from './store/types.ts'

export interface PruneReport {
  /** Ids of backups, the oldest first. */
  readonly removed: readonly string[]
  readonly kept: readonly string[]
  /** What was no backup: parts without a manifest. */
  readonly leftovers: readonly string[]
  readonly freedBytes: number
}

/** What has no manifest may be a backup that is being stored; after so long it is not (ms). */
const LEFTOVER_MS = 86_400_000

export async function prune(
  store: BackupStore,
  { pointInTime = 0, ...retention }: Retention & { readonly pointInTime?: number },
  { now, dryRun }: { readonly now: Date; readonly dryRun: boolean },
): Promise<PruneReport> {
  const backups = await listSnapshots(store)
  const since = new Date(now.getTime() - pointInTime)
  const whole = backups.filter(({ ok }) => ok)
  const needed = neededSnapshots(whole, (await readStreams(store)).streams, since)
  const removed = toRemove(backups, retention).filter((id) => !needed.has(id))
  const objects = await objectsBySnapshot(store)
  const known = new Set(backups.map(({ id }) => id))
  const leftovers = [...objects.keys()].filter((id) => {
    const begun = timeOfSnapshot(id)?.getTime() ?? 0
    return !known.has(id) && now.getTime() - begun > LEFTOVER_MS
  })

  let freedBytes = 0
  for (const id of [...removed, ...leftovers]) {
    const own = objects.get(id) ?? []
    freedBytes += own.reduce((sum, { bytes }) => sum + bytes, 0)
    if (!dryRun) await remove(store, id, own)
  }
  const kept = backups.filter(({ id }) => !removed.includes(id))
  // Whoever does not archive knows nothing of what others need; what no backup stands in leads nowhere.
  const segments = await pruneSegments(store, kept, { since: pointInTime === 0 ? null : since, dryRun })
  if (!dryRun) await store.files?.sweep(LEFTOVER_MS)
  return { removed, kept: kept.map(({ id }) => id), leftovers, freedBytes: freedBytes + segments.bytes }
}

/** Manifest first: from then on it is no backup, whatever becomes of the rest. */
async function remove(store: BackupStore, id: string, objects: readonly StoredObject[]): Promise<void> {
  await store.delete(manifestKey(id))
  const rest = objects.map(({ key }) => key).filter((key) => key !== manifestKey(id) && key !== databaseKey(id))
  for (const key of [...rest, checkKey(id), databaseKey(id)]) await store.delete(key)
}

async function objectsBySnapshot(store: BackupStore): Promise<Map<string, StoredObject[]>> {
  const objects = new Map<string, StoredObject[]>()
  for await (const object of store.list(SNAPSHOTS)) {
    const id = snapshotOfKey(object.key)
    if (id !== null) objects.set(id, [...(objects.get(id) ?? []), object])
  }
  return objects
}

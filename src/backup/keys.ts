/** Where what stands in a target: see DESIGN.md. */
import { BackupMissingError, ValidationError } from '../errors.ts'
import { timeOfSnapshot } from './snapshot-id.ts'
import type { BackupStore } from './store/types.ts'

export const SNAPSHOTS = 'snapshots/'

export const databaseKey = (id: string): string => `${SNAPSHOTS}${id}/database`
export const manifestKey = (id: string): string => `${SNAPSHOTS}${id}/manifest.json`
export const checkKey = (id: string): string => `${SNAPSHOTS}${id}/check.json`

/** The snapshot that a key below `snapshots/` belongs to; `null` for other keys. */
export function snapshotOfKey(key: string): string | null {
  const [folder, id] = key.split('/')
  if (id === undefined || `${folder}/` !== SNAPSHOTS) return null
  return timeOfSnapshot(id) === null ? null : id
}

/** @throws ValidationError for what is no id. */
export function assertSnapshotId(id: unknown): asserts id is string {
  if (typeof id === 'string' && timeOfSnapshot(id) !== null) return
  throw new ValidationError({
    subject: 'the id of a backup',
    reason: 'must look like 20261126T173000123Z-1a2b3c4d',
    advice: 'noormme backup list, or db.backups.list(), shows the ids.',
  })
}

/** The text of an object, which is short. `null` when there is none. */
export async function readText(store: BackupStore, key: string): Promise<string | null> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of store.get(key)) chunks.push(chunk)
  } catch (error) {
    if (error instanceof BackupMissingError) return null
    throw error
  }
  return Buffer.concat(chunks).toString()
}

export async function putText(store: BackupStore, key: string, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  await store.put(key, chunks(), { bytes: bytes.length })
}

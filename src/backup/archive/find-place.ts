/** Finds the place of a snapshot in the archive: what is committed when it is begun, and when it is complete. */
import type { EngineArchive } from '../../engine/types.ts'
import { newSnapshotId } from '../snapshot-id.ts'
import type { BackupStore } from '../store/types.ts'
import type { ArchivePlace } from './plan.ts'
import { listSegments, readEnd } from './segments.ts'

export interface PlaceBegun {
  /** Asked when the copy is complete. `null`: nothing is archived, or there was a gap while it was made. */
  end(): Promise<ArchivePlace | null>
}

/** Begins a stream when there is none. */
export async function findPlace(archive: EngineArchive | null, store: BackupStore): Promise<PlaceBegun> {
  if (archive === null) return { end: async () => null }
  const commit = archive.stats().stream === null ? await lastCommitIn(store) : 0
  const from = await archive.begin(newSnapshotId(new Date()), commit)
  return {
    end: async () => {
      const to = await archive.mark()
      if (from === null || to?.stream !== from.stream) return null
      return { stream: from.stream, from: from.commit, to: to.commit }
    },
  }
}

/** Numbers of commits never come twice in a target, also when the database is a new one. */
async function lastCommitIn(store: BackupStore): Promise<number> {
  const last = (await listSegments(store)).at(-1)
  return last === undefined ? 0 : (await readEnd(store, last)).lastCommit
}

/** How the archive of a database is, from what its parts know. Asks nobody. */
import type { ResolvedConfig } from '../../config/types.ts'
import type { EngineArchive } from '../../engine/types.ts'
import type { ArchiveStatus, Backup, KnownArchive } from '../types.ts'
import type { ArchiveKeeper } from './archive-keeper.ts'

/** @param backups what the target has. */
export function archiveStatus(
  archive: EngineArchive,
  keeper: Pick<ArchiveKeeper, 'error'>,
  backups: readonly Backup[],
): ArchiveStatus {
  const { stream, commit, time, backlogBytes, endedBecause, elsewhere } = archive.stats()
  // A stream without a backup to begin with leads nowhere.
  const first = stream === null ? undefined : backups.find((each) => each.ok && each.archive?.stream === stream)
  const from = first?.createdAt
  const window = from === undefined ? null : { from, to: time === null || time < from ? from : time }
  const { error } = keeper
  return { archiving: window !== null, window, commit, time, backlogBytes, endedBecause, elsewhere, error }
}

/** @param archive `null`: the database is closed, or has no log. */
export function knownArchive(
  { target, pointInTime, maxBacklog }: Pick<ResolvedConfig['backup'], 'target' | 'pointInTime' | 'maxBacklog'>,
  archive: EngineArchive | null,
  keeper: Pick<ArchiveKeeper, 'error' | 'oldestMs'>,
  backups: readonly Backup[],
): KnownArchive | null {
  if (target === null || pointInTime === 0) return null
  const rest = { maxBacklogBytes: maxBacklog, oldestMs: keeper.oldestMs, error: keeper.error?.message ?? null }
  if (archive === null) {
    const endedBecause = 'the database is closed, or not in WAL mode'
    return { archiving: false, window: null, backlogBytes: 0, endedBecause, elsewhere: null, ...rest }
  }
  const { archiving, window, backlogBytes, endedBecause, elsewhere } = archiveStatus(archive, keeper, backups)
  return { archiving, window, backlogBytes, endedBecause, elsewhere, ...rest }
}

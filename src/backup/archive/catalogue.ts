/** What the store has of the archive, and removing what is not needed any more. */
import { readSegment } from '../../engine/archive/read-segment.ts'
import type { BackupStore } from '../store/types.ts'
import { type ArchivedSnapshot, neededFrom, type StoredStream } from './plan.ts'
import { firstReaching, listSegments, readEnd, type StoredSegment } from './segments.ts'

/** A commit that can be restored to. */
export interface ArchivePoint {
  readonly commit: number
  /** When it was made. */
  readonly time: Date
}

export interface Streams {
  readonly streams: readonly StoredStream[]
  readonly segments: ReadonlyMap<string, readonly StoredSegment[]>
  readonly bytes: number
}

/** The streams in the store, the oldest first. */
export async function readStreams(store: BackupStore): Promise<Streams> {
  const segments = Map.groupBy(await listSegments(store), ({ stream }) => stream)
  const streams: StoredStream[] = []
  let bytes = 0
  for (const [stream, own] of segments) {
    const [first, last] = [own[0], own.at(-1)] as [StoredSegment, StoredSegment]
    const end = await readEnd(store, last)
    const { firstCommit } = first === last ? end : await readEnd(store, first)
    streams.push({ stream, firstCommit, lastCommit: end.lastCommit, lastTime: new Date(end.lastTimeMs) })
    for (const segment of own) bytes += segment.bytes
  }
  return { streams, segments, bytes }
}

export interface PointsOptions {
  /** Commits before this one, or before this time. Default: the newest. */
  readonly before?: number | Date | undefined
  /** The most of them. */
  readonly limit: number
}

/** Commits of a stream, the newest first. */
export async function readPoints(
  store: BackupStore,
  segments: readonly StoredSegment[],
  { before, limit }: PointsOptions,
): Promise<ArchivePoint[]> {
  const isBefore = ({ commit, time }: ArchivePoint): boolean =>
    before === undefined || (typeof before === 'number' ? commit < before : time < before)
  const found: ArchivePoint[] = []
  const reached =
    before === undefined
      ? -1
      : await firstReaching(store, segments, ({ lastCommit, lastTimeMs }) =>
          typeof before === 'number' ? lastCommit >= before : lastTimeMs >= before.getTime(),
        )
  for (let at = reached === -1 ? segments.length - 1 : reached; at >= 0 && found.length < limit; at--) {
    const points = await pointsIn(store, segments[at] as StoredSegment)
    found.push(...points.filter(isBefore).reverse())
  }
  return found.slice(0, limit)
}

async function pointsIn(store: BackupStore, { key }: StoredSegment): Promise<ArchivePoint[]> {
  const points: ArchivePoint[] = []
  for await (const { head, firstCommit } of readSegment(store.get(key))) {
    for (const [index, { timeMs }] of head.commits.entries())
      points.push({ commit: firstCommit + index, time: new Date(timeMs) })
  }
  return points
}

/**
 * Removes the segments that lead to no point since `since` from the snapshots that are kept, the oldest first, so that what is left
 * has no hole. The caller holds the store's lock.
 *
 * @returns how many, and their bytes.
 */
export async function pruneSegments(
  store: BackupStore,
  kept: readonly ArchivedSnapshot[],
  since: Date,
): Promise<{ readonly segments: number; readonly bytes: number }> {
  const { streams, segments } = await readStreams(store)
  let removed = 0
  let bytes = 0
  for (const stream of streams) {
    const own = segments.get(stream.stream) ?? []
    const from = neededFrom(kept, stream, since)
    const first = from === null ? -1 : await firstReaching(store, own, ({ lastCommit }) => lastCommit >= from)
    for (const segment of own.slice(0, first === -1 ? own.length : first)) {
      await store.delete(segment.key)
      removed++
      bytes += segment.bytes
    }
  }
  return { segments: removed, bytes }
}

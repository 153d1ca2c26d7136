/** What the store has of the archive, and removing what is not needed any more. */
import type { SegmentEnd } from '../../engine/archive/segment-format.ts'
import type { BackupStore } from '../store/types.ts'
import {
  type ArchivedSnapshot,
  type ArchivePoint,
  type ArchiveWindow,
  neededFrom,
  type PointsOptions,
  type StoredStream,
} from './plan.ts'
import { firstReaching, ignoreDamage, listSegments, readEnd, readStored, type StoredSegment } from './segments.ts'

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
    for (const segment of own) bytes += segment.bytes
    // What is damaged is told by a restore; of what it can be had from, the rest may be whole.
    const first = await firstWhole(store, own)
    const last = await firstWhole(store, own.toReversed())
    if (first === null || last === null) continue
    const { firstCommit } = first
    streams.push({ stream, firstCommit, lastCommit: last.lastCommit, lastTime: new Date(last.lastTimeMs) })
  }
  return { streams, segments, bytes }
}

async function firstWhole(store: BackupStore, segments: readonly StoredSegment[]): Promise<SegmentEnd | null> {
  for (const segment of segments) {
    const end = await readEnd(store, segment).catch(ignoreDamage)
    if (end !== null) return end
  }
  return null
}

const DEFAULT_POINTS = 100

/** Commits within windows, the newest first. */
export async function readPoints(
  store: BackupStore,
  windows: readonly ArchiveWindow[],
  { before, limit = DEFAULT_POINTS }: PointsOptions,
): Promise<ArchivePoint[]> {
  const { segments } = await readStreams(store)
  const found: ArchivePoint[] = []
  for (const { stream, from } of windows.toReversed()) {
    const wanted = ({ commit, time }: ArchivePoint): boolean =>
      commit > from.commit && (before === undefined || (typeof before === 'number' ? commit < before : time < before))
    const missing = limit - found.length
    if (missing > 0)
      found.push(...(await pointsOf(store, segments.get(stream) ?? [], { before, limit: missing, wanted })))
  }
  return found
}

async function pointsOf(
  store: BackupStore,
  segments: readonly StoredSegment[],
  {
    before,
    limit,
    wanted,
  }: PointsOptions & { readonly limit: number; readonly wanted: (point: ArchivePoint) => boolean },
): Promise<ArchivePoint[]> {
  const found: ArchivePoint[] = []
  const reached =
    before === undefined
      ? -1
      : await firstReaching(store, segments, ({ lastCommit, lastTimeMs }) =>
          typeof before === 'number' ? lastCommit >= before : lastTimeMs >= before.getTime(),
        )
  for (let at = reached === -1 ? segments.length - 1 : reached; at >= 0 && found.length < limit; at--) {
    const points = await pointsIn(store, segments[at] as StoredSegment)
    found.push(...points.filter(wanted).reverse())
  }
  return found.slice(0, limit)
}

async function pointsIn(store: BackupStore, { key }: StoredSegment): Promise<ArchivePoint[]> {
  const points: ArchivePoint[] = []
  for await (const { head, firstCommit } of readStored(store, key)) {
    for (const [index, { timeMs }] of head.commits.entries())
      points.push({ commit: firstCommit + index, time: new Date(timeMs) })
  }
  return points
}

/**
 * Removes the segments that lead to no point since `since` (`null`: to no point at all) from the snapshots that are kept, the oldest first, so that what is left
 * has no hole. The caller holds the store's lock.
 *
 * @returns how many, and their bytes.
 */
export async function pruneSegments(
  store: BackupStore,
  kept: readonly ArchivedSnapshot[],
  { since, dryRun }: { readonly since: Date | null; readonly dryRun: boolean },
): Promise<{ readonly segments: number; readonly bytes: number }> {
  const { streams, segments } = await readStreams(store)
  let removed = 0
  let bytes = 0
  for (const [name, own] of segments) {
    const stream = streams.find((each) => each.stream === name)
    for (const segment of own.slice(0, await countUnneeded(store, own, stream, kept, since))) {
      if (!dryRun) await store.delete(segment.key)
      removed++
      bytes += segment.bytes
    }
  }
  return { segments: removed, bytes }
}

/** How many of the first segments of a stream lead nowhere. */
async function countUnneeded(
  store: BackupStore,
  segments: readonly StoredSegment[],
  stream: StoredStream | undefined,
  kept: readonly ArchivedSnapshot[],
  since: Date | null,
): Promise<number> {
  const based = kept.some(({ archive }) => archive?.stream === segments[0]?.stream)
  if (!based) return segments.length
  if (stream === undefined || since === null) return 0
  const from = neededFrom(kept, stream, since)
  if (from === null) return segments.length
  const first = await firstReaching(store, segments, ({ lastCommit }) => lastCommit >= from).catch(ignoreDamage)
  return first === null ? 0 : first === -1 ? segments.length : first
}

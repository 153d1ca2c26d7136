/** Which snapshot a point is reached from, what of the archive can be reached at all, and what of it may go. Pure: facts in, plans out. */

/** Where a snapshot stands in the archive. */
export interface ArchivePlace {
  /** A stream is what was archived without a gap. */
  readonly stream: string
  /** Commits up to this one are surely in the snapshot. */
  readonly from: number
  /** With all up to this one it is a state of the database. */
  readonly to: number
}

/** What the plans need to know of a snapshot. */
export interface ArchivedSnapshot {
  readonly id: string
  readonly createdAt: Date
  readonly archive: ArchivePlace | null
}

/** The state to be restored: the last one there is, that of a time, or that behind a commit. */
export type RestoreTarget = 'newest' | Date | number

/**
 * Snapshots from which a target is reached, the best one first: behind a newer one less is left to be done; an older one of the
 * same stream leads there too. Empty: there is none that is old enough.
 *
 * @param streams what the store has of them.
 */
export function basesFor<Snapshot extends ArchivedSnapshot>(
  snapshots: readonly Snapshot[],
  target: RestoreTarget,
  streams: readonly Pick<StoredStream, 'stream' | 'lastTime'>[] = [],
): Snapshot[] {
  const early = snapshots.filter(({ createdAt, archive }) => {
    if (target === 'newest') return true
    return typeof target === 'number' ? archive !== null && archive.to <= target : createdAt <= target
  })
  const newestFirst = early.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  const archived = newestFirst.find(({ archive }) => archive !== null)
  const last = streams.find(({ stream }) => stream === archived?.archive?.stream)?.lastTime
  const [newest] = newestFirst
  // One that another process has made stands alone; the stream may lead on beyond it.
  const best = newest?.archive === null && last !== undefined && last > newest.createdAt ? archived : newest
  if (best === undefined) return []
  return newestFirst.filter(
    (each) => each === best || (each.archive !== null && each.archive.stream === best.archive?.stream),
  )
}

/** What the store has of a stream. */
export interface StoredStream {
  readonly stream: string
  /** Its segments in order; only the first and the last need be known by their commits. */
  readonly firstCommit: number
  readonly lastCommit: number
  readonly lastTime: Date
}

/** A commit that can be restored to. */
export interface ArchivePoint {
  readonly commit: number
  /** When it was made. */
  readonly time: Date
}

/** Which of them. */
export interface PointsOptions {
  /** Commits before this one, or before this time. Default: the newest. */
  readonly before?: number | Date | undefined
  /** The most of them. Default: 100. */
  readonly limit?: number | undefined
}

/** Of what can be restored commit by commit: without a gap, from one point to another. */
export interface ArchiveWindow {
  readonly stream: string
  readonly from: { readonly commit: number; readonly time: Date }
  readonly to: { readonly commit: number; readonly time: Date }
}

/** The oldest first. */
export function windowsOf(snapshots: readonly ArchivedSnapshot[], streams: readonly StoredStream[]): ArchiveWindow[] {
  return streams.flatMap(({ stream, firstCommit, lastCommit, lastTime }) => {
    const own = ofStream(snapshots, stream).filter(({ archive }) => archive.from + 1 >= firstCommit)
    const [first] = own
    if (first === undefined) return []
    const from = { commit: first.archive.to, time: first.createdAt }
    const to = lastCommit > from.commit ? { commit: lastCommit, time: lastTime } : from
    return [{ stream, from, to }]
  })
}

/**
 * Snapshots that must be kept so that every point since `since` can be reached: of each stream the newest that is older, or
 * the first.
 */
export function neededSnapshots(
  snapshots: readonly ArchivedSnapshot[],
  streams: readonly StoredStream[],
  since: Date,
): Set<string> {
  const needed = new Set<string>()
  for (const { stream, lastTime } of streams) {
    if (!isNeeded(snapshots, { stream, lastTime }, since)) continue
    const own = ofStream(snapshots, stream)
    const base = own.findLast(({ createdAt }) => createdAt <= since) ?? own[0]
    if (base !== undefined) needed.add(base.id)
  }
  return needed
}

/**
 * From which commit on a stream is needed: behind the newest kept snapshot that is older than `since`, or the first; `null`:
 * nothing of it is.
 */
export function neededFrom(
  kept: readonly ArchivedSnapshot[],
  { stream, lastTime }: Pick<StoredStream, 'stream' | 'lastTime'>,
  since: Date,
): number | null {
  const own = ofStream(kept, stream)
  const base = own.findLast(({ createdAt }) => createdAt <= since) ?? own[0]
  return base === undefined || !isNeeded(kept, { stream, lastTime }, since) ? null : base.archive.from + 1
}

/** Whether something in a stream was made since then, or it leads to what the database was then: it need not have changed since. */
function isNeeded(
  snapshots: readonly ArchivedSnapshot[],
  { stream, lastTime }: Pick<StoredStream, 'stream' | 'lastTime'>,
  since: Date,
): boolean {
  return lastTime >= since || basesFor(snapshots, since)[0]?.archive?.stream === stream
}

/** The oldest first. */
function ofStream(
  snapshots: readonly ArchivedSnapshot[],
  stream: string,
): (ArchivedSnapshot & { readonly archive: ArchivePlace })[] {
  return snapshots
    .filter((each): each is ArchivedSnapshot & { archive: ArchivePlace } => each.archive?.stream === stream)
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
}

/**
 * Reads a stream of the archive from one commit on, segment after segment, and believes nothing: each has to follow the one
 * before by number, hash, commits and place in the log, and each is checked byte by byte as it is read.
 */
import { DamagedSegment, type SegmentBlock } from '../../engine/archive/read-segment.ts'
import { NO_SEGMENT, type SegmentEnd } from '../../engine/archive/segment-format.ts'
import type { LogPlace } from '../../engine/thread/log-place.ts'
import { BackupDamagedError, BackupMissingError } from '../../errors.ts'
import { sameSums } from '../../sqlite/wal-format.ts'
import type { BackupStore } from '../store/types.ts'
import {
  damagedSegment,
  firstReaching,
  ignoreDamage,
  listSegments,
  readEnd,
  readStored,
  type StoredSegment,
  segmentKey,
} from './segments.ts'

export interface ReadStreamOptions {
  readonly stream: string
  /** Segments that end before it are left out. */
  readonly fromCommit: number
  readonly signal?: AbortSignal | undefined
}

/** @throws BackupDamagedError at the first segment that is damaged or missing, BackupMissingError when there is none. */
export async function* readStream(store: BackupStore, options: ReadStreamOptions): AsyncGenerator<SegmentBlock, void> {
  const { stream, fromCommit, signal } = options
  const all = await listSegments(store, stream, { signal })
  const first = await firstNeeded(store, all, fromCommit)
  if (first === -1) return
  let before: SegmentEnd | null = null
  for (const segment of all.slice(first)) {
    const number: number = before === null ? segment.number : before.number + 1
    if (segment.number !== number) {
      throw new BackupMissingError({ store: store.description, name: segmentKey(stream, number) })
    }
    before = yield* readOne(store, segment, before, signal)
  }
}

async function firstNeeded(store: BackupStore, all: readonly StoredSegment[], fromCommit: number): Promise<number> {
  const needed = ({ lastCommit }: SegmentEnd): boolean => lastCommit >= fromCommit
  try {
    return await firstReaching(store, all, needed)
  } catch (error) {
    if (!(error instanceof BackupDamagedError)) throw error
  }
  // One that cannot tell where it ends is needed, unless one behind it is not, or begins early enough.
  for (let at = all.length - 1; at >= 0; at--) {
    const end = await readEnd(store, all[at] as StoredSegment).catch(ignoreDamage)
    if (end !== null && !needed(end)) return at + 1 < all.length ? at + 1 : -1
    if (end !== null && end.firstCommit <= fromCommit) return at
  }
  return 0
}

async function* readOne(
  store: BackupStore,
  segment: StoredSegment,
  before: SegmentEnd | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<SegmentBlock, SegmentEnd> {
  const blocks = readStored(store, segment.key, { signal })
  try {
    for (let first = true; ; first = false) {
      const next = await blocks.next()
      if (next.done === true) return next.value
      if (first) assertFollows(next.value, segment, before)
      yield next.value
    }
  } catch (error) {
    throw error instanceof DamagedSegment ? damagedSegment(store, segment.key, error) : error
  } finally {
    await blocks.return(undefined as never)
  }
}

function assertFollows({ header }: SegmentBlock, segment: StoredSegment, before: SegmentEnd | null): void {
  if (header.stream !== segment.stream || header.number !== segment.number) {
    throw new DamagedSegment('it is another segment under this name')
  }
  if (before === null) {
    if (header.number === 1 && header.previousHash !== NO_SEGMENT) throw new DamagedSegment('it is not the first one')
    return
  }
  const follows =
    header.previousHash === before.hash &&
    header.firstCommit === before.lastCommit + 1 &&
    (header.position.salts === null || samePosition(header.position, before.position))
  if (!follows) throw new DamagedSegment('it does not follow the segment before it')
}

function samePosition(a: LogPlace, b: LogPlace): boolean {
  return a.salts === b.salts && a.frame === b.frame && sameSums(a.sums, b.sums)
}

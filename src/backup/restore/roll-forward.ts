/**
 * Takes a database file that was made of a snapshot forward to a later commit. SQLite is given its own frames back as a log and
 * copies them itself; no page is written by us.
 */

import type { SegmentBlock } from '../../engine/archive/read-segment.ts'
import { BackupDamagedError, BackupMissingError } from '../../errors.ts'
import { frameBytesOf } from '../../sqlite/wal-format.ts'
import { readStream } from '../archive/read-stream.ts'
import type { BackupStore } from '../store/types.ts'
import { LogBuilder } from './log-builder.ts'

/** Where in a stream: behind a commit, or behind the last one that was made until then. */
export type StreamTarget = 'newest' | Date | number

export interface RollForwardOptions {
  readonly stream: string
  /** Commits that the file has surely not: those behind this one. */
  readonly fromCommit: number
  /** A commit that the file may have already; it is not a state of the database before all up to it are there. */
  readonly atLeast: number
  readonly to: StreamTarget
  readonly signal?: AbortSignal | undefined
}

/** The commit that a file has been taken to. */
export interface ReachedPoint {
  readonly commit: number
  /** When it was made; `null`: it is that of the snapshot. */
  readonly time: Date | null
  /** Whether the stream ends there. */
  readonly atEnd: boolean
}

type Point = Omit<ReachedPoint, 'atEnd'>

/**
 * @param path A database file that nobody has open, in WAL mode. When this fails it is to be thrown away.
 * @throws BackupDamagedError, BackupMissingError naming the segment, and in `context.earlier` the best point before it.
 */
export async function rollForward(
  store: BackupStore,
  path: string,
  options: RollForwardOptions,
): Promise<ReachedPoint> {
  const builder = new LogBuilder(path)
  let reached: Point = { commit: options.atLeast, time: null }
  let atEnd = true
  try {
    for await (const block of readStream(store, options)) {
      const { frames, lastCommit, point, done } = cut(block, options)
      if (frames > 0) {
        const bytes = frames * frameBytesOf(block.wal)
        await builder.add(block.frames.subarray(0, bytes), block.wal.pageBytes, lastCommit)
      }
      if (point !== null && point.commit >= options.atLeast) reached = point
      if (!done) continue
      atEnd = false
      break
    }
    await builder.fold()
    return { ...reached, atEnd }
  } catch (error) {
    throw withReached(error, reached)
  } finally {
    await builder.close()
  }
}

interface Cut {
  /** How many frames of the block are wanted. */
  readonly frames: number
  /** How many of them end with a commit; 0 when none does. */
  readonly lastCommit: number
  /** The last commit among them. */
  readonly point: Point | null
  /** What follows is not wanted. */
  readonly done: boolean
}

function cut({ head, firstCommit }: SegmentBlock, { to, atLeast }: RollForwardOptions): Cut {
  const wanted = (commit: number, timeMs: number): boolean => {
    if (commit <= atLeast || to === 'newest') return true
    return typeof to === 'number' ? commit <= to : timeMs <= to.getTime()
  }
  let last: Last | null = null
  for (const [index, { frame, timeMs }] of head.commits.entries()) {
    const commit = firstCommit + index
    if (!wanted(commit, timeMs)) return upTo(last)
    last = { frame, point: { commit, time: new Date(timeMs) } }
    if (commit === to) return upTo(last)
  }
  return { frames: head.frames, lastCommit: last?.frame ?? 0, point: last?.point ?? null, done: false }
}

interface Last {
  readonly frame: number
  readonly point: Point
}

function upTo(last: Last | null): Cut {
  const frames = last?.frame ?? 0
  return { frames, lastCommit: frames, point: last?.point ?? null, done: true }
}

/** The same error, with the best point before what is damaged or missing. */
function withReached(error: unknown, earlier: Point): unknown {
  if (error instanceof BackupDamagedError)
    return new BackupDamagedError({ ...error.context, earlier }, { cause: error })
  if (error instanceof BackupMissingError)
    return new BackupMissingError({ ...error.context, earlier }, { cause: error })
  return error
}

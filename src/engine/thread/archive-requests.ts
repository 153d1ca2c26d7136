/** What the archive's thread is asked and answers. */
import type { FinishedSegment } from '../types.ts'
import type { LogPlace } from './log-place.ts'

export type ArchiveRequest =
  /** Goes on with the stream of the process before, if nothing can be missing in between. */
  | { readonly kind: 'resume'; readonly folder: string }
  /** Begins a stream with what is committed from now on; its commits are counted on from `commit` at least. */
  | { readonly kind: 'begin'; readonly folder: string; readonly stream: string; readonly commit: number }
  /** Writes down all that is committed. `finish`: and finishes the segment. */
  | { readonly kind: 'capture'; readonly seen: readonly Seen[]; readonly finish: boolean }
  /** Notes what the file is, if the log is empty: where the next process may go on. */
  | { readonly kind: 'rest' }
  | { readonly kind: 'end'; readonly reason: string }

/** So many frames had been committed at that time (ms since 1970). */
export interface Seen {
  readonly frames: number
  readonly timeMs: number
}

export interface ArchiveReply {
  /** `null`: there is none that goes on. */
  readonly stream: string | null
  /** Number and time of the last commit in it. */
  readonly commit: number
  readonly timeMs: number
  readonly position: LogPlace
  /** Of the segment that is being written. */
  readonly openBytes: number
  readonly finished: readonly FinishedSegment[]
  /** Why the stream has just ended. */
  readonly ended: string | null
  /** Whether the next process may go on from the file as it is now. */
  readonly resting: boolean
}

/** A reader that one caller has for itself. */
import type { Channel } from './channel.ts'

export interface HeldReader {
  readonly channel: Channel
  /** Gives it back, free for the next. Does nothing the second time, nor after `abandon`. */
  readonly release: () => void
  /** Gives it up with a statement still running: the thread finishes that aside and ends, another takes its place. */
  readonly abandon: () => void
}

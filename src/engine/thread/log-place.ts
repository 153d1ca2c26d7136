/** A place in the write-ahead log: behind a frame of one generation of it. */
import type { WalSums } from '../../sqlite/wal-format.ts'

export interface LogPlace {
  /** Salts of the generation, in hex; `null`: in front of the first frame of the next one, whatever its salts. */
  readonly salts: string | null
  /** How many frames of it are behind. */
  readonly frame: number
  /** The sums that the last of them has reached; those of the header where there is none. */
  readonly sums: WalSums
}

/** In front of the first frame of whatever log is written next. */
export const NEXT_LOG: LogPlace = { salts: null, frame: 0, sums: { first: 0, second: 0 } }

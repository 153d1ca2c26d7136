/**
 * What is to be done about the write-ahead log: facts in, decision out.
 *
 *     0 ── 1/16 ─────────── 1/4 ──────────────── 3/4 ──── 7/8 ── walLimit
 *          │                │                    │        └ writes wait until it has been restarted
 *          │                │                    └ readers that have been open for long are ended
 *          │                └ a gap between two writes: the rest is copied, readers drain, the log starts again
 *          └ copied into the file beside the writes, again for each 1/16 that is added
 *
 * Copying keeps a gap short; only a gap makes the log start again at its beginning, because SQLite restarts it when
 * everything is copied and nobody reads from it (https://sqlite.org/wal.html#avoiding_excessively_large_wal_files). A
 * gap that a reader would outlast is not tried before writes would have to wait anyway.
 */

/** Shares of the limit. */
const COPY_AT = 1 / 16
const RESTART_AT = 1 / 4
const EXPIRE_AT = 3 / 4
const HOLD_AT = 7 / 8
/** What is under way when writes begin to wait must still fit: some milliseconds of writing (bytes). */
const LEAST_ROOM = 2 ** 20

/** The most that a gap holds up writes (ms). */
export const GAP_MS = 250
/** Readers that have been open for longer are ended when the log nears its limit (ms). */
export const OLD_READER_MS = 5_000
/** Copying that a reader stopped half-way is tried again after this (ms). */
const AGAIN_MS = 1_000
/** Without a commit for so long the rest is copied (ms). */
const IDLE_COPY_MS = 1_000
/** Without a commit for so long the log gives its disk space back (ms). */
const IDLE_TRUNCATE_MS = 60_000

/** The last attempt of a kind: how long ago (ms), and by how much the log has grown since. */
export interface Attempt {
  readonly agoMs: number
  readonly grownBytes: number
}

export interface LogFacts {
  readonly limitBytes: number
  /** Bytes that the next commit would be written behind. */
  readonly usedBytes: number
  /** How many of them are not in the file yet. */
  readonly pendingBytes: number
  /** Size of the log on the disk, used or not. */
  readonly fileBytes: number
  readonly copied: Attempt
  readonly restarted: Attempt
  /** How long ago the log changed last (ms), whoever wrote. */
  readonly idleMs: number
  /** How long the oldest of our readers has been open (ms); 0 when none is. */
  readonly oldestReaderMs: number
}

export type Step = 'nothing' | 'copy' | 'restart' | 'truncate'

export function decide(facts: LogFacts): Step {
  const { limitBytes, usedBytes, pendingBytes, fileBytes, idleMs } = facts
  if (holdsWrites(facts)) return 'restart'

  const share = usedBytes / limitBytes
  const short = facts.oldestReaderMs < GAP_MS
  // While much is pending it is copied first, unless copying does not keep up with the writes.
  const copiedEnough = pendingBytes < limitBytes * COPY_AT || share >= 2 * RESTART_AT
  // A gap tried in vain has held up writes for nothing, so the next one waits until the log has grown.
  const grown = ({ grownBytes }: Attempt): boolean => grownBytes >= limitBytes * COPY_AT
  if (share >= RESTART_AT && copiedEnough && short && grown(facts.restarted)) return 'restart'
  const copyAgain = grown(facts.copied) || facts.copied.agoMs >= AGAIN_MS
  if (pendingBytes >= limitBytes * COPY_AT && copyAgain) return 'copy'

  if (idleMs >= IDLE_TRUNCATE_MS && fileBytes > 0 && facts.restarted.agoMs >= IDLE_TRUNCATE_MS) return 'truncate'
  if (idleMs >= IDLE_COPY_MS && pendingBytes > 0 && facts.copied.agoMs >= AGAIN_MS) return 'copy'
  return 'nothing'
}

/** Whether writes have to wait for the log. */
export function holdsWrites({ usedBytes, limitBytes }: Pick<LogFacts, 'usedBytes' | 'limitBytes'>): boolean {
  return usedBytes >= Math.min(limitBytes * HOLD_AT, limitBytes - LEAST_ROOM)
}

/** Whether readers that have been open for long have to end. */
export function endsOldReaders({ usedBytes, limitBytes }: Pick<LogFacts, 'usedBytes' | 'limitBytes'>): boolean {
  return usedBytes >= limitBytes * EXPIRE_AT
}

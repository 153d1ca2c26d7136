/**
 * The archive's part that runs on its thread: keeps the log readable, reads what is committed, writes it into the spool.
 *
 *     idle ──resume, begin──▶ streaming ──the log or the spool fails, end──▶ idle
 *
 * idle       holds nothing, so the log may start again as if there were no archive
 * streaming  a hold on the log is there at every moment (`sqlite/log-hold.ts`), and all that was committed before it was
 *            taken is in the spool: no frame can be missed
 */
import { statSync } from 'node:fs'
import type { LogHold } from '../../sqlite/log-hold.ts'
import { attempt, toError } from '../../util/attempt.ts'
import type { ArchiveReply, ArchiveRequest, Seen } from '../thread/archive-requests.ts'
import { NEXT_LOG } from '../thread/log-place.ts'
import type { FinishedSegment } from '../types.ts'
import { LogGap, type LogHead, LogReader } from './log-reader.ts'
import { Spool } from './spool.ts'
import { type FileStamp, readSpoolState } from './spool-state.ts'

/** A segment is finished when it has grown to so much (bytes). */
const SEGMENT_BYTES = 4 * 2 ** 20
/**
 * A file's time must be so old (ms) to tell it from one that is written to later: the clock of a file system moves in
 * steps, of 10 ms on Linux at most.
 */
const STEADY_MS = 30
/** A log that is written to all the time is looked at so often; then the next attempt finds it. */
const MAX_LOOKS = 100

export interface CaptureOptions {
  readonly path: string
  readonly hold: () => LogHold
  /** Frames of the log up to its last commit; `null` when it cannot be told now. */
  readonly frames: () => number | null
}

export class Capture {
  readonly #options: CaptureOptions
  readonly #reader: LogReader
  #hold: LogHold | null = null
  #spool: Spool | null = null
  #finished: FinishedSegment[] = []

  constructor(options: CaptureOptions) {
    this.#options = options
    this.#reader = new LogReader(options.path)
  }

  answer(request: ArchiveRequest): ArchiveReply {
    try {
      const resting = this.#do(request)
      return this.#reply({ ended: request.kind === 'end' ? request.reason : null, resting })
    } catch (error) {
      const reason = toError(error).message
      this.#end(reason)
      return this.#reply({ ended: reason, resting: false })
    }
  }

  /** Leaves the spool as it is, for the next life. */
  close(): void {
    this.#spool?.close()
    this.#spool = null
    this.#release()
  }

  #do(request: ArchiveRequest): boolean {
    switch (request.kind) {
      case 'resume':
        this.#resume(request.folder)
        return false
      case 'begin':
        this.#begin(request)
        return false
      case 'capture':
        this.#capture(request.seen, request.finish)
        return false
      case 'rest':
        return this.#rest()
      case 'end':
        this.#end(request.reason)
        return false
      default:
        return request satisfies never
    }
  }

  /** The hold comes first: what is found under it stays. */
  #resume(folder: string): void {
    const spool = Spool.resume(folder)
    if (spool === null) return
    this.#spool = spool
    this.#take()
    const { rest, position } = spool
    const { head, frames } = this.#look()
    // Whatever was copied into the file since would have changed it; what was not is in the log, whoever wrote it.
    const untouched = rest !== null && sameStamp(rest, stampOf(this.#options.path))
    const goesOn = head !== null && frames >= position.frame && this.#reader.has(head, position)
    if (!untouched && (rest !== null || !goesOn))
      throw new LogGap('the database was written to while it was not archived')
  }

  #begin({ folder, stream, commit }: Extract<ArchiveRequest, { kind: 'begin' }>): void {
    if (this.#spool !== null) return
    this.#take()
    const { head, frames } = this.#look()
    const position = head === null ? NEXT_LOG : this.#reader.positionAt(head, frames)
    const counted = Math.max(commit, readSpoolState(folder)?.commit ?? 0)
    this.#spool = Spool.begin(folder, { stream, commit: counted, position })
    this.#hold?.settle()
  }

  #capture(seen: readonly Seen[], finish: boolean): void {
    const spool = this.#spool
    if (spool === null) return
    this.#take()
    const { head, frames } = this.#look()
    if (head !== null && frames > 0) this.#add(spool, head, frames, seen)
    this.#hold?.settle()
    if (finish || spool.openBytes >= SEGMENT_BYTES) this.#finish(spool)
  }

  #add(spool: Spool, head: LogHead, frames: number, seen: readonly Seen[]): void {
    const { position } = spool
    if (head.header.salts === position.salts && frames < position.frame) throw new LogGap('the log was cut')
    const timeOf = timesFrom(seen, { frames, notBefore: spool.timeMs, nowMs: Date.now() })
    for (const addition of this.#reader.read(head, position, frames, timeOf)) spool.add(addition)
  }

  /** The log cannot start again between the two looks at its beginning, so the number of frames is of that log. */
  #look(): { readonly head: LogHead | null; readonly frames: number } {
    for (let attempt = 0; attempt < MAX_LOOKS; attempt++) {
      const before = this.#reader.head()
      const frames = this.#options.frames()
      const after = this.#reader.head()
      if (frames !== null && before?.header.salts === after?.header.salts) return { head: after, frames }
    }
    throw new LogGap('the log could not be looked at')
  }

  /** @returns whether the next process may go on from the file as it is now. */
  #rest(): boolean {
    const spool = this.#spool
    if (spool === null) return false
    if (this.#look().frames > 0) return false
    this.#finish(spool)
    if (spool.openBytes > 0) return false
    // Under the hold nothing is copied into the file, so this is what it stays; unless frames have come meanwhile.
    const stamp = stampOf(this.#options.path)
    if (stamp === null || !isSteady(stamp) || this.#look().frames > 0) return false
    spool.restAt(stamp)
    return true
  }

  #finish(spool: Spool): void {
    const finished = spool.finish()
    if (finished !== null) this.#finished.push(finished)
  }

  #end(reason: string): void {
    const spool = this.#spool
    this.#spool = null
    this.#release()
    if (spool === null) return
    // What has been written down is good; where there is no space even for that, it is given up. A state that cannot be written
    // is that of an earlier moment, from which the log will be found not to go on.
    attempt(() => this.#finish(spool))
    attempt(() => spool.end(reason))
  }

  #take(): void {
    this.#hold ??= this.#options.hold()
    this.#hold.take()
  }

  #release(): void {
    this.#hold?.close()
    this.#hold = null
    this.#reader.close()
  }

  #reply({ ended, resting }: Pick<ArchiveReply, 'ended' | 'resting'>): ArchiveReply {
    const spool = this.#spool
    const finished = this.#finished
    this.#finished = []
    return {
      stream: spool?.stream ?? null,
      commit: spool?.commit ?? 0,
      timeMs: spool?.timeMs ?? 0,
      position: spool?.position ?? NEXT_LOG,
      openBytes: spool?.openBytes ?? 0,
      finished,
      ended,
      resting,
    }
  }
}

/**
 * When the commit that ends with a frame was seen first. Never before it was made, and never before the commit in front of it,
 * also when the clock is set back.
 */
export function timesFrom(
  seen: readonly Seen[],
  { frames, notBefore, nowMs }: { readonly frames: number; readonly notBefore: number; readonly nowMs: number },
): (frame: number) => number {
  // Of an earlier log are those before the last that has fewer frames, and all when one has more than there are.
  const since = seen.findLastIndex((each, index) => each.frames < (seen[index - 1]?.frames ?? 0))
  const run = seen.slice(Math.max(since, 0))
  const known = run.some((each) => each.frames > frames) ? [] : run
  let next = 0
  let last = notBefore
  return (frame) => {
    while (next < known.length && (known[next]?.frames ?? 0) < frame) next++
    last = Math.max(last, known[next]?.timeMs ?? nowMs)
    return last
  }
}

/** What a file is now; `stat` opens nothing. `null` when there is none. */
function stampOf(path: string): FileStamp | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return null
  return {
    inode: `${stat.dev}:${stat.ino}`,
    bytes: Number(stat.size),
    modified: String(stat.mtimeNs),
    changed: String(stat.ctimeNs),
  }
}

function sameStamp(a: FileStamp, b: FileStamp | null): boolean {
  return (
    b !== null && a.inode === b.inode && a.bytes === b.bytes && a.modified === b.modified && a.changed === b.changed
  )
}

/** A time in whole seconds is one of a file system that knows no others: it would hide what is written in that second. */
function isSteady({ modified, changed }: FileStamp): boolean {
  return [modified, changed].every((time) => {
    const nanoseconds = BigInt(time)
    const ageMs = Date.now() - Number(nanoseconds / 1_000_000n)
    return nanoseconds % 1_000_000_000n !== 0n && ageMs >= STEADY_MS
  })
}

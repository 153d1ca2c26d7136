/**
 * Keeps the write-ahead log within its limit. Looks at the log between two pieces of the writer's work, and now and then
 * while nothing is written; what is to be done is the policy's word.
 *
 *     resting ──copy──▶ copying: PASSIVE on the maintenance thread, beside the writes ──▶ resting
 *        │ ──restart──▶ restarting: a gap in front of the writer's queue, RESTART on its connection ──▶ resting
 *        └──truncate──▶ restarting, with TRUNCATE
 *
 * Copying and restarting may overlap: the restart waits for the copy. Writes wait for the log simply by standing behind
 * a gap that is put in front of them again and again; those that have waited for as long as they may for other
 * processes are refused by name. A timer runs only while there is something left to copy or to give back.
 */
import { LogFullError } from '../../errors.ts'
import type { CheckpointMode, CheckpointNumbers, LogState } from '../../sqlite/checkpoint-types.ts'
import { toError } from '../../util/attempt.ts'
import type { CheckpointOutcome, LogStats, Pin } from '../types.ts'
import { describeOutcome, describePins, type Pins } from './outcome.ts'
import { type Attempt, decide, endsOldReaders, GAP_MS, holdsWrites, type LogFacts, OLD_READER_MS } from './policy.ts'

/** A look costs some six microseconds; this keeps what is written between two of them small (ms). */
const LOOK_EVERY_MS = 1
/** How often the log is looked at while nothing is written (ms). */
const IDLE_LOOK_MS = 1_000
/** What a frame has beside its page: https://sqlite.org/walformat.html */
const FRAME_HEADER_BYTES = 24

export interface CheckpointerOptions {
  /** Otherwise nothing is done by itself: SQLite or another program decides. */
  readonly managed: boolean
  readonly limitBytes: number
  /** Whether the limit is given up for the moment, because something has to read for as long as it takes. */
  readonly lifted: () => boolean
  readonly pageBytes: number
  /** The log now; `null` when it cannot be told. */
  readonly look: () => LogState | null
  /** Its size on the disk. */
  readonly fileBytes: () => number
  /** Copies beside the writes. */
  readonly copy: () => Promise<CheckpointNumbers>
  /**
   * Runs a checkpoint as the writer's next piece of work, waiting for readers for so long. `settled` is called before
   * the piece behind it is begun.
   */
  readonly onWriter: (
    mode: CheckpointMode,
    waitMs: number,
    settled: (outcome: CheckpointNumbers | Error) => void,
  ) => void
  /** Readers of this process with an open read transaction, and those of others. */
  readonly pins: () => Pins
  /** The first of these alone, which are asked for at every look. */
  readonly ownReaders: () => readonly Pin[]
  /** Ends readers that have been open for longer, where that can be done. */
  readonly expireReaders: (olderThanMs: number) => void
  /** Refuses the queued work that has waited for as long as it may. */
  readonly refuseOverdue: (reason: () => Error) => void
  /** Whoever wants to know what each came to; must not throw. */
  readonly onOutcome: (outcome: CheckpointOutcome) => void
}

/** When something was tried last, and how large the log was. */
interface Mark {
  atMs: number
  usedBytes: number
}

export class Checkpointer {
  readonly #options: CheckpointerOptions
  #lookedAtMs = 0
  #log: LogState = { frames: 0, copied: 0 }
  #changedAtMs = performance.now()
  /** Frames of a log that is to start again with the next commit; they are no burden any more. */
  #spentFrames: number | null = null
  readonly #copied: Mark = { atMs: 0, usedBytes: 0 }
  readonly #restarted: Mark = { atMs: performance.now(), usedBytes: 0 }
  #copying = false
  #restarting = false
  #timer: NodeJS.Timeout | null = null
  #closed = false
  #last: CheckpointOutcome | null = null
  #lastAtMs = 0
  /** Why the last one failed; `null` when it did not. */
  #error: string | null = null
  #inARow = 0
  #copies = 0
  #restarts = 0
  #unfinished = 0

  constructor(options: CheckpointerOptions) {
    this.#options = options
  }

  stats(): LogStats {
    const { managed, limitBytes, lifted, look } = this.#options
    const { frames, copied } = (this.#closed ? null : look()) ?? this.#log
    const checkpoints = {
      copies: this.#copies,
      restarts: this.#restarts,
      unfinished: this.#unfinished,
      unfinishedInARow: this.#inARow,
      last: this.#last,
      lastAgeMs: this.#lastAtMs === 0 ? null : performance.now() - this.#lastAtMs,
      error: this.#error,
    }
    const pins = [...this.#options.ownReaders()].sort((a, b) => b.ageMs - a.ageMs)
    return { limitBytes: managed && !lifted() ? limitBytes : null, frames, copied, pins, checkpoints }
  }

  /** Between two pieces of the writer's work; what it wants done first stands in front of the queue afterwards. */
  beforeWork(): void {
    if (this.#closed || this.#restarting || !this.#options.managed) return
    const now = performance.now()
    if (now - this.#lookedAtMs < LOOK_EVERY_MS && !holdsWrites(this.#burden())) return
    this.#act(now)
  }

  /** Runs a checkpoint because somebody asks for it. */
  async run(mode: CheckpointMode, waitMs: number): Promise<CheckpointOutcome> {
    return mode === 'PASSIVE' ? this.#copy() : this.#restart(mode, waitMs)
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #act(now: number): void {
    this.#look(now)
    const facts = this.#facts(now)
    if (endsOldReaders(facts)) this.#options.expireReaders(OLD_READER_MS)
    if (holdsWrites(facts)) this.#options.refuseOverdue(() => this.#fullError())

    const step = decide(facts)
    // Nobody asked for it, so nobody is rejected; it is counted, and a disk that fails here fails the next commit as well.
    if (step === 'copy' && !this.#copying) this.#copy().catch(() => {})
    if (step === 'restart') this.#restart('RESTART', GAP_MS).catch(() => {})
    if (step === 'truncate') this.#restart('TRUNCATE', 0).catch(() => {})
    this.#keepLooking(facts)
  }

  /** Looks again while nothing is written, as long as something is left to be done. */
  #keepLooking({ pendingBytes, fileBytes }: LogFacts): void {
    if (this.#timer !== null || (pendingBytes === 0 && fileBytes === 0)) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (!this.#closed && !this.#restarting) this.#act(performance.now())
      else if (!this.#closed) this.#keepLooking(this.#facts(performance.now()))
    }, IDLE_LOOK_MS).unref()
  }

  #look(now: number): void {
    this.#lookedAtMs = now
    const log = this.#options.look()
    if (log === null) return
    if (log.frames !== this.#log.frames) this.#changedAtMs = now
    if (log.frames < this.#log.frames) this.#forgetMarks()
    if (log.frames !== this.#spentFrames || log.copied !== log.frames) this.#spentFrames = null
    this.#log = log
  }

  /** The log has started again: what it had grown to no longer counts. */
  #forgetMarks(): void {
    this.#copied.usedBytes = 0
    this.#restarted.usedBytes = 0
  }

  #burden(): { readonly limitBytes: number; readonly usedBytes: number; readonly pendingBytes: number } {
    const { pageBytes, lifted } = this.#options
    const limitBytes = lifted() ? Number.POSITIVE_INFINITY : this.#options.limitBytes
    const { frames, copied } = this.#log
    const spent = this.#spentFrames === frames
    const frameBytes = pageBytes + FRAME_HEADER_BYTES
    return {
      limitBytes,
      usedBytes: spent ? 0 : frames * frameBytes,
      pendingBytes: spent ? 0 : (frames - copied) * frameBytes,
    }
  }

  #facts(now: number): LogFacts {
    const burden = this.#burden()
    const attempt = ({ atMs, usedBytes }: Mark): Attempt => ({
      agoMs: now - atMs,
      grownBytes: burden.usedBytes - usedBytes,
    })
    return {
      ...burden,
      fileBytes: this.#options.fileBytes(),
      copied: attempt(this.#copied),
      restarted: attempt(this.#restarted),
      idleMs: now - this.#changedAtMs,
      oldestReaderMs: Math.max(0, ...this.#options.ownReaders().map(({ ageMs }) => ageMs)),
    }
  }

  async #copy(): Promise<CheckpointOutcome> {
    const start = this.#mark(this.#copied)
    this.#copying = true
    try {
      const numbers = await this.#options.copy()
      this.#copies++
      return this.#conclude('PASSIVE', numbers, start)
    } catch (error) {
      throw this.#failed(toError(error))
    } finally {
      this.#copying = false
    }
  }

  #restart(mode: CheckpointMode, waitMs: number): Promise<CheckpointOutcome> {
    const start = this.#mark(this.#restarted)
    this.#restarting = true
    const { promise, resolve, reject } = Promise.withResolvers<CheckpointOutcome>()
    this.#options.onWriter(mode, waitMs, (numbers) => {
      this.#restarting = false
      // The next piece of work looks first.
      this.#lookedAtMs = 0
      if (numbers instanceof Error) return reject(this.#failed(numbers))
      const outcome = this.#conclude(mode, numbers, start)
      // A FULL checkpoint leaves readers on the log, and so the place where it goes on.
      if (outcome.result === 'complete' && mode !== 'FULL') {
        this.#restarts++
        this.#spentFrames = outcome.frames
        this.#forgetMarks()
      }
      resolve(outcome)
    })
    return promise
  }

  /** Remembers an attempt; returns when it began. */
  #mark(mark: Mark): number {
    mark.atMs = performance.now()
    mark.usedBytes = this.#burden().usedBytes
    return mark.atMs
  }

  #conclude(mode: CheckpointMode, numbers: CheckpointNumbers, start: number): CheckpointOutcome {
    const outcome = describeOutcome(mode, numbers, performance.now() - start, this.#options.pins)
    if (outcome.result === 'complete') this.#inARow = 0
    else this.#countUnfinished()
    this.#lastAtMs = performance.now()
    this.#error = null
    this.#last = outcome
    this.#options.onOutcome(outcome)
    return outcome
  }

  #failed(error: Error): Error {
    this.#countUnfinished()
    this.#lastAtMs = performance.now()
    this.#error = error.message
    return error
  }

  #countUnfinished(): void {
    this.#unfinished++
    this.#inARow++
  }

  #fullError(): LogFullError {
    const { limitBytes, pins } = this.#options
    return new LogFullError({ limitBytes, pinnedBy: describePins(pins()) })
  }
}

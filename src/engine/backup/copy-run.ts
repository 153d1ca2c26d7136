/** One copy of a database, by way of whatever connection takes its steps. */
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { AbortedError, BackupError } from '../../errors.ts'
import type { CopyEnd, CopyOptions, CopyProgress } from '../../sqlite/copy-types.ts'
import type { Operations } from '../thread/protocol.ts'
import { Pace } from './pace.ts'

export type CopyOperation = 'beginCopy' | 'copySlice' | 'finishCopy' | 'endCopy'

/** Asks a connection's thread for a step of a copy. */
export type AskCopy = <O extends CopyOperation>(
  op: O,
  argument: Operations[O]['argument'],
) => Promise<Operations[O]['result']>

export interface CopyFacts {
  readonly path: string
  readonly pageBytes: number
  /** How long others may keep it from copying anything (ms). */
  readonly patienceMs: number
  readonly closing: AbortSignal
}

/** The shortest slice makes the trip between threads worth it; the longest is what a write may have to wait for it. */
const LEAST_SLICE_MS = 2
const MOST_SLICE_MS = 20
/** What others write makes it begin again so many times. */
const MAX_RESTARTS = 3
/** What the last step is to copy: little enough for the writer to wait until it is on the disk (bytes). */
const LAST_BYTES = 2 ** 19
/** And the most that it copies, because the file may have grown meanwhile (bytes). */
const MOST_LAST_BYTES = 2 ** 24
const FLUSH_BYTES = 2 ** 24
const BUSY_PAUSE_MS = 2

/** Taken in slices, this copy would not come to its end. */
export class Unsliceable extends Error {}

export class CopyRun {
  readonly #facts: CopyFacts
  readonly #options: CopyOptions
  /** Aborts when nobody wants it any more. */
  readonly #unwanted: AbortSignal
  #busySinceMs: number | null = null
  #restarts = 0

  constructor(facts: CopyFacts, options: CopyOptions) {
    this.#facts = facts
    this.#options = options
    this.#unwanted = options.signal === undefined ? facts.closing : AbortSignal.any([facts.closing, options.signal])
  }

  get restarts(): number {
    return this.#restarts
  }

  /**
   * Runs it from the first page on. `fixed`: in one read transaction of that connection.
   *
   * @throws Unsliceable when it is not `fixed` and has to begin again too often.
   */
  async from(ask: AskCopy, { fixed }: { readonly fixed: boolean }): Promise<CopyEnd> {
    this.#assertWanted()
    await ask('beginCopy', { path: this.#facts.path, fixed })
    let file: FileHandle | null = null
    try {
      file = await open(this.#facts.path, 'r+')
      return await this.#copy(ask, file, fixed)
    } finally {
      // A thread that has died has taken the copy along.
      await ask('endCopy', null).catch(() => {})
      await file?.close()
    }
  }

  async #copy(ask: AskCopy, file: FileHandle, fixed: boolean): Promise<CopyEnd> {
    const { pageBytes } = this.#facts
    const { rateLimit: bytesPerSecond } = this.#options
    const leavePages = Math.max(1, Math.floor(LAST_BYTES / pageBytes))
    const pace = new Pace({ bytesPerSecond, least: LEAST_SLICE_MS, most: MOST_SLICE_MS }, performance.now())
    let flushed = 0
    for (;;) {
      const slice = await ask('copySlice', { budgetMs: pace.ask(performance.now()), leavePages })
      const copied = (slice.pages - slice.remaining) * pageBytes
      pace.answered(performance.now(), { workMs: slice.ms, copied })
      this.#note(slice, fixed)
      await this.#wait(slice.busy ? BUSY_PAUSE_MS : pace.waitMs(performance.now()))

      const nearlyAll = !slice.busy && slice.remaining <= leavePages
      if (!nearlyAll && Math.abs(copied - flushed) < FLUSH_BYTES) continue
      // SQLite asks the disk for everything at its end, and writes would wait for that.
      await file.datasync()
      flushed = copied
      this.#assertWanted()
      if (!nearlyAll) continue

      const end = await ask('finishCopy', { pages: Math.ceil(MOST_LAST_BYTES / pageBytes) })
      this.#note(end, fixed)
      if (!end.busy && end.remaining === 0) return end
    }
  }

  #note({ pages, remaining, restarted, busy }: CopyProgress, fixed: boolean): void {
    const { pageBytes, patienceMs } = this.#facts
    if (restarted !== null) this.#restarts++
    this.#busySinceMs = busy ? (this.#busySinceMs ?? performance.now()) : null
    const blocked = this.#busySinceMs !== null && performance.now() - this.#busySinceMs > patienceMs
    if (!fixed && (this.#restarts >= MAX_RESTARTS || blocked)) throw new Unsliceable()
    if (blocked) {
      const reason = `other programs kept the database locked for ${patienceMs} ms`
      throw new BackupError({ reason, advice: 'Make the backup when they do not, or raise optimization.busyTimeout.' })
    }
    this.#options.onProgress?.({ bytes: (pages - remaining) * pageBytes, totalBytes: pages * pageBytes })
  }

  async #wait(ms: number): Promise<void> {
    // Its rejection says only that the signal has aborted, and so does the line after it.
    if (ms > 0) await setTimeout(ms, undefined, { signal: this.#unwanted }).catch(() => {})
    this.#assertWanted()
  }

  #assertWanted(): void {
    this.#facts.closing.throwIfAborted()
    const { signal } = this.#options
    if (signal?.aborted === true) throw new AbortedError({ what: 'the backup' }, { cause: signal.reason })
  }
}

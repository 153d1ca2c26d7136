/**
 * Brings finished segments from the spool to the store, one after another in their order, so that the store never has a hole.
 *
 *     resting ──a segment is finished──▶ storing ──all stored──▶ resting
 *                                         │  ▲
 *                                     it fails after a pause that doubles
 *                                         ▼  │
 *                                        pausing
 *
 * A store that is down costs nothing but the space of the spool; the archive says how much that may be.
 */
import {
  finishedSegments,
  isThere,
  linkFinished,
  readFinished,
  removeFinished,
} from '../../engine/archive/spool-files.ts'
import type { EngineArchive, FinishedSegment } from '../../engine/types.ts'
import { toError } from '../../util/attempt.ts'
import type { BackupStore } from '../store/types.ts'
import { segmentKey } from './segments.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

export interface UploaderOptions {
  readonly archive: EngineArchive
  readonly store: BackupStore
  /** Told each time that the store does not take a segment. */
  readonly onError: (error: Error) => void
}

export class Uploader {
  readonly #options: UploaderOptions
  readonly #folder: string
  readonly #queue: (FinishedSegment & { readonly sinceMs: number })[] = []
  readonly #stop = new AbortController()
  #working: Promise<void> | null = null
  readonly #unlisten: () => void
  #wake: (() => void) | null = null
  /** Who waits for what the present attempt comes to. */
  #attempts: ((failed: Error | null) => void)[] = []
  #lastError: Error | null = null

  constructor(options: UploaderOptions) {
    this.#options = options
    this.#folder = options.archive.stats().folder
    this.#unlisten = options.archive.listen({ finished: (segment) => this.#add(segment) })
  }

  /** Why the store did not take a segment; `null` once it has. */
  get lastError(): Error | null {
    return this.#lastError
  }

  /** How long the oldest segment has waited (ms), as far as this process knows; `null`: none waits. */
  get oldestMs(): number | null {
    const [oldest] = this.#queue
    return oldest === undefined ? null : performance.now() - oldest.sinceMs
  }

  /** Stores what the process before has left. */
  async takeUp(): Promise<void> {
    for (const segment of await finishedSegments(this.#folder)) this.#add(segment)
  }

  /** Resolves when everything finished until now is stored, or rejects with why one is not. */
  async flush(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stop.signal.aborted) {
      this.#wake?.()
      const failed = await new Promise<Error | null>((resolve) => this.#attempts.push(resolve))
      if (failed !== null) throw failed
    }
  }

  /** Stores what it can within the grace (ms); the rest stays in the spool for the next start. */
  async close(graceMs: number): Promise<void> {
    this.#unlisten()
    const timer = setTimeout(() => this.#end(), graceMs)
    await this.flush().catch(() => {})
    clearTimeout(timer)
    this.#end()
    await this.#working
  }

  #end(): void {
    this.#stop.abort()
    this.#wake?.()
    for (const resolve of this.#attempts.splice(0)) resolve(null)
  }

  #add(segment: FinishedSegment): void {
    const known = this.#queue.some(({ stream, number }) => stream === segment.stream && number === segment.number)
    if (known) return
    this.#options.archive.waits(segment)
    this.#queue.push({ ...segment, sinceMs: performance.now() })
    this.#working ??= this.#work().finally(() => {
      this.#working = null
    })
  }

  async #work(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS
    for (let next = this.#queue[0]; next !== undefined && !this.#stop.signal.aborted; next = this.#queue[0]) {
      try {
        await this.#store(next)
        this.#queue.shift()
        pauseMs = FIRST_PAUSE_MS
        this.#settle(null)
      } catch (error) {
        const failed = toError(error)
        this.#settle(failed)
        if (this.#stop.signal.aborted) return
        this.#options.onError(failed)
        await this.#pause(pauseMs)
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      }
    }
  }

  async #store(segment: FinishedSegment): Promise<void> {
    const { store, archive } = this.#options
    const { stream, number, bytes } = segment
    const { signal } = this.#stop
    const key = segmentKey(stream, number)
    // One that is gone has been stored, by a process that has taken the spool up since.
    if (await isThere(this.#folder, segment)) {
      if (!(await this.#link(key, segment))) {
        await store.put(key, readFinished(this.#folder, segment), { bytes, signal })
      }
      await removeFinished(this.#folder, segment)
    }
    archive.stored(segment)
  }

  /** Where the store is on the spool's own disk, the file gets a second name there: nothing is copied. */
  async #link(key: string, segment: FinishedSegment): Promise<boolean> {
    const { files } = this.#options.store
    if (files === undefined) return false
    const partial = await files.partialPath()
    if (!(await linkFinished(this.#folder, segment, partial))) return false
    await files.adopt(key, partial)
    return true
  }

  #settle(failed: Error | null): void {
    this.#lastError = failed
    for (const resolve of this.#attempts.splice(0)) resolve(failed)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/**
 * Copies the database file while it is in use.
 *
 *     slicing ──all pages──▶ done
 *        │ ──begun again 3 times──▶ fixed ──all pages──▶ done
 *        └ ──error, abort, close()──▶ given up: nothing is left of the file
 *
 * slicing  pieces of the writer's work: nothing is locked between two of them, and the log starts again as ever
 * fixed    one read transaction on a connection of its own: it ends in any case, but the log cannot start again as long as it
 *          lasts, so its limit is lifted. Not without WAL, where it would keep everybody from writing.
 */
import { BackupError, ClosedError } from '../../errors.ts'
import type { CopyOptions, CopyResult } from '../../sqlite/copy-types.ts'
import { Mutex } from '../../util/mutex.ts'
import { type AskCopy, type CopyFacts, CopyRun, Unsliceable } from './copy-run.ts'

export interface CopierOptions extends Pick<CopyFacts, 'pageBytes' | 'patienceMs'> {
  /** Asks the writer's thread, between two pieces of its work. */
  readonly onWriter: AskCopy
  /** Opens a connection of its own; `null` without WAL. */
  readonly openAside: (() => { readonly ask: AskCopy; readonly end: () => Promise<void> }) | null
}

export class Copier {
  readonly #options: CopierOptions
  readonly #turn = new Mutex()
  readonly #closing = new AbortController()
  #fixedSinceMs: number | null = null

  constructor(options: CopierOptions) {
    this.#options = options
  }

  /** How long a copy has kept the log from starting again (ms); `null` when none does. */
  get fixedMs(): number | null {
    return this.#fixedSinceMs === null ? null : performance.now() - this.#fixedSinceMs
  }

  /**
   * Copies into a file that does not exist. One copy at a time.
   *
   * @throws AbortedError, ClosedError, BackupError, DiskFullError, IoError. Nothing is left of the file then.
   */
  async copy(path: string, options: CopyOptions = {}): Promise<CopyResult> {
    const release = await this.#turn.acquire()
    try {
      return await this.#copy(path, options)
    } finally {
      release()
    }
  }

  /** Gives up what is under way; resolves when nothing is left of it. */
  async close(): Promise<void> {
    const reason = new ClosedError({ what: 'the database' })
    this.#closing.abort(reason)
    if (!this.#turn.locked) return this.#turn.close(() => reason)
    const last = this.#turn.acquire()
    ;(await last)()
    this.#turn.close(() => reason)
  }

  async #copy(path: string, options: CopyOptions): Promise<CopyResult> {
    const start = performance.now()
    const { pageBytes, patienceMs, onWriter, openAside } = this.#options
    const run = new CopyRun({ path, pageBytes, patienceMs, closing: this.#closing.signal }, options)
    const result = ({ pages, position }: Pick<CopyResult, 'pages' | 'position'>, method: CopyResult['method']) => ({
      ...{ pages, pageBytes, position, method, restarts: run.restarts, ms: performance.now() - start },
    })
    try {
      return result(await run.from(onWriter, { fixed: false }), 'slices')
    } catch (error) {
      if (!(error instanceof Unsliceable)) throw error
    }
    if (openAside === null) {
      const advice = 'Use optimization.enableWALMode, or make it while other programs do not write.'
      throw new BackupError({ reason: 'other programs write all the time', advice })
    }

    const aside = openAside()
    this.#fixedSinceMs = performance.now()
    try {
      return result(await run.from(aside.ask, { fixed: true }), 'transaction')
    } finally {
      this.#fixedSinceMs = null
      await aside.end()
    }
  }
}

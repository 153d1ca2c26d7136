/**
 * A copy of the database that is being made on one connection's thread, a slice at a request. Between two slices the
 * connection does other work, and holds nothing for the copy unless it was begun as `fixed`: then a read transaction
 * lasts from the beginning to the end, and nothing that others write makes it begin again.
 */
import { BackupError } from '../../errors.ts'
import type { Connection } from '../../sqlite/connection.ts'
import type { CopyEnd, CopyProgress, LogPosition } from '../../sqlite/copy-types.ts'
import { positionOf } from '../../sqlite/log-position.ts'
import type { OnlineCopy } from '../../sqlite/online-copy.ts'

/** One step of SQLite's (bytes): short enough to be stopped after a millisecond or so. */
const STEP_BYTES = 2 ** 18
/** The beginning of a read transaction and its place in the log are asked for so often until nobody wrote in between. */
const MAX_LOOKS = 100

interface UnderWay {
  readonly copy: OnlineCopy
  readonly stepPages: number
  /** Where the read transaction stands, when there is one. */
  readonly fixed: { readonly position: LogPosition | null } | null
  /** `data_version` after the last slice. */
  version: number
  copied: number
}

/** Nothing was in its way. */
const SMOOTH: Pick<CopyProgress, 'restarted' | 'busy'> = { restarted: null, busy: false }

export interface SliceOrder {
  /** No step is begun after so long (ms). */
  readonly budgetMs: number
  /** So many pages are left for {@link ThreadCopy.finish}. */
  readonly leavePages: number
}

export class ThreadCopy {
  readonly #connection: Connection
  #now: UnderWay | null = null

  constructor(connection: Connection) {
    this.#connection = connection
  }

  begin({ path, fixed }: { readonly path: string; readonly fixed: boolean }): null {
    this.end()
    const position = fixed ? { position: this.#fix() } : null
    try {
      this.#now = {
        copy: this.#connection.openCopy(path),
        stepPages: Math.max(1, Math.floor(STEP_BYTES / this.#connection.pragmas.page_size)),
        fixed: position,
        version: this.#connection.dataVersion(),
        copied: 0,
      }
    } catch (error) {
      this.end()
      throw error
    }
    return null
  }

  slice({ budgetMs, leavePages }: SliceOrder): CopyProgress {
    const now = this.#underWay()
    const start = performance.now()
    if (now.copy.progress.pages === 0) now.copy.step(0)
    let outcome = SMOOTH
    do {
      const { pages, remaining } = now.copy.progress
      if (pages > 0 && remaining <= leavePages) break
      const step = this.#step(now, Math.min(now.stepPages, remaining - leavePages))
      outcome = { restarted: step.restarted ?? outcome.restarted, busy: step.busy }
    } while (!outcome.busy && performance.now() - start < budgetMs)
    now.version = this.#connection.dataVersion()
    return { ...now.copy.progress, ...outcome, ms: performance.now() - start }
  }

  /** Copies at most so many pages, in one step. When that was all, the copy is on the disk and complete. */
  finish({ pages: most }: { readonly pages: number }): CopyEnd {
    const now = this.#underWay()
    const start = performance.now()
    now.version = this.#connection.dataVersion()
    const outcome = this.#step(now, most)
    const progress = { ...now.copy.progress, ...outcome }
    const done = !outcome.busy && progress.remaining === 0
    const position = done ? this.#position(now) : null
    if (done) this.end()
    return { ...progress, position, ms: performance.now() - start }
  }

  /** What is not finished leaves no file behind. */
  end(): null {
    const now = this.#now
    this.#now = null
    now?.copy.close()
    if (now?.fixed && this.#connection.inTransaction) this.#connection.control('ROLLBACK')
    return null
  }

  #underWay(): UnderWay {
    if (this.#now !== null) return this.#now
    throw new BackupError({ reason: 'the thread that copied has been replaced', advice: 'Make the backup again.' })
  }

  #step(now: UnderWay, pages: number): Pick<CopyProgress, 'restarted' | 'busy'> {
    const before = now.copied
    now.copy.step(pages)
    const { progress } = now.copy
    now.copied = progress.pages - progress.remaining
    if (progress.pages > 0 && (progress.remaining === 0 || now.copied > before)) return SMOOTH
    const foreign = this.#connection.dataVersion() !== now.version
    if (progress.pages === 0 || (now.copied === before && !foreign)) return { restarted: null, busy: true }
    return { restarted: foreign ? 'foreign write' : 'rollback', busy: false }
  }

  /** The copy is equal to the log as it is now, unless another connection has written since the last step began. */
  #position({ fixed, version }: UnderWay): LogPosition | null {
    if (fixed !== null) return fixed.position
    const position = positionOf(this.#connection)
    return this.#connection.dataVersion() === version ? position : null
  }

  /** Begins a read transaction, and says where in the log it stands: which cannot be asked inside one. */
  #fix(): LogPosition | null {
    for (let look = 1; ; look++) {
      const version = this.#connection.dataVersion()
      const position = positionOf(this.#connection)
      this.#connection.control('BEGIN')
      this.#connection.arrays('SELECT 1 FROM sqlite_schema LIMIT 1', [])
      if (this.#connection.dataVersion() === version) return position
      if (look === MAX_LOOKS) return null
      this.#connection.control('ROLLBACK')
    }
  }
}

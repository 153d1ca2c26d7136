/**
 * Sees that what the writer's thread runs ends when its call does, or when it has run for too long. Its promise settles all
 * the same with what really came of it: a write that was done before it could be stopped is done.
 *
 *     watching ──a call ends, or the statement that runs has run too long──▶ that piece is stopped, and watching goes on
 *        └──────end()──▶ ended: no timer runs, calls that end are no longer its business
 */
import { firstWord } from '../../sqlite/tokenizer.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import type { Operation } from '../thread/protocol.ts'
import type { Sent } from '../thread/sent.ts'

/** What can be stopped by itself. */
export interface Piece {
  readonly sql: string
  readonly limit: CallLimit | null
  /** One statement, and no maintenance: such as may be limited in time without being asked. */
  readonly single: boolean
  /** Why it was stopped: what its caller is told if it really was. */
  stoppedBy: Error | null
}

/** How long a single statement may run. */
export interface RunningLimit {
  /** 0: as long as it needs. */
  readonly ms: number
  /** It holds for those too whose call has a limit of its own. */
  readonly always: boolean
  readonly error: (sql: string, ms: number) => Error
}

/** These take as long as their table is large. */
const TAKES_ITS_TIME = new Set(['CREATE', 'ALTER', 'DROP', 'REINDEX', 'ANALYZE'])

export class Supervision {
  readonly #sent: Pick<Sent<Operation>, 'stop' | 'running'>
  readonly #pieces: readonly Piece[]
  #running: RunningLimit
  #timer: NodeJS.Timeout | undefined
  #ended = false

  constructor(sent: Pick<Sent<Operation>, 'stop' | 'running'>, pieces: readonly Piece[], running: RunningLimit) {
    this.#sent = sent
    this.#pieces = pieces
    this.#running = running
    for (const [piece, { limit }] of pieces.entries()) limit?.onEnd((error) => this.#stop(piece, error))
    this.#lookAfter(running.ms)
  }

  /** From now on. What runs already is given all of the new time. */
  changeLimit(running: RunningLimit): void {
    this.#running = running
    this.#lookAfter(running.ms)
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
  }

  #lookAfter(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#ended || this.#running.ms === 0 || !this.#pieces.some(({ single }) => single)) return
    this.#timer = setTimeout(() => this.#look(), ms).unref()
  }

  #look(): void {
    const { ms, error } = this.#running
    const running = this.#sent.running()
    const piece = running === null ? undefined : this.#pieces[running.piece]
    const leftMs = running === null ? ms : ms - running.ageMs
    if (running !== null && piece !== undefined && leftMs <= 0 && this.#isLimited(piece)) {
      this.#stop(running.piece, error(piece.sql, ms))
    }
    this.#lookAfter(leftMs > 0 ? leftMs : ms)
  }

  #isLimited({ single, limit, sql }: Piece): boolean {
    return single && (this.#running.always || limit?.timed !== true) && !TAKES_ITS_TIME.has(firstWord(sql))
  }

  #stop(piece: number, error: Error): void {
    const stopped = this.#pieces[piece]
    if (this.#ended || stopped === undefined) return
    stopped.stoppedBy ??= error
    void this.#sent.stop({ piece })
  }
}

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

/** How often in that time it is looked at: a statement may run longer by one of these pieces. */
const LOOKS = 8

export class Supervision {
  readonly #sent: Pick<Sent<Operation>, 'stop' | 'running'>
  readonly #pieces: readonly Piece[]
  #limit: RunningLimit
  /** The piece that was running at the last look, and for how many looks. */
  #running: number | null = null
  #looks = 0
  #timer: NodeJS.Timeout | undefined

  constructor(sent: Pick<Sent<Operation>, 'stop' | 'running'>, pieces: readonly Piece[], limit: RunningLimit) {
    this.#sent = sent
    this.#pieces = pieces
    this.#limit = limit
    for (const [index, piece] of pieces.entries()) piece.limit?.onEnd((error) => this.#stop(index, error))
    this.#start()
  }

  /** From now on. What runs already is given all of the new time. */
  changeLimit(limit: RunningLimit): void {
    this.#limit = limit
    this.#start()
  }

  end(): void {
    clearInterval(this.#timer)
  }

  #start(): void {
    clearInterval(this.#timer)
    this.#running = null
    if (this.#limit.ms === 0 || !this.#pieces.some(({ single }) => single)) return
    this.#timer = setInterval(() => this.#look(), this.#limit.ms / LOOKS).unref()
  }

  #look(): void {
    const running = this.#sent.running()
    this.#looks = running === this.#running ? this.#looks + 1 : 0
    this.#running = running
    const piece = running === null ? undefined : this.#pieces[running]
    if (running === null || piece === undefined || this.#looks < LOOKS || !this.#isLimited(piece)) return
    this.#stop(running, this.#limit.error(piece.sql, this.#limit.ms))
  }

  #isLimited({ single, limit, sql }: Piece): boolean {
    return single && (this.#limit.always || limit?.timed !== true) && !TAKES_ITS_TIME.has(firstWord(sql))
  }

  #stop(index: number, error: Error): void {
    const piece = this.#pieces[index]
    if (piece === undefined) return
    piece.stoppedBy ??= error
    void this.#sent.stop({ piece: index })
  }
}

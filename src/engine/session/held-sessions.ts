/** The snapshots and streams that are under way: each holds a reader until it ends, is ended, or expires. */
import type { CallLimit } from '../thread/call-limit.ts'
import type { HeldReader } from '../thread/held-reader.ts'
import { type Origin, originOfCall } from '../thread/origin.ts'
import type { Executor } from '../types.ts'
import { SnapshotSession } from './snapshot-session.ts'

export interface HeldSessionsOptions {
  readonly hold: (what: 'snapshot' | 'stream', origin: Origin, limit: CallLimit | null) => Promise<HeldReader>
  /** Runs what writes. */
  readonly outside: Executor
  readonly statementTimeoutMs: number
}

export class HeldSessions {
  readonly #options: HeldSessionsOptions
  readonly #sessions = new Set<SnapshotSession>()

  constructor(options: HeldSessionsOptions) {
    this.#options = options
  }

  async open(what: 'snapshot' | 'stream', limit: CallLimit | null): Promise<SnapshotSession> {
    const { hold, outside, statementTimeoutMs } = this.#options
    const origin = originOfCall()
    const { channel, release, abandon } = await hold(what, origin, limit)
    const leaving = (giveBack: () => void) => (): void => {
      this.#sessions.delete(session)
      giveBack()
    }
    const reader = { channel, release: leaving(release), abandon: leaving(abandon) }
    const session = new SnapshotSession(reader, outside, { what, origin, limit, statementTimeoutMs })
    this.#sessions.add(session)
    return session
  }

  /** Ends those that are older, where they can be; resolves when their readers have been given back. */
  async expire(olderThanMs: number): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.expireOlder(olderThanMs)))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }
}

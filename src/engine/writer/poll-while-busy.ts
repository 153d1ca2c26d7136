/**
 * Waiting for another process's lock, on a connection's own thread. SQLite's back-off sleeps longer the longer one has
 * waited and so starves the oldest waiter; here everybody asks about once a millisecond, with a jitter that keeps two
 * waiters from asking in step (https://fractaledmind.github.io/2024/04/15/sqlite-on-rails-the-how-and-why-of-optimal-performance/).
 */
import { BusyError } from '../../errors.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { findLockHolder } from '../../sqlite/lock-holder.ts'

const POLL_MS = 1
/** How often the holder is looked up while waiting; it reads a file of the kernel's. */
const LOOK_EVERY_POLLS = 100
/** What this thread has waited and not told yet (ms). */
let untold = 0
const sleeper = new Int32Array(new SharedArrayBuffer(4))

export interface Patience {
  readonly connection: Pick<Connection, 'path' | 'label'>
  /** At least one attempt is made, also with 0. */
  readonly waitMs: number
  /** This connection holds the write lock itself and waits for somebody else's. Default: `false`. */
  readonly holdingLock?: boolean
  /** Called each time the lock is met held. */
  readonly onBusy?: () => void
}

/** How long this thread has waited for locks since it was asked last (ms). */
export function takeBusyWaitMs(): number {
  const ms = untold
  untold = 0
  return ms
}

/**
 * Runs `fn` until it does not meet SQLITE_BUSY or `waitMs` have passed.
 *
 * @throws BusyError with the time waited and, on Linux, who holds the lock.
 */
export function pollWhileBusy<T>(fn: () => T, { connection, waitMs, holdingLock = false, onBusy }: Patience): T {
  const start = performance.now()
  let holder: string | undefined
  for (let polls = 1; ; polls++) {
    try {
      const result = fn()
      if (polls > 1) untold += performance.now() - start
      return result
    } catch (error) {
      if (!(error instanceof BusyError)) throw error
      onBusy?.()
      const waitedMs = performance.now() - start
      const givesUp = waitedMs >= waitMs
      if (givesUp || polls % LOOK_EVERY_POLLS === 0) {
        holder = findLockHolder(connection.path, { others: holdingLock }) ?? holder
      }
      if (givesUp) {
        untold += waitedMs
        const facts = { connection: connection.label, waitedMs: Math.round(waitedMs), holder }
        throw new BusyError(facts, { cause: error, sqliteCode: error.sqliteCode })
      }
      Atomics.wait(sleeper, 0, 0, POLL_MS * (0.75 + Math.random() / 2))
    }
  }
}

/** For commands that go on until they are ended: by Ctrl+C, or by whoever read what they print. */
import { setTimeout as wait } from 'node:timers/promises'

export interface Stopping extends Disposable {
  readonly signal: AbortSignal
  stop(): void
}

/** Aborts at SIGINT, SIGTERM and when nobody reads stdout any more. Afterwards signals do again what they did before. */
export function untilStopped(): Stopping {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  process.stdout.once('error', stop)
  return {
    signal: stopping.signal,
    stop,
    [Symbol.dispose]: () => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      process.stdout.off('error', stop)
    },
  }
}

/** `false` when it is time to end. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await wait(ms, undefined, { signal }).catch(() => {
    // Aborted, which the signal tells.
  })
  return !signal.aborted
}

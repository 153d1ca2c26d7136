/** A store tells an aborted signal with the signal's own reason; callers get the catalogue's error. */
import { AbortedError, NoormmeError } from '../errors.ts'

/** @throws AbortedError when the signal has aborted meanwhile. */
export async function wanted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (signal?.aborted !== true || error instanceof NoormmeError) throw error
    throw new AbortedError({ what: 'the backup job' }, { cause: signal.reason })
  }
}

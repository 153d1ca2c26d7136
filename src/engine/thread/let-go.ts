/** Not to let a caller wait for work that goes on, or takes a moment to be stopped. */
import type { TimeoutError } from '../../errors.ts'
import type { CallLimit } from './call-limit.ts'
import type { Channel } from './channel.ts'

export interface LetGoOptions {
  readonly limit: CallLimit | null
  /** How long the work itself may take on its thread; `null`: as long as it needs. */
  readonly time?: { readonly ms: number; readonly channel: Channel; readonly error: () => TimeoutError } | null
  /** Sees to what goes on without a caller. */
  readonly letGo: () => void
}

/** Work that somebody waits for. */
export interface Waiting<T> {
  readonly outcome: Promise<T>
  /** Ends the wait with this error, unless it is over. */
  readonly end: (error: Error) => void
}

/** Settles as `work` does, or at once when the call ends before it is done. */
export function orLetGo<T>(work: Promise<T>, options: LetGoOptions): Promise<T> {
  return waitFor(work, options).outcome
}

/** The same, for those who may want to end the wait for reasons of their own. */
export function waitFor<T>(work: Promise<T>, { limit, time = null, letGo }: LetGoOptions): Waiting<T> {
  const { promise: outcome, resolve, reject } = Promise.withResolvers<T>()
  let timer: NodeJS.Timeout | undefined
  let settled = false
  const settle = (how: () => void): void => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    how()
  }
  const end = (error: Error): void =>
    settle(() => {
      letGo()
      reject(error)
    })
  if (time !== null) {
    onceOpen(time.channel, () => {
      if (!settled) timer = setTimeout(() => end(time.error()), time.ms)
    })
  }
  work.then(
    (result) => settle(() => resolve(result)),
    (error: unknown) => settle(() => reject(error)),
  )
  limit?.onEnd(end)
  return { outcome, end }
}

/** What a thread has been sent runs only when its connection is open. */
export function onceOpen(channel: Channel, run: () => void): void {
  if (channel.state === 'starting') channel.opened.then(run, () => {})
  else run()
}

/** A connection held for a snapshot or stream: what it is given back by, and when it is taken away. */
import { TimeoutError } from '../../errors.ts'
import type { Channel } from '../thread/channel.ts'
import type { Executor } from '../types.ts'
import { SnapshotSession } from './snapshot-session.ts'

export interface HeldSnapshot {
  readonly session: SnapshotSession
  /** Ends it and gives the connection back; the first call counts. */
  readonly end: (how: string) => Promise<void>
  /** Resolves when it has been given back. */
  readonly ended: Promise<void>
  /** Rejects when its time runs out; never resolves. */
  readonly lost: Promise<never>
}

export interface SnapshotHold {
  readonly what: 'snapshot' | 'stream'
  readonly channel: Channel
  readonly giveBack: () => void
  /** Runs what is called inside and writes. */
  readonly outside: Executor
  /** `null`: as long as its caller likes. `origin`: where it began. */
  readonly limit: { readonly ms: number; readonly origin: string | undefined } | null
}

export function holdSnapshot({ what, channel, giveBack, outside, limit }: SnapshotHold): HeldSnapshot {
  const session = new SnapshotSession(channel, outside)
  const { promise: ended, resolve: hasEnded } = Promise.withResolvers<void>()
  const { promise: lost, reject: lose } = Promise.withResolvers<never>()
  // Whoever races against it sees the reason; nobody has to.
  lost.catch(() => {})

  const end = async (how: string): Promise<void> => {
    clearTimeout(timer)
    await session.end(how)
    giveBack()
    hasEnded()
  }
  const expire = (): void => {
    if (limit === null) return
    lose(new TimeoutError({ what: `the ${what}`, limitMs: limit.ms, origin: limit.origin }))
    void end('timed out')
  }
  const timer = limit === null ? undefined : setTimeout(expire, limit.ms)
  return { session, end, ended, lost }
}

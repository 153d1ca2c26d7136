/** One reader of the pool, as the main thread sees it, and those who wait for one. */
import type { Channel } from '../thread/channel.ts'
import type { HeldReader } from '../thread/held-reader.ts'
import type { Origin } from '../thread/origin.ts'
import type { ConnectionState, Pin } from '../types.ts'

export interface Member {
  readonly channel: Channel
  state: ConnectionState
  idle: NodeJS.Timeout | null
  /** Where in the caller's code its hold began. */
  origin: Origin | undefined
  /** When the work it has was given to it: its read transaction cannot be older. */
  since: number
  /** The statistics have changed since it read them. */
  stale: boolean
  /** Tells the caller of the read it runs this error and stops the read; `null` while it runs none. */
  endRead: ((error: Error) => void) | null
}

export interface WaitingRead {
  readonly number: number
  readonly grant: (member: Member) => void
}

export interface WaitingHold {
  readonly number: number
  readonly what: 'snapshot' | 'stream'
  readonly origin: Origin
  readonly timer: NodeJS.Timeout
  readonly grant: (reader: HeldReader) => void
  readonly refuse: (error: Error) => void
}

export function createMember(channel: Channel): Member {
  return { channel, state: 'idle', idle: null, origin: undefined, since: 0, stale: false, endRead: null }
}

export function pinsOf(members: Iterable<Member>): Pin[] {
  const now = performance.now()
  return [...members]
    .filter(({ state }) => state !== 'idle' && state !== 'ended')
    .map(({ channel, state, since }) => ({
      label: channel.label,
      state,
      sql: channel.current?.sql ?? null,
      ageMs: now - since,
    }))
}

/** Sent before its next work, which therefore sees what has changed. A thread that has died has nothing to refresh. */
export function refresh(member: Member): void {
  member.stale = false
  member.channel.request('reloadSchema', null).catch(() => null)
}

/**
 * Reading connections, a thread each: started when a read waits and none is free, ended when idle.
 *
 * A snapshot or stream holds a reader for as long as its caller likes, so at most all but one are held: plain reads
 * never wait for a caller. Both kinds wait in order of asking, in queues of their own.
 */
import { ClosedError } from '../../errors.ts'
import { Fifo } from '../../util/fifo.ts'
import type { Channel } from '../thread/channel.ts'
import type { Operations, WireStatement } from '../thread/protocol.ts'
import type { ConnectionState, ConnectionStatus } from '../types.ts'

/** How long a reader stays without work before its thread ends (ms). A thread costs memory: its cache, its heap. */
const IDLE_END_MS = 30_000

interface Member {
  readonly channel: Channel
  state: ConnectionState
  pragmas: ConnectionStatus['pragmas']
  idle: NodeJS.Timeout | null
}

/** A reader that its caller holds until `release`. */
export interface HeldReader {
  readonly channel: Channel
  readonly release: () => void
}

interface WaitingHold {
  readonly state: 'snapshot' | 'stream'
  readonly grant: (reader: HeldReader) => void
  readonly refuse: (error: Error) => void
}

interface WaitingRead {
  readonly grant: (member: Member) => void
}

export interface ReaderPoolOptions {
  readonly max: number
  readonly start: (label: string) => Channel
}

export class ReaderPool {
  readonly #options: ReaderPoolOptions
  readonly #members = new Set<Member>()
  readonly #reads = new Fifo<WaitingRead>()
  readonly #holds = new Fifo<WaitingHold>()
  #held = 0
  #closing = false
  #completed = 0
  /** Resolves when no read waits any more, once closing. */
  readonly #drained = Promise.withResolvers<void>()

  constructor(options: ReaderPoolOptions) {
    this.#options = options
  }

  get queued(): number {
    return this.#reads.size + this.#holds.size
  }

  get reads(): number {
    return this.#completed
  }

  /** Runs one read by itself; `null` when SQLite says that the statement writes. */
  async read(statement: WireStatement): Promise<Operations['read']['result']> {
    const member = await this.#acquire()
    try {
      const result = await member.channel.request('read', statement)
      this.#completed++
      return result
    } finally {
      this.#free(member)
    }
  }

  /** Hands out a reader until it is released. */
  hold(state: 'snapshot' | 'stream'): Promise<HeldReader> {
    if (this.#closing) return Promise.reject(new ClosedError({ what: 'the database' }))
    return new Promise((grant, refuse) => {
      this.#holds.push({ state, grant, refuse })
      this.#serve()
    })
  }

  status(): ConnectionStatus[] {
    return [...this.#members].map(({ channel, state, pragmas }) => {
      const { sql, ageMs } = channel.current ?? { sql: null, ageMs: null }
      return { label: channel.label, state, sql, sqlAgeMs: ageMs, pragmas }
    })
  }

  /** Ends all readers; reads that were asked for are finished first, holds that wait are refused. */
  async close(): Promise<void> {
    this.#closing = true
    for (const { refuse } of this.#holds.drain()) refuse(new ClosedError({ what: 'the database' }))
    this.#serve()
    if (this.#reads.size > 0) await this.#drained.promise
    await Promise.all([...this.#members].map((member) => this.#retire(member)))
  }

  #acquire(): Promise<Member> {
    if (this.#closing) return Promise.reject(new ClosedError({ what: 'the database' }))
    return new Promise((grant) => {
      this.#reads.push({ grant })
      this.#serve()
    })
  }

  /** Gives every free reader its next work, plain reads first; starts readers while work waits. */
  #serve(): void {
    while (this.#hasWork()) {
      const member = this.#idleMember() ?? this.#startMember()
      if (member === null) return
      this.#give(member)
    }
    if (this.#closing) this.#drained.resolve()
  }

  #hasWork(): boolean {
    return this.#reads.size > 0 || (this.#holds.size > 0 && this.#held < this.#options.max - 1)
  }

  #give(member: Member): void {
    if (member.idle !== null) clearTimeout(member.idle)
    member.idle = null
    const read = this.#reads.shift()
    if (read === undefined) {
      this.#grantHold(member)
    } else {
      member.state = 'busy'
      read.grant(member)
    }
  }

  #grantHold(member: Member): void {
    const hold = this.#holds.shift()
    if (hold === undefined) return
    member.state = hold.state
    this.#held++
    let held = true
    const release = (): void => {
      if (!held) return
      held = false
      this.#held--
      this.#free(member)
    }
    hold.grant({ channel: member.channel, release })
  }

  #idleMember(): Member | null {
    for (const member of this.#members) if (member.state === 'idle') return member
    return null
  }

  #startMember(): Member | null {
    if (this.#members.size >= this.#options.max) return null
    const labels = new Set([...this.#members].map(({ channel }) => channel.label))
    let number = 1
    while (labels.has(`reader-${number}`)) number++
    const member: Member = {
      channel: this.#options.start(`reader-${number}`),
      state: 'idle',
      pragmas: null,
      idle: null,
    }
    this.#members.add(member)
    // A reader that cannot be opened rejects its first request with the reason.
    member.channel.opened.then(
      ({ pragmas }) => {
        member.pragmas = pragmas
      },
      () => {},
    )
    void member.channel.ended.then(() => {
      this.#members.delete(member)
      this.#serve()
    })
    return member
  }

  #free(member: Member): void {
    if (member.channel.state === 'ended') this.#members.delete(member)
    else member.state = 'idle'
    this.#serve()
    if (member.state === 'idle' && !this.#closing) {
      member.idle ??= setTimeout(() => void this.#retire(member), IDLE_END_MS).unref()
    }
  }

  async #retire(member: Member): Promise<void> {
    if (member.idle !== null) clearTimeout(member.idle)
    member.state = 'ended'
    await member.channel.close({ optimize: false, truncate: false })
    this.#members.delete(member)
  }
}

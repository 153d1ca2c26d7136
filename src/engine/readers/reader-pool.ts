/**
 * Reading connections, a thread each: started when a read waits and none is free, ended when idle.
 *
 * A snapshot or stream holds a reader for as long as its caller likes, so at most all but one are held: a plain read
 * never waits for a caller. Whoever waits is served in order of asking, a hold only while one may be granted. Whoever
 * waits for a hold longer than the limit may be waiting for itself (a stream read inside the loop over another), and is
 * told so.
 */
import { ClosedError, TimeoutError } from '../../errors.ts'
import { Fifo } from '../../util/fifo.ts'
import type { Channel } from '../thread/channel.ts'
import type { Operations, WireStatement } from '../thread/protocol.ts'
import type { ConnectionState, ConnectionStatus, Pin } from '../types.ts'

/** How long a reader stays without work before its thread ends (ms). A thread costs memory: its cache, its heap. */
const IDLE_END_MS = 30_000

interface Member {
  readonly channel: Channel
  state: ConnectionState
  pragmas: ConnectionStatus['pragmas']
  idle: NodeJS.Timeout | null
  /** When its work began. */
  since: number
  /** Where in the caller's code its hold began. */
  origin: string | undefined
}

/** A reader that its caller holds until `release`. */
export interface HeldReader {
  readonly channel: Channel
  readonly release: () => void
}

interface WaitingRead {
  readonly number: number
  readonly grant: (member: Member) => void
}

interface WaitingHold {
  readonly number: number
  readonly what: 'snapshot' | 'stream'
  readonly origin: string | undefined
  readonly timer: NodeJS.Timeout
  readonly grant: (reader: HeldReader) => void
  readonly refuse: (error: Error) => void
  gaveUp: boolean
}

export interface ReaderPoolOptions {
  readonly max: number
  readonly start: (label: string) => Channel
  /** How long a hold is waited for (ms). */
  readonly holdWaitMs: number
}

export class ReaderPool {
  readonly #options: ReaderPoolOptions
  readonly #members = new Set<Member>()
  readonly #reads = new Fifo<WaitingRead>()
  readonly #holds = new Fifo<WaitingHold>()
  #asked = 0
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

  /**
   * Hands out a reader until it is released.
   *
   * @throws TimeoutError when none became free in time, naming where those began that hold them.
   */
  hold(what: 'snapshot' | 'stream', origin: string | undefined): Promise<HeldReader> {
    if (this.#closing) return Promise.reject(new ClosedError({ what: 'the database' }))
    return new Promise((grant, refuse) => {
      const timer = setTimeout(() => this.#giveUp(waiting), this.#options.holdWaitMs)
      const waiting: WaitingHold = { number: ++this.#asked, what, origin, timer, grant, refuse, gaveUp: false }
      this.#holds.push(waiting)
      this.#serve()
    })
  }

  status(): ConnectionStatus[] {
    return [...this.#members].map(({ channel, state, pragmas }) => {
      const { sql, ageMs } = channel.current ?? { sql: null, ageMs: null }
      return { label: channel.label, state, sql, sqlAgeMs: ageMs, pragmas }
    })
  }

  /** Readers with an open read transaction. */
  pins(): Pin[] {
    return [...this.#members]
      .filter(({ state }) => state !== 'idle' && state !== 'ended')
      .map(({ channel, state, since }) => ({
        label: channel.label,
        state,
        sql: channel.current?.sql ?? null,
        ageMs: performance.now() - since,
      }))
  }

  /** Ends all readers; reads that were asked for are finished first, holds that wait are refused. */
  async close(): Promise<void> {
    this.#closing = true
    for (const { refuse, timer } of this.#holds.drain()) {
      clearTimeout(timer)
      refuse(new ClosedError({ what: 'the database' }))
    }
    this.#serve()
    if (this.#reads.size > 0) await this.#drained.promise
    await Promise.all([...this.#members].map((member) => this.#retire(member)))
  }

  #acquire(): Promise<Member> {
    if (this.#closing) return Promise.reject(new ClosedError({ what: 'the database' }))
    return new Promise((grant) => {
      this.#reads.push({ number: ++this.#asked, grant })
      this.#serve()
    })
  }

  /** Gives every free reader its next work; starts readers while work waits. */
  #serve(): void {
    for (;;) {
      const next = this.#next()
      if (next === null) break
      const member = this.#idleMember() ?? this.#startMember()
      if (member === null) return
      if (member.idle !== null) clearTimeout(member.idle)
      member.idle = null
      member.since = performance.now()
      if (next === this.#reads) this.#grantRead(member)
      else this.#grantHold(member)
    }
    if (this.#closing) this.#drained.resolve()
  }

  /** The queue whose head is to be served next, or `null` when nobody can be. */
  #next(): Fifo<WaitingRead> | Fifo<WaitingHold> | null {
    while (this.#holds.peek()?.gaveUp === true) this.#holds.shift()
    const read = this.#reads.peek()
    const hold = this.#held < this.#options.max - 1 ? this.#holds.peek() : undefined
    if (read === undefined) return hold === undefined ? null : this.#holds
    return hold === undefined || read.number < hold.number ? this.#reads : this.#holds
  }

  #grantRead(member: Member): void {
    member.state = 'busy'
    this.#reads.shift()?.grant(member)
  }

  #grantHold(member: Member): void {
    const hold = this.#holds.shift()
    if (hold === undefined) return
    clearTimeout(hold.timer)
    member.state = hold.what
    member.origin = hold.origin
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

  #giveUp(hold: WaitingHold): void {
    hold.gaveUp = true
    const holders = [...this.#members]
      .filter(({ state }) => state === 'snapshot' || state === 'stream')
      .map(({ channel, state, origin }) => `${channel.label} (${state}${origin === undefined ? '' : ` ${origin}`})`)
    const what = `a ${hold.what} waiting for a reader, all held by ${holders.join(', ')},`
    hold.refuse(new TimeoutError({ what, limitMs: this.#options.holdWaitMs, origin: hold.origin }))
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
    const channel = this.#options.start(`reader-${number}`)
    const member: Member = { channel, state: 'idle', pragmas: null, idle: null, since: 0, origin: undefined }
    this.#members.add(member)
    // A reader that cannot be opened rejects its first request with the reason.
    channel.opened.then(
      ({ pragmas }) => {
        member.pragmas = pragmas
      },
      () => {},
    )
    void channel.ended.then(() => {
      this.#members.delete(member)
      this.#serve()
    })
    return member
  }

  #free(member: Member): void {
    member.origin = undefined
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

/**
 * Reading connections, a thread each: started when a read waits and none is free, ended when idle.
 *
 * A snapshot or stream holds a reader for as long as its caller likes, so at most all but one are held: a plain read
 * never waits for a caller. Whoever waits is served in order of asking, a hold only while one may be granted. Whoever
 * waits for a hold longer than the limit may be waiting for itself (a stream read inside the loop over another), and is
 * told so.
 *
 * When a call ends before its statement, the caller is let go at once, and the statement is stopped; the reader is free as
 * soon as its thread has answered. One that cannot be stopped, or takes too long to be, is set aside: it finishes, ends, and
 * meanwhile another may start in its place. At most `max` stand aside in that way; what is more than that keeps its place,
 * and reads wait for it.
 */
import { ClosedError, ReaderExpiredError, TimeoutError } from '../../errors.ts'
import { Fifo } from '../../util/fifo.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import { CLOSE_GRACE_MS } from '../thread/close-grace.ts'
import { connectionStatus } from '../thread/connection-status.ts'
import type { HeldReader } from '../thread/held-reader.ts'
import { waitFor } from '../thread/let-go.ts'
import { statementTimedOut } from '../thread/limits.ts'
import type { Origin } from '../thread/origin.ts'
import type { Operations, WireStatement } from '../thread/protocol.ts'
import type { Sent } from '../thread/sent.ts'
import type { ConnectionStatus, Pin } from '../types.ts'
import { createMember, type Member, pinsOf, refresh, type WaitingHold, type WaitingRead } from './pool-member.ts'

/** How long a reader stays without work before its thread ends (ms). A thread costs memory: its cache, its heap. */
const IDLE_END_MS = 30_000

export interface ReaderPoolOptions {
  readonly max: number
  readonly start: (label: string) => Channel
  /** How long a hold is waited for (ms). */
  readonly holdWaitMs: number
  /** How long a read may run where its call has no time limit of its own (ms); 0: as long as it needs. */
  readonly statementTimeoutMs: number
}

export class ReaderPool {
  readonly #options: ReaderPoolOptions
  readonly #members = new Set<Member>()
  readonly #reads = new Fifo<WaitingRead>()
  readonly #holds = new Fifo<WaitingHold>()
  #asked = 0
  #held = 0
  /** Reads that are being stopped. */
  readonly #stops = new Set<Promise<boolean>>()
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
  async read(statement: WireStatement, limit: CallLimit | null = null): Promise<Operations['read']['result']> {
    const ms = this.#options.statementTimeoutMs
    const untimed = ms === 0 || limit?.timed === true
    const member = await this.#acquire(limit)
    let gone = false
    try {
      limit?.assertRunning()
      const sent = member.channel.start('read', statement)
      const { outcome, end } = waitFor(sent.result, {
        limit,
        time: untimed ? null : { ms, channel: member.channel, error: () => statementTimedOut(statement.sql, ms) },
        letGo: () => {
          gone = true
          member.endRead = null
          void this.#stop(member, sent)
        },
      })
      member.endRead = end
      const result = await outcome
      this.#completed++
      return result
    } finally {
      if (!gone) this.#free(member)
    }
  }

  /**
   * Hands out a reader until it is released.
   *
   * @throws TimeoutError when none became free in time, naming where those began that hold them.
   */
  hold(what: 'snapshot' | 'stream', origin: Origin, limit: CallLimit | null = null): Promise<HeldReader> {
    if (this.#closing) return Promise.reject(new ClosedError({ what: 'the database' }))
    return new Promise((grant, refuse) => {
      const leave = (error: Error): void => {
        clearTimeout(timer)
        if (this.#holds.remove(place)) refuse(error)
      }
      const timer = setTimeout(() => leave(this.#outOfPatience(what, origin)), this.#options.holdWaitMs)
      const place = this.#holds.push({ number: ++this.#asked, what, origin, timer, grant, refuse })
      limit?.onEnd(leave)
      this.#serve()
    })
  }

  status(): ConnectionStatus[] {
    return [...this.#members].map(({ channel, state }) => connectionStatus(channel, state))
  }

  /** The readers in use, and for how long at most each has had a read transaction open. */
  pins(): Pin[] {
    return pinsOf(this.#members)
  }

  /** Ends plain reads that are older, where they can be stopped: they keep the log from starting again. */
  async expire(olderThanMs: number): Promise<void> {
    this.#endOlder(olderThanMs, (ageMs, sql) => new ReaderExpiredError({ what: 'read', ageMs: Math.round(ageMs), sql }))
    await Promise.all(this.#stops)
  }

  /** Lets every reader read schema and statistics again, one in use after its work. */
  refresh(): void {
    for (const member of this.#members) {
      member.stale = true
      if (member.state === 'idle') refresh(member)
    }
  }

  /**
   * Ends all readers, those set aside too; reads that were asked for are finished first, as far as each takes no longer than
   * the grace and can be stopped. Holds that wait are refused.
   */
  async close(): Promise<void> {
    this.#closing = true
    for (const { refuse, timer } of this.#holds.drain()) {
      clearTimeout(timer)
      refuse(new ClosedError({ what: 'the database' }))
    }
    this.#serve()
    const closed = (): ClosedError => new ClosedError({ what: 'the database' })
    const closedAt = performance.now()
    const grace = setInterval(() => this.#endOlder(CLOSE_GRACE_MS, closed, closedAt), CLOSE_GRACE_MS / 5)
    if (this.#reads.size > 0) await this.#drained.promise
    await Promise.all([...this.#members].map((member) => this.#retire(member)))
    clearInterval(grace)
  }

  /** `from`: time before it does not count. */
  #endOlder(olderThanMs: number, reason: (ageMs: number, sql: string | undefined) => Error, from = 0): void {
    const now = performance.now()
    for (const { channel, endRead, since } of this.#members) {
      const ageMs = now - Math.max(since, from)
      if (endRead === null || !channel.stoppable || ageMs < olderThanMs) continue
      endRead(reason(ageMs, channel.current?.sql ?? undefined))
    }
  }

  #acquire(limit: CallLimit | null): Promise<Member> {
    if (this.#closing) return Promise.reject(new ClosedError({ what: 'the database' }))
    return new Promise((grant, refuse) => {
      const place = this.#reads.push({ number: ++this.#asked, grant })
      limit?.onEnd((error) => {
        if (this.#reads.remove(place)) refuse(error)
        this.#serve()
      })
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
    const read = this.#reads.peek()
    const hold = this.#held < this.#options.max - 1 ? this.#holds.peek() : undefined
    if (read === undefined) return hold === undefined ? null : this.#holds
    return hold === undefined || read.number < hold.number ? this.#reads : this.#holds
  }

  #grantRead(member: Member): void {
    member.state = 'busy'
    member.since = performance.now()
    this.#reads.shift()?.grant(member)
  }

  #grantHold(member: Member): void {
    const hold = this.#holds.shift()
    if (hold === undefined) return
    clearTimeout(hold.timer)
    member.state = hold.what
    member.origin = hold.origin
    member.since = performance.now()
    this.#held++
    let held = true
    const once = (then: (member: Member) => void) => (): void => {
      if (!held) return
      held = false
      this.#held--
      then(member)
    }
    const release = once((one) => this.#free(one))
    const abandon = once((one) => this.#setAside(one))
    hold.grant({ channel: member.channel, release, abandon })
  }

  #outOfPatience(what: 'snapshot' | 'stream', origin: Origin): TimeoutError {
    const holders = [...this.#members]
      .filter(({ state }) => state === 'snapshot' || state === 'stream')
      .map(({ channel, state, origin }) => `${channel.label} (${[state, origin?.() ?? ''].join(' ').trim()})`)
    const waiting = `a ${what} waiting for a reader, all held by ${holders.join(', ')},`
    return new TimeoutError({ what: waiting, limitMs: this.#options.holdWaitMs, origin: origin() })
  }

  #idleMember(): Member | null {
    for (const member of this.#members) if (member.state === 'idle') return member
    return null
  }

  #startMember(): Member | null {
    const { max } = this.#options
    // One that is being stopped is free sooner than another has started.
    if (this.queued <= this.#stops.size) return null
    const aside = [...this.#members].filter(({ state }) => state === 'abandoned').length
    if (this.#members.size - Math.min(aside, max) >= max) return null
    const labels = new Set([...this.#members].map(({ channel }) => channel.label))
    let number = 1
    while (labels.has(`reader-${number}`)) number++
    const channel = this.#options.start(`reader-${number}`)
    const member = createMember(channel)
    this.#members.add(member)
    void channel.ended.then(() => {
      this.#members.delete(member)
      this.#serve()
    })
    return member
  }

  /** Ends a read that nobody waits for. */
  async #stop(member: Member, sent: Sent<'read'>): Promise<void> {
    const stop = sent.stop({ unwanted: true })
    this.#stops.add(stop)
    const stopped = await stop
    this.#stops.delete(stop)
    if (stopped) this.#free(member)
    else this.#setAside(member)
  }

  /** Lets it finish without a caller, and then end. */
  #setAside(member: Member): void {
    member.state = 'abandoned'
    void member.channel.close({ optimize: false, truncate: false })
    this.#serve()
  }

  #free(member: Member): void {
    if (member.state === 'abandoned') return
    member.endRead = null
    member.origin = undefined
    if (member.stale) refresh(member)
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

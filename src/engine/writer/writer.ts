/**
 * The queue in front of the one connection that writes.
 *
 *     write, batch ──▶ ┌───────┐  up to 256 neighbouring writes ──▶ one group ──▶ ┐
 *     alone        ──▶ │ queue │  one statement                 ──▶ by itself ──▶ ├──▶ writer thread
 *     transaction  ──▶ │       │  a hold on the connection      ──▶ its owner ──▶ │
 *     checkpoint   ──▶ └───────┘  in front of everything else   ──▶ by itself ──▶ ┘
 *
 * Strictly in order of asking. One thing is with the thread at a time; what arrives meanwhile forms the next group, so
 * there is no delay when the queue is empty and no limit to set. A write's promise settles after its COMMIT.
 *
 *     open ──drain()──▶ closing ──queue empty, close()──▶ closed
 *      │                                                    ▲
 *      └──thread of an in-memory database dies──▶ lost ─────┘
 *
 * open     the thread may be missing: it is started with the next piece of work
 * closing  new work is refused, queued work is done
 * lost     what was in memory is gone: all work is refused with the reason
 * closed   every promise ever handed out is settled
 *
 * How long a piece of work may wait for other processes counts from the call, not from its turn. A call that ends while
 * its work is queued takes it out, and it is never run; once with the thread, work settles with its true outcome only.
 */
import { BusyError, ClosedError, fromWire, IndeterminateError, QueueFullError, ThreadError } from '../../errors.ts'
import type { CheckpointMode, CheckpointNumbers } from '../../sqlite/checkpoint-types.ts'
import type { WriteOutcome } from '../../sqlite/connection.ts'
import { toError } from '../../util/attempt.ts'
import { Fifo, type Place } from '../../util/fifo.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import { connectionStatus } from '../thread/connection-status.ts'
import type { GroupItem, HoldOutcome, WireBatch, WireStatement } from '../thread/protocol.ts'
import { weightOf } from '../thread/results.ts'
import type { ConnectionState, ConnectionStatus } from '../types.ts'

/** Writes that share one commit at most. */
const MAX_GROUP = 256

interface Waiting<Result> {
  readonly bytes: number
  readonly since: number
  readonly limit: CallLimit | null
  readonly resolve: (result: Result) => void
  readonly reject: (error: Error) => void
}

interface QueuedWrite extends Waiting<WriteOutcome[]> {
  readonly kind: 'write'
  readonly item: GroupItem
}

interface QueuedAlone extends Waiting<WriteOutcome> {
  readonly kind: 'alone'
  readonly statement: WireStatement
  readonly reads: boolean
}

interface QueuedHold extends Waiting<WriterHold> {
  readonly kind: 'hold'
}

interface QueuedCheckpoint extends Waiting<CheckpointNumbers> {
  readonly kind: 'checkpoint'
  readonly mode: CheckpointMode
  readonly waitMs: number
}

type Queued = QueuedCheckpoint | QueuedWrite | QueuedAlone | QueuedHold

/** The connection for one owner until `release`. BEGIN is on its way: what is sent behind it is inside. */
export interface WriterHold {
  readonly channel: Channel
  /** Settles with BEGIN. */
  readonly begun: Promise<unknown>
  readonly release: (outcome: HoldOutcome) => void
}

export interface WriterOptions {
  /** Starts a thread with the writing connection. `again`: the file has been there before. */
  readonly start: (options: { readonly again: boolean }) => Channel
  /** What is in memory is gone with its thread. */
  readonly memory: boolean
  readonly busyTimeout: number
  readonly maxQueuedWrites: number
  readonly maxQueuedBytes: number
  /** Called before each piece of work is taken from the queue. */
  readonly beforeWork: () => void
}

export class Writer {
  readonly #options: WriterOptions
  readonly #queue = new Fifo<Queued>()
  #channel: Channel
  #state: ConnectionState = 'idle'
  #queuedBytes = 0
  #pumping = false
  #closing = false
  #lost: Error | null = null
  readonly #drained = Promise.withResolvers<void>()
  #writes = 0
  #commits = 0
  #reads = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.#channel = options.start({ again: false })
  }

  /** Settles when the first connection is open, or with the reason why it is not. */
  get opened(): Channel['opened'] {
    return this.#channel.opened
  }

  get queued(): { readonly writes: number; readonly bytes: number; readonly oldestMs: number } {
    const oldest = this.#queue.peek()
    return {
      writes: this.#queue.size,
      bytes: this.#queuedBytes,
      oldestMs: oldest === undefined ? 0 : performance.now() - oldest.since,
    }
  }

  get counters(): { readonly writes: number; readonly commits: number; readonly reads: number } {
    return { writes: this.#writes, commits: this.#commits, reads: this.#reads }
  }

  /** Queues one write. */
  async write(statement: WireStatement, limit: CallLimit | null = null): Promise<WriteOutcome> {
    const [outcome] = await this.#enqueueWrite({ statements: [statement], atomic: false }, limit)
    if (outcome === undefined) throw new ThreadError({ connection: 'writer', reason: 'it answered without a result' })
    return outcome
  }

  /** Queues several statements that are all or nothing. */
  batch(statements: WireBatch, limit: CallLimit | null = null): Promise<WriteOutcome[]> {
    return this.#enqueueWrite({ statements, atomic: true }, limit)
  }

  /** Queues a statement that shares a transaction with nobody. */
  alone(
    statement: WireStatement,
    { reads, limit = null }: { readonly reads: boolean; readonly limit?: CallLimit | null },
  ): Promise<WriteOutcome> {
    return this.#enqueue(weightOf(statement), limit, (waiting) => ({ kind: 'alone', statement, reads, ...waiting }))
  }

  /** Queues for a transaction; nothing else is written until it is released. */
  hold(limit: CallLimit | null = null): Promise<WriterHold> {
    return this.#enqueue(0, limit, (waiting) => ({ kind: 'hold', ...waiting }))
  }

  /**
   * Puts a checkpoint in front of the queue. `settled` is called before the piece of work behind it is begun, so that
   * whoever decides on the log may put another one there.
   */
  checkpoint(mode: CheckpointMode, waitMs: number, settled: (outcome: CheckpointNumbers | Error) => void): void {
    const waiting = { bytes: 0, limit: null, since: performance.now(), resolve: settled, reject: settled }
    this.#queue.unshift({ kind: 'checkpoint', mode, waitMs, ...waiting })
    this.#startPumping()
  }

  /** Refuses the work at the front of the queue that has waited for as long as it may wait for others. */
  refuseOverdue(reason: () => Error): void {
    for (let first = this.#queue.peek(); first !== undefined; first = this.#queue.peek()) {
      if (first.kind === 'checkpoint' || this.#patienceOf(first) > 0) return
      this.#take()
      first.reject(reason())
    }
  }

  status(): ConnectionStatus {
    return connectionStatus(this.#channel, this.#state)
  }

  /** Closes the connection and ends the thread. A thread that died is started once more, so that one file is left. */
  async close(tidy: { readonly optimize: boolean; readonly truncate: boolean }): Promise<void> {
    await this.drain()
    if (this.#channel.state === 'ended' && !this.#options.memory) this.#channel = this.#options.start({ again: true })
    await this.#channel.close(tidy)
    this.#state = 'ended'
  }

  /** Refuses new work; resolves when everything queued is done. */
  async drain(): Promise<void> {
    this.#closing = true
    if (!this.#pumping && this.#queue.size === 0) this.#drained.resolve()
    await this.#drained.promise
  }

  #enqueueWrite(item: GroupItem, limit: CallLimit | null): Promise<WriteOutcome[]> {
    const bytes = item.statements.reduce((sum, statement) => sum + weightOf(statement), 0)
    return this.#enqueue(bytes, limit, (waiting) => ({ kind: 'write', item, ...waiting }))
  }

  #enqueue<Result>(
    bytes: number,
    limit: CallLimit | null,
    create: (waiting: Waiting<Result>) => Queued,
  ): Promise<Result> {
    const refused = this.#closing ? new ClosedError({ what: 'the database' }) : (this.#lost ?? this.#full(bytes))
    if (refused !== null) return Promise.reject(refused)
    return new Promise<Result>((resolve, reject) => {
      const queued = create({ resolve, reject, bytes, since: performance.now(), limit })
      this.#leaveWhenEnded(queued, this.#queue.push(queued))
      this.#queuedBytes += bytes
      this.#startPumping()
    })
  }

  #startPumping(): void {
    if (this.#pumping) return
    this.#pumping = true
    // In a microtask, so that writes made in one go share a group from the first on.
    queueMicrotask(() => void this.#pump())
  }

  #full(bytes: number): QueueFullError | null {
    const { maxQueuedWrites, maxQueuedBytes } = this.#options
    const facts = { depth: this.#queue.size, bytes: this.#queuedBytes }
    if (this.#queue.size >= maxQueuedWrites) return new QueueFullError({ ...facts, limit: `${maxQueuedWrites} writes` })
    // A single write larger than the limit is let through when nothing else waits: refusing it would refuse it for ever.
    const tooLarge = this.#queuedBytes + bytes > maxQueuedBytes && this.#queuedBytes > 0
    return tooLarge ? new QueueFullError({ ...facts, limit: `${maxQueuedBytes} bytes` }) : null
  }

  /** Works off the queue; the only place that takes from it. What a piece of work throws is that piece's own. */
  async #pump(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (this.#lost === null && this.#channel.state === 'ended') this.#revive()
      if (this.#lost !== null) next.reject(this.#lost)
      else if (next.kind === 'checkpoint') await this.#checkpoint(next)
      else if (next.kind === 'write') await this.#commitGroup(this.#gather(next))
      else if (next.kind === 'alone') await this.#runAlone(next)
      else await this.#grant(next)
      this.#state = 'idle'
    }
    this.#pumping = false
    if (this.#closing) this.#drained.resolve()
  }

  #next(): Queued | undefined {
    if (this.#queue.size > 0) this.#options.beforeWork()
    return this.#take()
  }

  #take(): Queued | undefined {
    const queued = this.#queue.shift()
    if (queued !== undefined) this.#queuedBytes -= queued.bytes
    return queued
  }

  /** In front of the queue again, without those whose call has ended meanwhile: nothing of them was kept. */
  #putBack(queued: readonly Queued[]): void {
    for (const one of queued.toReversed()) {
      const place = this.#queue.unshift(one)
      this.#queuedBytes += one.bytes
      this.#leaveWhenEnded(one, place)
    }
  }

  #leaveWhenEnded(queued: Queued, place: Place<Queued>): void {
    queued.limit?.onEnd((error) => {
      if (!this.#queue.remove(place)) return
      this.#queuedBytes -= queued.bytes
      queued.reject(error)
    })
  }

  #gather(first: QueuedWrite): QueuedWrite[] {
    const group = [first]
    while (group.length < MAX_GROUP && this.#queue.peek()?.kind === 'write') group.push(this.#take() as QueuedWrite)
    return group
  }

  async #commitGroup(group: readonly QueuedWrite[]): Promise<void> {
    this.#state = 'busy'
    try {
      const items = group.map(({ item }) => item)
      const { outcomes, commits, busy, broken } = await this.#channel.request('group', {
        items,
        waitMs: this.#patienceOf(group[0]),
      })
      this.#commits += commits
      this.#writes += outcomes.length
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.error) group[index]?.reject(fromWire(outcome.error))
        else group[index]?.resolve(outcome.results)
      }
      if (busy === null) this.#putBack(group.slice(outcomes.length))
      else this.#refuseImpatient(group, fromWire(busy))
      if (broken) await this.#replace()
    } catch (error) {
      for (const { reject } of group) reject(lostWith(error))
    }
  }

  /** The lock stayed held as long as the oldest could wait; those that came later wait on. */
  #refuseImpatient(group: readonly QueuedWrite[], busy: Error): void {
    const patient = group.filter((queued, index) => index > 0 && this.#patienceOf(queued) > 0)
    for (const queued of group) if (!patient.includes(queued)) queued.reject(blame(queued, busy))
    this.#putBack(patient)
  }

  async #checkpoint({ mode, waitMs, resolve, reject }: QueuedCheckpoint): Promise<void> {
    this.#state = 'busy'
    try {
      resolve(await this.#channel.request('checkpoint', { mode, waitMs }))
    } catch (error) {
      reject(toError(error))
    }
  }

  async #runAlone(queued: QueuedAlone): Promise<void> {
    const { statement, reads, resolve, reject } = queued
    this.#state = 'busy'
    try {
      resolve(await this.#channel.request('alone', { ...statement, waitMs: this.#patienceOf(queued) }))
    } catch (error) {
      reject(blame(queued, reads ? toError(error) : lostWith(error)))
    }
    if (reads) this.#reads++
    else this.#writes++
  }

  async #grant(queued: QueuedHold): Promise<void> {
    this.#state = 'transaction'
    const channel = this.#channel
    const begun = channel.request('begin', { waitMs: this.#patienceOf(queued) }).catch((error: unknown) => {
      throw blame(queued, toError(error))
    })
    // Whoever holds it learns of it; nobody has to.
    begun.catch(() => {})
    const { promise: released, resolve: release } = Promise.withResolvers<HoldOutcome>()
    queued.resolve({ channel, begun, release })
    const { committed, broken } = await released
    if (committed) this.#commits++
    if (broken) await this.#replace()
  }

  /** What is left of the time it may wait for other processes (ms). */
  #patienceOf(queued: Queued | undefined): number {
    const age = queued === undefined ? 0 : performance.now() - queued.since
    return Math.max(0, Math.min(this.#options.busyTimeout - age, queued?.limit?.leftMs ?? Number.POSITIVE_INFINITY))
  }

  /** Gives the connection up; the next piece of work starts another, which recovers the file as it opens it. */
  async #replace(): Promise<void> {
    await this.#channel.close({ optimize: false, truncate: false })
  }

  #revive(): void {
    if (this.#options.memory) {
      const reason = 'its thread ended, and with it the in-memory database'
      this.#lost = new ThreadError({ connection: 'writer', reason })
    } else {
      this.#channel = this.#options.start({ again: true })
    }
  }
}

/** A lock that was waited for only as long as the call could wait is not what ended the call. */
function blame({ limit }: Queued, error: Error): Error {
  return error instanceof BusyError ? (limit?.check() ?? error) : error
}

/** A thread that dies with a write in hand may have committed it before: repeating it blindly could do it twice. */
function lostWith(error: unknown): Error {
  if (!(error instanceof ThreadError)) return toError(error)
  return new IndeterminateError({ reason: error.message }, { cause: error })
}

/**
 * The queue in front of the one connection that writes.
 *
 *     write, batch ──▶ ┌───────┐  up to 256 neighbouring writes ──▶ one group ──▶ ┐
 *     alone        ──▶ │ queue │  one statement                 ──▶ by itself ──▶ ├──▶ writer thread
 *     transaction  ──▶ └───────┘  a hold on the connection      ──▶ its owner ──▶ ┘
 *
 * Strictly in order of asking. One thing is with the thread at a time; what arrives meanwhile forms the next group, so
 * there is no delay when the queue is empty and no limit to set. A write's promise settles after its COMMIT.
 *
 *     open ──close()──▶ closing ──queue empty──▶ closed
 *
 * open     the thread may be missing: it is started with the next piece of work
 * closing  new work is refused, queued work is done
 * closed   every promise ever handed out is settled
 */
import { ClosedError, fromWire, IndeterminateError, QueueFullError, ThreadError } from '../../errors.ts'
import type { WriteOutcome } from '../../sqlite/connection.ts'
import { Fifo } from '../../util/fifo.ts'
import type { Channel } from '../thread/channel.ts'
import type { GroupItem, HoldOutcome, WireBatch, WireStatement } from '../thread/protocol.ts'
import { weightOf } from '../thread/results.ts'
import type { ConnectionState, ConnectionStatus } from '../types.ts'

/** Writes that share one commit at most. */
const MAX_GROUP = 256

interface QueuedWrite {
  readonly kind: 'write'
  readonly item: GroupItem
  readonly bytes: number
  readonly since: number
  readonly resolve: (results: WriteOutcome[]) => void
  readonly reject: (error: Error) => void
}

interface QueuedAlone {
  readonly kind: 'alone'
  readonly statement: WireStatement
  readonly bytes: number
  readonly since: number
  readonly resolve: (result: WriteOutcome) => void
  readonly reject: (error: Error) => void
}

interface QueuedHold {
  readonly kind: 'hold'
  readonly state: ConnectionState
  readonly bytes: 0
  readonly since: number
  readonly resolve: (hold: WriterHold) => void
  readonly reject: (error: Error) => void
}

type Queued = QueuedWrite | QueuedAlone | QueuedHold

/** The connection, for one owner until `release`. */
export interface WriterHold {
  readonly channel: Channel
  readonly release: (outcome: HoldOutcome) => void
}

export interface WriterOptions {
  /** Starts a thread with the writing connection. */
  readonly start: () => Channel
  readonly maxQueuedWrites: number
  readonly maxQueuedBytes: number
}

export class Writer {
  readonly #options: WriterOptions
  readonly #queue = new Fifo<Queued>()
  #channel: Channel
  #state: ConnectionState = 'idle'
  #pragmas: ConnectionStatus['pragmas'] = null
  #queuedBytes = 0
  #pumping = false
  #closing = false
  readonly #drained = Promise.withResolvers<void>()
  #writes = 0
  #commits = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.#channel = this.#start()
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

  get counters(): { readonly writes: number; readonly commits: number } {
    return { writes: this.#writes, commits: this.#commits }
  }

  /** Queues one write, or several that are all or nothing. */
  write(statements: WireBatch, atomic: boolean): Promise<WriteOutcome[]> {
    const bytes = statements.reduce((sum, statement) => sum + weightOf(statement), 0)
    return this.#enqueue(bytes, ({ resolve, reject, since }) => ({
      kind: 'write',
      item: { statements, atomic },
      bytes,
      since,
      resolve,
      reject,
    }))
  }

  /** Queues a statement that shares a transaction with nobody. */
  alone(statement: WireStatement): Promise<WriteOutcome> {
    const bytes = weightOf(statement)
    return this.#enqueue(bytes, ({ resolve, reject, since }) => ({
      kind: 'alone',
      statement,
      bytes,
      since,
      resolve,
      reject,
    }))
  }

  /** Queues for the connection itself; nothing else is written until it is released. */
  hold(state: 'transaction' | 'snapshot' | 'stream'): Promise<WriterHold> {
    return this.#enqueue(0, ({ resolve, reject, since }) => ({ kind: 'hold', state, bytes: 0, since, resolve, reject }))
  }

  status(): ConnectionStatus {
    const { sql, ageMs } = this.#channel.current ?? { sql: null, ageMs: null }
    return { label: this.#channel.label, state: this.#state, sql, sqlAgeMs: ageMs, pragmas: this.#pragmas }
  }

  /** Does everything that is queued, then closes the connection and ends the thread. */
  async close(tidy: { readonly optimize: boolean; readonly truncate: boolean }): Promise<void> {
    await this.drain()
    await this.#channel.close(tidy)
    this.#state = 'ended'
  }

  /** Refuses new work; resolves when everything queued is done. */
  async drain(): Promise<void> {
    this.#closing = true
    if (!this.#pumping && this.#queue.size === 0) this.#drained.resolve()
    await this.#drained.promise
  }

  #enqueue<T>(
    bytes: number,
    create: (settle: { resolve: (value: T) => void; reject: (error: Error) => void; since: number }) => Queued,
  ): Promise<T> {
    if (this.#closing) return Promise.reject(new ClosedError({ what: 'the database' }))
    const full = this.#full(bytes)
    if (full !== null) return Promise.reject(full)
    return new Promise<T>((resolve, reject) => {
      this.#queue.push(create({ resolve, reject, since: performance.now() }))
      this.#queuedBytes += bytes
      if (this.#pumping) return
      this.#pumping = true
      // In a microtask, so that writes made in one go share a group from the first on.
      queueMicrotask(() => void this.#pump())
    })
  }

  #full(bytes: number): QueueFullError | null {
    const { maxQueuedWrites, maxQueuedBytes } = this.#options
    const facts = { depth: this.#queue.size, bytes: this.#queuedBytes }
    if (this.#queue.size >= maxQueuedWrites) return new QueueFullError({ ...facts, limit: `${maxQueuedWrites} writes` })
    // A single write larger than the limit is let through when nothing else waits: refusing it would refuse it for ever.
    const tooLarge = this.#queuedBytes + bytes > maxQueuedBytes && this.#queuedBytes > 0
    return tooLarge ? new QueueFullError({ ...facts, limit: `${maxQueuedBytes} bytes` }) : null
  }

  /** Works off the queue; the only place that takes from it. Nothing in it throws. */
  async #pump(): Promise<void> {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      if (this.#channel.state === 'ended') this.#channel = this.#start()
      if (next.kind === 'write') await this.#commitGroup(this.#gather(next))
      else if (next.kind === 'alone') await this.#runAlone(next)
      else await this.#grant(next)
      this.#state = 'idle'
    }
    this.#pumping = false
    if (this.#closing) this.#drained.resolve()
  }

  #take(): Queued | undefined {
    const queued = this.#queue.shift()
    if (queued !== undefined) this.#queuedBytes -= queued.bytes
    return queued
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
      const { outcomes, commits, broken } = await this.#channel.request('group', items)
      this.#commits += commits
      for (const [index, outcome] of outcomes.entries()) {
        if ('error' in outcome) group[index]?.reject(fromWire(outcome.error))
        else group[index]?.resolve(outcome.results)
      }
      this.#writes += outcomes.length
      for (const queued of group.slice(outcomes.length).reverse()) {
        this.#queue.unshift(queued)
        this.#queuedBytes += queued.bytes
      }
      if (broken) await this.#replace()
    } catch (error) {
      for (const { reject } of group) reject(lostWith(error))
    }
  }

  async #runAlone({ statement, resolve, reject }: QueuedAlone): Promise<void> {
    this.#state = 'busy'
    try {
      resolve(await this.#channel.request('alone', statement))
      this.#writes++
    } catch (error) {
      reject(lostWith(error))
    }
  }

  async #grant({ state, resolve }: QueuedHold): Promise<void> {
    this.#state = state
    const { promise: released, resolve: release } = Promise.withResolvers<HoldOutcome>()
    resolve({ channel: this.#channel, release })
    const { committed, broken } = await released
    if (committed) this.#commits++
    if (broken) await this.#replace()
  }

  /** Gives the connection up; the next piece of work starts another, which recovers the file as it opens it. */
  async #replace(): Promise<void> {
    await this.#channel.close({ optimize: false, truncate: false })
  }

  #start(): Channel {
    const channel = this.#options.start()
    channel.opened.then(
      ({ pragmas }) => {
        this.#pragmas = pragmas
      },
      () => {},
    )
    return channel
  }
}

/** A thread that dies with a write in hand may have committed it before: repeating it blindly could do it twice. */
function lostWith(error: unknown): Error {
  if (!(error instanceof ThreadError)) return error as Error
  return new IndeterminateError({ reason: error.message }, { cause: error })
}

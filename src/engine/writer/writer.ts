/**
 * The queue in front of the one connection that writes.
 *
 *     write, batch ──▶ ┌───────┐  up to 256 neighbouring writes ──▶ one group ──▶ ┐
 *     alone        ──▶ │ queue │  one statement                 ──▶ by itself ──▶ ├──▶ writer thread
 *     transaction  ──▶ │       │  a hold on the connection      ──▶ its owner ──▶ │
 *     checkpoint   ──▶ └───────┘  in front of everything else   ──▶ by itself ──▶ ┤
 *     step         ──▶ in turn with what the queue gives        ──▶ by itself ──▶ ┘
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
 * A call that ends while its work is with the thread has it stopped, where that can be done; its promise settles with what
 * really came of it.
 */
import { ClosedError, fromWire, ThreadError } from '../../errors.ts'
import type { CheckpointMode, CheckpointNumbers } from '../../sqlite/checkpoint-types.ts'
import type { WriteOutcome } from '../../sqlite/connection.ts'
import { toError } from '../../util/attempt.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import { CLOSE_GRACE_MS } from '../thread/close-grace.ts'
import { connectionStatus } from '../thread/connection-status.ts'
import { statementTimedOut } from '../thread/limits.ts'
import type {
  GroupItem,
  GroupOutcome,
  HoldOutcome,
  Operation,
  Operations,
  WireBatch,
  WireStatement,
} from '../thread/protocol.ts'
import { weightOf } from '../thread/results.ts'
import type { Sent } from '../thread/sent.ts'
import type { ConnectionState, ConnectionStatus } from '../types.ts'
import { blame, lostWith, stopOf } from './failures.ts'
import { type Piece, type RunningLimit, Supervision } from './supervision.ts'
import {
  type Queued,
  type QueuedAlone,
  type QueuedCheckpoint,
  type QueuedHold,
  type QueuedStep,
  type QueuedWrite,
  type Waiting,
  WriteQueue,
  type WriteQueueOptions,
  type WriterHold,
} from './write-queue.ts'

export interface WriterOptions extends WriteQueueOptions {
  /** Starts a thread with the writing connection. `again`: the file has been there before. */
  readonly start: (options: { readonly again: boolean }) => Channel
  /** What is in memory is gone with its thread. */
  readonly memory: boolean
  /** How long a single statement may run where its call has no time limit of its own (ms); 0: as long as it needs. */
  readonly statementTimeoutMs: number
  /** Called before each piece of work is taken from the queue. */
  readonly beforeWork: () => void
  /** Called when the queue has run empty. */
  readonly afterWork: () => void
  /** Runs a checkpoint, and what has to be done around it. */
  readonly aroundCheckpoint: (mode: CheckpointMode, waitMs: number, run: RunCheckpoint) => Promise<CheckpointNumbers>
  /** So many writes were committed together. */
  readonly onGroup: (writes: number) => void
}

/** Runs a checkpoint on the writer's connection. */
export type RunCheckpoint = (mode: CheckpointMode, waitMs: number) => Promise<CheckpointNumbers>

export class Writer {
  readonly #options: WriterOptions
  readonly #queue: WriteQueue
  #channel: Channel
  #state: ConnectionState = 'idle'
  #running: RunningLimit
  /** Of what the thread has in hand. */
  #supervision: Supervision | null = null
  /** Of a copy. */
  #step: QueuedStep | null = null
  #hasStepped = false
  #pumping = false
  #closing = false
  #lost: Error | null = null
  readonly #drained = Promise.withResolvers<void>()
  #writes = 0
  #commits = 0
  #reads = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.#queue = new WriteQueue(options)
    this.#running = { ms: options.statementTimeoutMs, always: false, error: statementTimedOut }
    this.#channel = options.start({ again: false })
  }

  /** Settles when the first connection is open, or with the reason why it is not. */
  get opened(): Channel['opened'] {
    return this.#channel.opened
  }

  get queued(): WriteQueue['status'] {
    return this.#queue.status
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
    const { sql } = statement
    const piece = { sql, single: reads, stoppedBy: null }
    return this.#enqueue(weightOf(statement), limit, (waiting) => ({
      kind: 'alone',
      statement,
      reads,
      ...piece,
      ...waiting,
    }))
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
    this.#queue.putBack([{ kind: 'checkpoint', mode, waitMs, ...waiting }])
    this.#startPumping()
  }

  /**
   * Runs a step of a copy: after the next piece of work when some waits, else at once. So it has half of the writer's time at
   * most, if a step is as long as a piece. Another one is asked for when this one is done.
   */
  step<O extends Operation>(op: O, argument: Operations[O]['argument']): Promise<Operations[O]['result']> {
    if (this.#closing) return Promise.reject(new ClosedError({ what: 'the database' }))
    return new Promise((resolve, reject) => {
      const run = (channel: Channel): Promise<void> => channel.request(op, argument).then(resolve, reject)
      this.#step = { kind: 'step', run, reject }
      this.#startPumping()
    })
  }

  /** Refuses the work at the front of the queue that has waited for as long as it may wait for others. */
  refuseOverdue(reason: () => Error): void {
    this.#queue.refuseOverdue(reason)
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

  /** Refuses new work; resolves when everything queued is done, single statements as far as each fits into the grace. */
  async drain(): Promise<void> {
    if (!this.#closing) {
      this.#running = { ms: CLOSE_GRACE_MS, always: true, error: () => new ClosedError({ what: 'the database' }) }
      this.#supervision?.changeLimit(this.#running)
    }
    this.#closing = true
    if (!this.#pumping && this.#queue.size === 0) this.#drained.resolve()
    await this.#drained.promise
  }

  #enqueueWrite(item: GroupItem, limit: CallLimit | null): Promise<WriteOutcome[]> {
    const bytes = item.statements.reduce((sum, statement) => sum + weightOf(statement), 0)
    const piece = { sql: item.statements[0]?.sql ?? '', single: !item.atomic, stoppedBy: null }
    return this.#enqueue(bytes, limit, (waiting) => ({ kind: 'write', item, ...piece, ...waiting }))
  }

  #enqueue<Result>(
    bytes: number,
    limit: CallLimit | null,
    create: (waiting: Waiting<Result>) => Queued,
  ): Promise<Result> {
    const refused = this.#closing ? new ClosedError({ what: 'the database' }) : (this.#lost ?? this.#queue.full(bytes))
    if (refused !== null) return Promise.reject(refused)
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push(create({ resolve, reject, bytes, since: performance.now(), limit }))
      this.#startPumping()
    })
  }

  #startPumping(): void {
    if (this.#pumping) return
    this.#pumping = true
    // In a microtask, so that writes made in one go share a group from the first on.
    queueMicrotask(() => void this.#pump())
  }

  /** Works off the queue; the only place that takes from it. What a piece of work throws is that piece's own. */
  async #pump(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (this.#lost === null && this.#channel.state === 'ended') this.#revive()
      if (this.#lost !== null) next.reject(this.#lost)
      else if (next.kind === 'step') await this.#runStep(next)
      else if (next.kind === 'checkpoint') await this.#checkpoint(next)
      else if (next.kind === 'write') await this.#commitGroup(this.#queue.gather(next))
      else if (next.kind === 'alone') await this.#runAlone(next)
      else await this.#grant(next)
      this.#state = 'idle'
    }
    this.#pumping = false
    this.#options.afterWork()
    if (this.#closing) this.#drained.resolve()
  }

  #next(): Queued | QueuedStep | undefined {
    if (this.#queue.size > 0) this.#options.beforeWork()
    const step = this.#step
    this.#hasStepped = step !== null && (this.#queue.size === 0 || !this.#hasStepped)
    if (step === null || !this.#hasStepped) return this.#queue.take()
    this.#step = null
    return step
  }

  async #runStep({ run }: QueuedStep): Promise<void> {
    this.#state = 'busy'
    await run(this.#channel)
  }

  async #commitGroup(group: readonly QueuedWrite[]): Promise<void> {
    this.#state = 'busy'
    try {
      const items = group.map(({ item }) => item)
      const waitMs = this.#patienceOf(group[0])
      const sent = this.#channel.start('group', { items, waitMs }, items.length)
      const { outcomes, commits, busy, broken } = await this.#supervised(sent, group)
      this.#commits += commits
      this.#tellGroups(outcomes, commits)
      this.#writes += outcomes.length
      for (const [index, outcome] of outcomes.entries()) {
        const queued = group[index]
        if (outcome.error) queued?.reject(stopOf(queued, outcome.error) ?? fromWire(outcome.error))
        else queued?.resolve(outcome.results)
      }
      if (busy === null) this.#queue.putBack(group.slice(outcomes.length))
      else this.#refuseImpatient(group, fromWire(busy))
      if (broken) await this.#replace()
    } catch (error) {
      for (const { reject } of group) reject(lostWith(error))
    }
  }

  /** Those that failed are in no commit. */
  #tellGroups(outcomes: GroupOutcome['outcomes'], commits: number): void {
    const written = outcomes.filter(({ results }) => results !== undefined).length
    if (commits === 1) this.#options.onGroup(written)
    else for (let each = 0; each < commits; each++) this.#options.onGroup(1)
  }

  /** The lock stayed held as long as the oldest could wait; those that came later wait on. */
  #refuseImpatient(group: readonly QueuedWrite[], busy: Error): void {
    const patient = group.filter((queued, index) => index > 0 && this.#patienceOf(queued) > 0)
    for (const queued of group) if (!patient.includes(queued)) queued.reject(blame(queued, busy))
    this.#queue.putBack(patient)
  }

  async #checkpoint({ mode, waitMs, resolve, reject }: QueuedCheckpoint): Promise<void> {
    this.#state = 'busy'
    try {
      resolve(await this.#options.aroundCheckpoint(mode, waitMs, this.#runCheckpoint))
    } catch (error) {
      reject(toError(error))
    }
  }

  async #runAlone(queued: QueuedAlone): Promise<void> {
    const { statement, reads, resolve, reject } = queued
    this.#state = 'busy'
    try {
      const sent = this.#channel.start('alone', { ...statement, waitMs: this.#patienceOf(queued) })
      resolve(await this.#supervised(sent, [queued]))
    } catch (error) {
      reject(stopOf(queued, error) ?? blame(queued, reads ? toError(error) : lostWith(error)))
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

  /** The outcome of what was sent, which is stopped when it takes too long. */
  async #supervised<O extends Operation>(sent: Sent<O>, pieces: readonly Piece[]): Promise<Operations[O]['result']> {
    const supervision = new Supervision(sent, pieces, this.#running)
    this.#supervision = supervision
    try {
      return await sent.result
    } finally {
      supervision.end()
      this.#supervision = null
    }
  }

  readonly #runCheckpoint: RunCheckpoint = (mode, waitMs) => this.#channel.request('checkpoint', { mode, waitMs })

  #patienceOf(queued: Queued | undefined): number {
    return queued === undefined ? 0 : this.#queue.patienceOf(queued)
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

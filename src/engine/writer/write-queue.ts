/**
 * What waits for the writer's connection, in order of asking, within its limits. How long a piece of work may wait for other
 * processes counts from the call, not from its turn. A call that ends while its work is queued takes it out, and it is
 * never run.
 */
import { QueueFullError } from '../../errors.ts'
import type { CheckpointMode, CheckpointNumbers } from '../../sqlite/checkpoint-types.ts'
import type { WriteOutcome } from '../../sqlite/connection.ts'
import { Fifo, type Place } from '../../util/fifo.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import type { Channel } from '../thread/channel.ts'
import type { GroupItem, HoldOutcome, WireStatement } from '../thread/protocol.ts'
import type { Piece } from './supervision.ts'

/** Writes that share one commit at most. */
const MAX_GROUP = 256

export interface Waiting<Result> {
  readonly bytes: number
  readonly since: number
  readonly limit: CallLimit | null
  readonly resolve: (result: Result) => void
  readonly reject: (error: Error) => void
}

export interface QueuedWrite extends Waiting<WriteOutcome[]>, Piece {
  readonly kind: 'write'
  readonly item: GroupItem
}

export interface QueuedAlone extends Waiting<WriteOutcome>, Piece {
  readonly kind: 'alone'
  readonly statement: WireStatement
  readonly reads: boolean
}

export interface QueuedHold extends Waiting<WriterHold> {
  readonly kind: 'hold'
}

export interface QueuedCheckpoint extends Waiting<CheckpointNumbers> {
  readonly kind: 'checkpoint'
  readonly mode: CheckpointMode
  readonly waitMs: number
}

/** A step of something that goes on between the other work. */
export interface QueuedStep extends Pick<Waiting<never>, 'reject'> {
  readonly kind: 'step'
  /** Never rejects. */
  readonly run: (channel: Channel) => Promise<void>
}

export type Queued = QueuedCheckpoint | QueuedWrite | QueuedAlone | QueuedHold

/** The connection for one owner until `release`. BEGIN is on its way: what is sent behind it is inside. */
export interface WriterHold {
  readonly channel: Channel
  /** Settles with BEGIN. */
  readonly begun: Promise<unknown>
  readonly release: (outcome: HoldOutcome) => void
}

export interface WriteQueueOptions {
  /** How long a piece of work may wait for other processes (ms). */
  readonly busyTimeout: number
  readonly maxQueuedWrites: number
  readonly maxQueuedBytes: number
}

export class WriteQueue {
  readonly #options: WriteQueueOptions
  readonly #queue = new Fifo<Queued>()
  #bytes = 0

  constructor(options: WriteQueueOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#queue.size
  }

  get status(): { readonly writes: number; readonly bytes: number; readonly oldestMs: number } {
    const oldest = this.#queue.peek()
    return {
      writes: this.#queue.size,
      bytes: this.#bytes,
      oldestMs: oldest === undefined ? 0 : performance.now() - oldest.since,
    }
  }

  /** Why there is no room for so many bytes more, or `null`. */
  full(bytes: number): QueueFullError | null {
    const { maxQueuedWrites, maxQueuedBytes } = this.#options
    const facts = { depth: this.#queue.size, bytes: this.#bytes }
    if (this.#queue.size >= maxQueuedWrites) return new QueueFullError({ ...facts, limit: `${maxQueuedWrites} writes` })
    // A single write larger than the limit is let through when nothing else waits: refusing it would refuse it for ever.
    const tooLarge = this.#bytes + bytes > maxQueuedBytes && this.#bytes > 0
    return tooLarge ? new QueueFullError({ ...facts, limit: `${maxQueuedBytes} bytes` }) : null
  }

  push(queued: Queued): void {
    this.#leaveWhenEnded(queued, this.#queue.push(queued))
    this.#bytes += queued.bytes
  }

  /** Puts them in front again, without those whose call has ended meanwhile: nothing of them was kept. */
  putBack(queued: readonly Queued[]): void {
    for (const one of queued.toReversed()) {
      const place = this.#queue.unshift(one)
      this.#bytes += one.bytes
      this.#leaveWhenEnded(one, place)
    }
  }

  take(): Queued | undefined {
    const queued = this.#queue.shift()
    if (queued !== undefined) this.#bytes -= queued.bytes
    return queued
  }

  /** The writes that may share a group with `first`, which has been taken. */
  gather(first: QueuedWrite): QueuedWrite[] {
    const group = [first]
    while (group.length < MAX_GROUP && this.#queue.peek()?.kind === 'write') group.push(this.take() as QueuedWrite)
    return group
  }

  /** Refuses what is at the front and has waited for as long as it may wait for others. */
  refuseOverdue(reason: () => Error): void {
    for (let first = this.#queue.peek(); first !== undefined; first = this.#queue.peek()) {
      if (first.kind === 'checkpoint' || this.patienceOf(first) > 0) return
      this.take()
      first.reject(reason())
    }
  }

  /** What is left of the time it may wait for other processes (ms). */
  patienceOf({ since, limit }: Queued): number {
    const left = this.#options.busyTimeout - (performance.now() - since)
    return Math.max(0, Math.min(left, limit?.leftMs ?? Number.POSITIVE_INFINITY))
  }

  #leaveWhenEnded(queued: Queued, place: Place<Queued>): void {
    queued.limit?.onEnd((error) => {
      if (!this.#queue.remove(place)) return
      this.#bytes -= queued.bytes
      queued.reject(error)
    })
  }
}

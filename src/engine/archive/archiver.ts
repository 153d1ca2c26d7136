/**
 * The archive of the log, on the main thread: says when the archive's thread captures, lets checkpoints wait for it, and keeps
 * count of what waits for the store.
 *
 *     off ──resume(), begin()──▶ streaming ──a gap, no space, too much behind, end()──▶ off
 *      └──────────────────────────────close()──▶ closed ◀──────┘
 *
 * off        no thread, no hold on the log, nothing to wait for
 * streaming  all that is committed is captured at the latest CAPTURE_MS later, and before any checkpoint
 * closed     the thread has ended; what is finished stays in the spool for the next opening
 *
 * The spool belongs to one process at a time, which has a lock on it from the first of these until it closes.
 *
 * A stream that ends is told to the listeners of `ended`, who make a snapshot and begin another. Writes never wait for a store;
 * a checkpoint that lets the log start again waits for the capture of what is left, some milliseconds of reading.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CheckpointMode, CheckpointNumbers, LogState } from '../../sqlite/checkpoint-types.ts'
import { type ExclusiveLock, lockExclusively } from '../../sqlite/exclusive-lock.ts'
import { toError } from '../../util/attempt.ts'
import type { ArchiveReply, ArchiveRequest, Seen } from '../thread/archive-requests.ts'
import type { Channel } from '../thread/channel.ts'
import { connectionStatus } from '../thread/connection-status.ts'
import type {
  ArchiveListener,
  ArchiveStats,
  ConnectionStatus,
  EngineArchive,
  FinishedSegment,
  StreamPoint,
} from '../types.ts'

/** What has been committed is captured at the latest so much later (ms), */
const CAPTURE_MS = 250
/** or when so much of it waits: little is left then for a checkpoint to wait for (bytes). */
const CAPTURE_BYTES = 2 ** 20
/** A segment is finished, and so goes to the store, at the latest so long after its first commit (ms). */
const FINISH_MS = 5_000
/** What other processes commit is looked for so often (ms); a look takes some microseconds. */
const LOOK_MS = 1_000
/** Commits that nobody has looked at are looked at so much later (ms): how exact their times are. */
const SEEN_MS = 2
/** How long after the log was emptied the file is looked at (ms): its time must be told from that of a later write. */
const REST_MS = 50
/** In the spool. */
const LOCK_FILE = 'lock'

export interface ArchiverOptions {
  readonly start: () => Channel
  /** The spool's. */
  readonly folder: string
  readonly pageBytes: number
  /** What may wait for the store (bytes). */
  readonly maxBacklogBytes: number
  readonly look: () => LogState | null
}

/** Runs a checkpoint on the connection that is to run it. */
type RunCheckpoint = (mode: CheckpointMode, waitMs: number) => Promise<CheckpointNumbers>

export class Archiver implements EngineArchive {
  readonly #options: ArchiverOptions
  readonly #listeners = new Set<ArchiveListener>()
  #channel: Channel | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #reply: ArchiveReply | null = null
  #seen: Seen[] = []
  #seenFrames = 0
  #waiting = new Map<string, number>()
  #captureTimer: NodeJS.Timeout | undefined
  #finishTimer: NodeJS.Timeout | undefined
  #restTimer: NodeJS.Timeout | undefined
  #lookTimer: NodeJS.Timeout | undefined
  #seenTimer: NodeJS.Timeout | undefined
  /** A capture that nobody waits for is under way; the next comes after it. */
  #capturing = false
  #endedBecause: string | null = null
  #lock: ExclusiveLock | null = null
  #elsewhere: string | null = null
  #shared: { readonly value: unknown; users: number } | null = null
  #closed = false

  constructor(options: ArchiverOptions) {
    this.#options = options
  }

  stats(): ArchiveStats {
    const reply = this.#reply
    return {
      folder: this.#options.folder,
      stream: reply?.stream ?? null,
      commit: reply?.commit ?? 0,
      time: reply === null || reply.timeMs === 0 ? null : new Date(reply.timeMs),
      backlogBytes: this.#backlog(),
      maxBacklogBytes: this.#options.maxBacklogBytes,
      endedBecause: this.#endedBecause,
      elsewhere: this.#elsewhere,
    }
  }

  /** Its thread's connection, while it has one. */
  status(): ConnectionStatus[] {
    if (this.#channel === null) return []
    // It holds the log where it is, which is no reader in the way: checkpoints have it moved on first.
    return [connectionStatus(this.#channel, this.#channel.current === null ? 'idle' : 'busy')]
  }

  /** @returns a function that ends it. */
  listen(listener: ArchiveListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Goes on with the stream of the process before; resolves with whether that can be done without a gap. */
  resume(): Promise<boolean> {
    return this.#inTurn(async () => {
      // Without a folder there was no process before.
      if (existsSync(this.#options.folder) && this.#own()) await this.#resume()
      return this.#reply !== null
    })
  }

  /** Begins a stream, if there is none; what is committed from here on is in it. */
  begin(stream: string, commit: number): Promise<StreamPoint | null> {
    return this.#inTurn(async () => {
      if (this.#reply !== null || this.#closed) return this.mark()
      const first = this.#lock === null
      mkdirSync(this.#options.folder, { recursive: true })
      if (!this.#own()) return null
      if (first) await this.#resume()
      if (this.#reply !== null) return this.#point()
      this.#endedBecause = this.#tooMuch()
      if (this.#endedBecause !== null) return null
      await this.#ask({ kind: 'begin', folder: this.#options.folder, stream, commit })
      return this.#point()
    })
  }

  /** Captures all that is committed now; where the stream is then. `null`: there is none. */
  async mark({ finish = false }: { readonly finish?: boolean } = {}): Promise<StreamPoint | null> {
    await this.#capture(finish)
    return this.#point()
  }

  /** Ends the stream, and lets the log go. */
  async end(reason: string): Promise<void> {
    if (this.#reply !== null) await this.#ask({ kind: 'end', reason })
  }

  /** Finished segments that were found in the spool, or have been stored since. */
  waits({ stream, number, bytes }: FinishedSegment): void {
    this.#waiting.set(`${stream}/${number}`, bytes)
  }
  stored({ stream, number }: FinishedSegment): void {
    this.#waiting.delete(`${stream}/${number}`)
  }

  share<T>(make: () => T): { readonly shared: T; readonly release: () => boolean } {
    this.#shared ??= { value: make(), users: 0 }
    const own = this.#shared
    own.users++
    const release = (): boolean => --own.users === 0
    return { shared: own.value as T, release }
  }

  /** Told of every look at the log. */
  saw({ frames }: LogState): void {
    const reply = this.#reply
    if (reply === null) return
    if (frames !== this.#seenFrames) {
      this.#seenFrames = frames
      this.#seen.push({ frames, timeMs: Date.now() })
    }
    const { frame } = reply.position
    const pending = frames >= frame ? frames - frame : frames
    if (pending === 0) return
    if (pending * this.#options.pageBytes >= CAPTURE_BYTES) this.#captureSoon(0)
    else this.#captureSoon(CAPTURE_MS)
  }

  /** Told when the writer has nothing to do: its last commits have been seen by nobody yet. */
  idle(): void {
    if (this.#reply === null) return
    this.#seenTimer ??= setTimeout(() => {
      this.#seenTimer = undefined
      this.#look()
    }, SEEN_MS).unref()
  }

  /**
   * Runs a checkpoint around which nothing is missed. The hold keeps what it reads from being copied or overwritten, so it is
   * moved on first; once everything is copied it reads the file alone, and the log may start again.
   */
  async checkpoint(mode: CheckpointMode, waitMs: number, run: RunCheckpoint): Promise<CheckpointNumbers> {
    if (this.#reply === null) return run(mode, waitMs)
    const until = performance.now() + waitMs
    const left = (): number => Math.max(0, until - performance.now())
    await this.#capture()
    if (mode === 'FULL') return run(mode, left())
    if (mode === 'PASSIVE') return upToHold(await run(mode, left()), this.#reply.position.frame)
    const copied = await run('FULL', left())
    if (copied.busy || copied.copied !== copied.frames) return copied
    await this.#capture()
    const numbers = await run(mode, left())
    if (mode === 'TRUNCATE') this.#restSoon()
    return numbers
  }

  /**
   * Captures the last of it and ends the thread. All of the log is copied into the file first, and the log emptied, so that
   * the next process can tell that nothing was written in between.
   *
   * @param emptyLog Lets the writer, the last other connection that is open, do that by way of {@link Archiver.checkpoint}.
   */
  async close(emptyLog: () => Promise<unknown>): Promise<void> {
    try {
      await this.#turn
      if (this.#reply !== null) {
        await emptyLog()
        await this.#capture(true)
        if (!(await this.#rests())) {
          await pause(REST_MS)
          await this.#rests()
        }
      }
    } finally {
      this.#closed = true
      await this.#stop().finally(() => this.#lock?.release())
      this.#lock = null
    }
  }

  async #rests(): Promise<boolean> {
    return this.#reply === null || (await this.#ask({ kind: 'rest' }))?.resting !== false
  }

  async #resume(): Promise<void> {
    if (this.#reply === null) await this.#ask({ kind: 'resume', folder: this.#options.folder })
    await this.#capture()
    if (this.#reply === null) await this.#stop()
  }

  /** Takes the spool, unless another process has it. */
  #own(): boolean {
    if (this.#lock !== null) return true
    const lock = lockExclusively(join(this.#options.folder, LOCK_FILE))
    this.#elsewhere = typeof lock === 'string' ? lock || 'another process' : null
    if (typeof lock !== 'string') this.#lock = lock
    return this.#lock !== null
  }

  /** What begins a stream is done one at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }

  #point(): StreamPoint | null {
    const reply = this.#reply
    return reply?.stream == null ? null : { stream: reply.stream, commit: reply.commit }
  }

  async #capture(finish = false): Promise<void> {
    if (this.#reply === null) return
    clearTimeout(this.#captureTimer)
    this.#captureTimer = undefined
    const seen = this.#seen
    this.#seen = []
    await this.#ask({ kind: 'capture', seen, finish })
  }

  /** What it comes to is kept; a thread that dies takes the stream with it. */
  async #ask(request: ArchiveRequest): Promise<ArchiveReply | null> {
    if (this.#closed) return null
    const channel = (this.#channel ??= this.#options.start())
    try {
      const reply = await channel.request('archive', request)
      for (const segment of reply.finished) this.#finished(segment)
      // It has been given up since.
      if (channel !== this.#channel) return reply
      if (reply.ended === null) this.#follow(reply)
      else await this.#ended(reply.ended)
      return reply
    } catch (error) {
      if (channel === this.#channel) await this.#ended(toError(error).message)
      return null
    }
  }

  #follow(reply: ArchiveReply): void {
    this.#reply = reply.stream === null ? null : reply
    if (this.#reply === null) return
    this.#keepLooking()
    if (reply.openBytes > 0) {
      this.#finishTimer ??= setTimeout(() => {
        this.#finishTimer = undefined
        void this.#capture(true)
      }, FINISH_MS).unref()
    }
    const tooMuch = this.#tooMuch()
    if (tooMuch !== null) void this.end(tooMuch)
  }

  #finished(segment: FinishedSegment): void {
    clearTimeout(this.#finishTimer)
    this.#finishTimer = undefined
    this.waits(segment)
    for (const { finished } of this.#listeners) finished?.(segment)
  }

  async #ended(reason: string): Promise<void> {
    const was = this.#reply
    this.#reply = null
    this.#endedBecause = reason
    await this.#stop()
    if (was !== null) for (const { ended } of this.#listeners) ended?.(reason)
  }

  async #stop(): Promise<void> {
    const timers = [this.#captureTimer, this.#finishTimer, this.#restTimer, this.#lookTimer, this.#seenTimer]
    for (const timer of timers) clearTimeout(timer)
    this.#captureTimer = this.#finishTimer = this.#restTimer = this.#lookTimer = this.#seenTimer = undefined
    this.#seen = []
    const channel = this.#channel
    this.#channel = null
    this.#reply = null
    await channel?.close({ optimize: false, truncate: false })
  }

  #captureSoon(ms: number): void {
    if (this.#capturing) return
    if (ms > 0) {
      this.#captureTimer ??= setTimeout(() => this.#captureSoon(0), ms).unref()
      return
    }
    this.#capturing = true
    void this.#capture().finally(() => {
      this.#capturing = false
    })
  }

  #look(): void {
    const log = this.#reply === null ? null : this.#options.look()
    if (log !== null) this.saw(log)
  }

  #restSoon(): void {
    this.#restTimer ??= setTimeout(() => {
      this.#restTimer = undefined
      void this.#rests()
    }, REST_MS).unref()
  }

  #keepLooking(): void {
    this.#lookTimer ??= setInterval(() => this.#look(), LOOK_MS).unref()
  }

  #tooMuch(): string | null {
    const { maxBacklogBytes } = this.#options
    if (this.#backlog() <= maxBacklogBytes) return null
    return `the store is behind by more than ${maxBacklogBytes} bytes (backup.maxBacklog)`
  }

  #backlog(): number {
    let bytes = this.#reply?.openBytes ?? 0
    for (const each of this.#waiting.values()) bytes += each
    return bytes
  }
}

/** What was committed after the hold was taken is none of that checkpoint's, as what is committed after it began never is. */
function upToHold(numbers: CheckpointNumbers, held: number): CheckpointNumbers {
  return !numbers.busy && numbers.copied >= held ? { ...numbers, frames: numbers.copied } : numbers
}

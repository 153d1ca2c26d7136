/**
 * The main thread's end of one connection's thread.
 *
 *     starting ──greeting──▶ open ──close()──▶ closing ──exit──▶ ended
 *        │                     │                                  ▲
 *        └──cannot open────────┴──thread dies─────────────────────┘
 *
 * starting  requests wait in the thread's own port
 * open      requests are answered in order
 * closing   the thread ends by itself after everything sent before; what else runs in it (a timer of a setup module) does
 *           not keep it for long: it is terminated then, its connection closed, never inside a statement
 * ended     every request ever made is settled, `opened` too
 *
 * Requests settle in the order they were made, however long the rows of one take to be built. One that runs can be stopped
 * where the native extension is loaded; where it is not, `stop` says that it goes on.
 *
 * The thread keeps the process alive only while it owes an answer.
 */
import { Worker } from 'node:worker_threads'
import { ClosedError, fromWire, NoormmeError, ThreadError } from '../../errors.ts'
import { toError } from '../../util/attempt.ts'
import { IncomingRows } from './incoming-rows.ts'
import { Interrupts, type Stopper, UNABLE } from './interrupts.ts'
import { PageCacheRecord } from './page-cache-record.ts'
import type {
  Ahead,
  ConnectionFacts,
  Greeting,
  Operation,
  Operations,
  PageCacheReport,
  Reply,
  Request,
  ThreadData,
} from './protocol.ts'
import { RunSlot, runOf, type Scope } from './run-slot.ts'
import type { SendInterrupt, Sent } from './sent.ts'
import { sqlOf } from './sql-of.ts'
import { packArgument, unflatten } from './travelling-group.ts'
import { unpack } from './travelling-rows.ts'
import { workerArguments } from './worker-arguments.ts'

/** Milliseconds in which a thread whose connection is closed ends by itself. It takes a few. */
const END_GRACE_MS = 500

interface Pending {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
  readonly sql: string | null
  readonly since: number
  /** What has come of its rows while they are still being read. */
  rows: IncomingRows | null
  /** Nobody waits for them any more. */
  unwanted: boolean
  /** Its answer has come. */
  answered: boolean
  /** Gives its answer to the caller; `null` until there is one with all rows built. */
  settle: (() => void) | null
}

export interface ChannelHooks {
  /** `null` where nothing that runs can be stopped. */
  readonly interrupt: SendInterrupt | null
  /** A request has waited so long for locks of other processes (ms). */
  readonly onBusyWait: (ms: number) => void
}

export class Channel {
  readonly label: string
  /** Settles when the connection is open, or with the reason why it could not be opened. */
  readonly opened: Promise<ConnectionFacts>
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** What its page cache did. */
  readonly pageCache = new PageCacheRecord()
  readonly #opened = Promise.withResolvers<ConnectionFacts>()
  readonly #exited = Promise.withResolvers<void>()
  /** `null` when the system had no thread to give. */
  readonly #worker: Worker | null
  /** Why the thread is about to end, when it said so. */
  #reason: Error | null = null
  readonly #pending = new Map<number, Pending>()
  #state: 'starting' | 'open' | 'closing' | 'ended' = 'starting'
  #facts: ConnectionFacts | null = null
  #nextId = 1
  #inTransaction = false
  readonly #slot = new RunSlot()
  #stopper: Stopper
  readonly #onBusyWait: (ms: number) => void

  constructor(entry: URL, options: ThreadData['options'], { interrupt, onBusyWait }: ChannelHooks) {
    this.#onBusyWait = onBusyWait
    this.label = options.label
    this.opened = this.#opened.promise
    this.ended = this.#exited.promise
    this.#stopper = interrupt === null ? UNABLE : new Interrupts(this.#slot, () => this.#interrupt(interrupt))
    // Whoever needs the outcome of opening awaits it; nobody has to.
    this.opened.catch(() => {})
    this.#worker = this.#start(entry, { options, slot: this.#slot.memory })
  }

  get state(): 'starting' | 'open' | 'closing' | 'ended' {
    return this.#state
  }

  /** What the connection said of itself; `null` until it is open. */
  get facts(): ConnectionFacts | null {
    return this.#facts
  }

  /** Whether the connection was inside a transaction after its last answer. */
  get inTransaction(): boolean {
    return this.#inTransaction
  }

  /** The oldest unanswered request: its statement and its age in milliseconds. */
  get current(): { readonly sql: string | null; readonly ageMs: number } | null {
    const [oldest] = this.#pending.values()
    return oldest === undefined ? null : { sql: oldest.sql, ageMs: performance.now() - oldest.since }
  }

  /** Whether a running statement can be stopped. */
  get stoppable(): boolean {
    return this.#stopper.able
  }

  request<O extends Operation>(op: O, argument: Operations[O]['argument']): Promise<Operations[O]['result']> {
    return this.start(op, argument).result
  }

  /** The same, for those who may want it stopped. `pieces`: what it consists of that can be stopped by itself. */
  start<O extends Operation>(op: O, argument: Operations[O]['argument'], pieces = 1): Sent<O> {
    const id = this.#nextId
    if (this.#state === 'closing' || this.#state === 'ended') {
      const reason = new ThreadError({ connection: this.label, reason: 'it has ended already' })
      return { result: Promise.reject(reason), stop: async () => true, running: () => null }
    }
    const result = this.#send(op, argument, pieces)
    return {
      result,
      stop: ({ scope = 'statement', piece = 0, unwanted = false } = {}) => {
        if (unwanted) this.#dropRows(id)
        return this.#stop(result, runOf(id + piece), scope)
      },
      running: () => {
        const run = this.#slot.current
        const piece = run === null ? pieces : runOf(run - id)
        return piece < pieces ? piece : null
      },
    }
  }

  /** Lets the thread finish what was sent, then close its connection and end. */
  async close(tidy: Operations['close']['argument']): Promise<void> {
    if (this.#state === 'ended' || this.#state === 'closing') return this.ended
    this.#state = 'closing'
    // The thread may die instead of answering; then it has ended as well.
    await this.#send('close', tidy).catch(() => null)
    // It ends by itself, at its own pace, unless a user's setup module has left something running in it.
    const timer = setTimeout(() => void this.#worker?.terminate(), END_GRACE_MS)
    await this.ended
    clearTimeout(timer)
  }

  #start(entry: URL, data: ThreadData): Worker | null {
    try {
      const execArgv = workerArguments(process.execArgv)
      const name = `noormme ${this.label}`
      const worker = new Worker(entry, { name, workerData: data, ...(execArgv === undefined ? {} : { execArgv }) })
      worker.once('message', (greeting: Greeting) => this.#greet(worker, greeting))
      worker.once('error', (thrown) => {
        this.#reason ??= this.#died(toError(thrown).message, thrown)
      })
      worker.once('exit', (code) => {
        const closed = this.#state === 'closing' ? new ClosedError({ what: `connection ${this.label}` }) : null
        this.#end(this.#reason ?? closed ?? this.#died(`it exited with code ${code}`))
      })
      return worker
    } catch (error) {
      // In a microtask, as if the thread had ended: nobody has had the chance to listen yet.
      queueMicrotask(() => this.#end(this.#died(toError(error).message, error)))
      return null
    }
  }

  #greet(worker: Worker, greeting: Greeting): void {
    if ('failed' in greeting) {
      this.#reason = fromWire(greeting.failed)
      void worker.terminate()
      return
    }
    if (this.#state === 'starting') this.#state = 'open'
    this.#facts = greeting.opened
    if (this.#facts.native.id === null) this.#stopper = UNABLE
    this.#notePageCache(greeting.opened.pageCache)
    this.#opened.resolve(greeting.opened)
    worker.on('message', (message: Reply | Ahead | PageCacheReport) => {
      if ('pageCache' in message) this.#notePageCache(message.pageCache)
      else if ('ahead' in message) this.#takeAhead(message)
      else this.#answer(message)
    })
    this.#keepAlive()
  }

  #send<O extends Operation>(op: O, argument: Operations[O]['argument'], pieces = 1): Promise<Operations[O]['result']> {
    const id = this.#nextId
    this.#nextId += pieces
    const { promise, resolve, reject } = Promise.withResolvers<Operations[O]['result']>()
    const pending = {
      resolve: resolve as (result: never) => void,
      reject,
      sql: sqlOf(argument),
      since: performance.now(),
      rows: null,
      unwanted: false,
      answered: false,
      settle: null,
    }
    this.#pending.set(id, pending)
    if (this.#pending.size === 1) this.#worker?.ref()
    try {
      this.#worker?.postMessage({ id, op, argument: packArgument(argument) } satisfies Request)
    } catch (error) {
      this.#pending.delete(id)
      this.#keepAlive()
      reject(toError(error))
    }
    return promise
  }

  #notePageCache(counters: PageCacheReport['pageCache'] | null): void {
    if (counters !== null) this.pageCache.add(counters, performance.now())
  }

  /** What waits for the connection to be opened is run, and stopped, when it is. */
  #stop(result: Promise<unknown>, run: number, scope: Scope): Promise<boolean> {
    const stop = (): Promise<boolean> => this.#stopper.stop(result, run, scope)
    return this.#stopper.able && this.#state === 'starting' ? this.opened.then(stop, stop) : stop()
  }

  #interrupt(send: SendInterrupt): boolean {
    const id = this.#facts?.native.id ?? null
    return id !== null && send(id)
  }

  #dropRows(id: number): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) return
    pending.unwanted = true
    pending.rows?.drop()
  }

  #takeAhead({ id, ahead }: Ahead): void {
    const pending = this.#pending.get(id)
    if (pending === undefined || pending.unwanted) return
    pending.rows ??= new IncomingRows()
    pending.rows.add(ahead).start()
  }

  #answer(reply: Reply): void {
    const pending = this.#pending.get(reply.id)
    if (pending === undefined) return
    pending.answered = true
    if (reply.busyMs > 0) this.#onBusyWait(reply.busyMs)
    const result = 'error' in reply ? null : unflatten(reply.result)
    const settle = (): void => {
      if (this.#state !== 'ended') this.#inTransaction = reply.inTransaction
      if ('error' in reply) pending.reject(fromWire(reply.error))
      else pending.resolve(result as never)
    }
    if ('error' in reply) pending.rows?.drop()
    const building = 'error' in reply || pending.unwanted ? null : unpack(result, pending.rows)
    if (building === null) {
      pending.settle = settle
      this.#settleInOrder()
    } else {
      void building.then(() => {
        pending.settle = settle
        this.#settleInOrder()
      })
    }
  }

  #settleInOrder(): void {
    for (const [id, { settle }] of this.#pending) {
      if (settle === null) break
      this.#pending.delete(id)
      settle()
    }
    if (this.#state === 'ended') this.#leave()
    else if (this.#state !== 'closing') this.#keepAlive()
  }

  #keepAlive(): void {
    if (this.#pending.size === 0) this.#worker?.unref()
  }

  #end(error: Error): void {
    this.#state = 'ended'
    this.#inTransaction = false
    this.#opened.reject(error)
    const known = error instanceof NoormmeError ? error : this.#died(error.message, error)
    for (const [id, { answered, rows, reject }] of this.#pending) {
      if (answered) continue
      this.#pending.delete(id)
      rows?.drop()
      reject(known)
    }
    this.#leave()
  }

  /** What was answered before the end is still being built. */
  #leave(): void {
    if (this.#pending.size === 0) this.#exited.resolve()
  }

  #died(reason: string, cause?: unknown): ThreadError {
    return new ThreadError({ connection: this.label, reason }, { cause })
  }
}

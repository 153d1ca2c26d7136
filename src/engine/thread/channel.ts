/**
 * The main thread's end of one connection's thread.
 *
 *     starting ──greeting──▶ open ──close()──▶ closing ──exit──▶ ended
 *        │                     │                                  ▲
 *        └──cannot open────────┴──thread dies─────────────────────┘
 *
 * starting  requests wait in the thread's own port
 * open      requests are answered in order
 * closing   the thread ends after everything sent before
 * ended     every request ever made is settled; `onEnd` has been called once
 *
 * The thread keeps the process alive only while it owes an answer.
 */
import { Worker } from 'node:worker_threads'
import { ClosedError, fromWire, NoormmeError, ThreadError } from '../../errors.ts'
import type { Greeting, Operation, Operations, Reply, Request, ThreadData } from './protocol.ts'
import { workerArguments } from './worker-arguments.ts'

type Opened = Extract<Greeting, { opened: object }>['opened']

interface Pending {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
  readonly sql: string | null
  readonly since: number
}

export class Channel {
  readonly label: string
  /** Settles when the connection is open, or with the reason why it could not be opened. */
  readonly opened: Promise<Opened>
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #state: 'starting' | 'open' | 'closing' | 'ended' = 'starting'
  #nextId = 1
  #inTransaction = false

  constructor(entry: URL, data: ThreadData) {
    this.label = data.options.label
    const opened = Promise.withResolvers<Opened>()
    const ended = Promise.withResolvers<void>()
    this.opened = opened.promise
    this.ended = ended.promise
    // Whoever needs the outcome of opening awaits it; nobody has to.
    this.opened.catch(() => {})

    this.#worker = new Worker(entry, {
      name: `noormme ${this.label}`,
      workerData: data,
      execArgv: workerArguments(process.execArgv),
    })
    let reason: Error | null = null
    this.#worker.once('message', (greeting: Greeting) => {
      if ('failed' in greeting) {
        reason = fromWire(greeting.failed)
        return
      }
      this.#state = 'open'
      opened.resolve(greeting.opened)
      this.#worker.on('message', (reply: Reply) => this.#settle(reply))
      this.#keepAlive()
    })
    this.#worker.once('error', (error) => {
      reason = new ThreadError({ connection: this.label, reason: error.message }, { cause: error })
    })
    this.#worker.once('exit', (code) => {
      const error = reason ?? (this.#state === 'closing' ? new ClosedError({ what: `connection ${this.label}` }) : null)
      this.#end(
        error ?? new ThreadError({ connection: this.label, reason: `it exited with code ${code}` }),
        opened.reject,
      )
      ended.resolve()
    })
  }

  get state(): 'starting' | 'open' | 'closing' | 'ended' {
    return this.#state
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

  request<O extends Operation>(op: O, argument: Operations[O]['argument']): Promise<Operations[O]['result']> {
    if (this.#state === 'closing' || this.#state === 'ended') {
      return Promise.reject(new ThreadError({ connection: this.label, reason: 'it has ended already' }))
    }
    return this.#send(op, argument)
  }

  /** Lets the thread finish what was sent, then close its connection and end. */
  async close(tidy: Operations['close']['argument']): Promise<void> {
    if (this.#state === 'ended' || this.#state === 'closing') return this.ended
    this.#state = 'closing'
    // The thread may die instead of answering; then it has ended as well.
    await this.#send('close', tidy).catch(() => null)
    await this.ended
  }

  #send<O extends Operation>(op: O, argument: Operations[O]['argument']): Promise<Operations[O]['result']> {
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<Operations[O]['result']>()
    this.#pending.set(id, {
      resolve: resolve as (result: never) => void,
      reject,
      sql: sqlOf(argument),
      since: performance.now(),
    })
    if (this.#pending.size === 1) this.#worker.ref()
    const request: Request<O> = { id, op, argument }
    try {
      this.#worker.postMessage(request)
    } catch (error) {
      this.#pending.delete(id)
      this.#keepAlive()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    return promise
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    this.#inTransaction = reply.inTransaction
    if (this.#state !== 'closing') this.#keepAlive()
    if (pending === undefined) return
    if ('error' in reply) pending.reject(fromWire(reply.error))
    else pending.resolve(reply.result as never)
  }

  #keepAlive(): void {
    if (this.#pending.size === 0) this.#worker.unref()
  }

  #end(error: Error, rejectOpened: (error: Error) => void): void {
    this.#state = 'ended'
    this.#inTransaction = false
    rejectOpened(error)
    for (const { reject } of this.#pending.values())
      reject(error instanceof NoormmeError ? error : new ThreadError({ connection: this.label, reason: error.message }))
    this.#pending.clear()
  }
}

/** The text that a request runs, for status displays. */
function sqlOf(argument: unknown): string | null {
  if (typeof argument !== 'object' || argument === null) return null
  if ('sql' in argument && typeof argument.sql === 'string') return argument.sql
  if ('statement' in argument) return sqlOf(argument.statement)
  if ('statements' in argument) return sqlOf(argument.statements)
  return Array.isArray(argument) ? sqlOf(argument[0]) : null
}

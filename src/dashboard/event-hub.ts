/**
 * One source of server-sent events for all pages: what it says is made and encoded once, whoever listens.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 *     idle ──first page──▶ ticking ──last page leaves, or the last message──▶ idle
 *
 * idle     no timer, nothing is asked of the database
 * ticking  one message at a time is made; the next is due `delayMs` after the last. The timer keeps no process alive: a
 *          connection does, for as long as there is one
 *
 * A page that reads too slowly misses messages, and after a minute without reading any it is let go: each message stands
 * for itself. So at most two wait for a page, beside what its socket holds. Who comes in between gets the last one.
 */

export interface Message {
  readonly event: string
  readonly data: string
  /** Every stream ends with it. */
  readonly isLast: boolean
  /** Until the next one is made. */
  readonly delayMs: number
}

export interface EventHubOptions {
  readonly make: () => Promise<Message>
  /** Called when a first page opens; what it returns, when the last has left. */
  readonly begin: () => () => void
  /** Told when a message could not be made; the next one is tried all the same. */
  readonly failed: (error: unknown) => void
}

type Bytes = Uint8Array<ArrayBuffer>

interface Page {
  readonly controller: ReadableStreamDefaultController<Bytes>
  missed: number
}

/** Milliseconds until a browser asks again: soon enough for a restart, and no storm. */
const RETRY_MS = 2_000
/** Milliseconds: after a message that could not be made. */
const TRY_AGAIN_MS = 1_000
/** Milliseconds: less than the half minute after which proxies take a silent connection for dead. */
const HEARTBEAT_MS = 10_000
const MOST_MISSED = 60
const MOST_WAITING = 2
/** Each is a connection of this process and a copy of every message. */
export const MOST_PAGES = 512

const encoder = new TextEncoder()
const HEARTBEAT = encoder.encode(':\n\n')
const HEAD = encoder.encode(`retry: ${RETRY_MS}\n\n`)

export class EventHub {
  readonly #options: EventHubOptions
  readonly #pages = new Set<Page>()
  #end: (() => void) | null = null
  #timer: NodeJS.Timeout | null = null
  #heartbeat: NodeJS.Timeout | null = null
  #isMaking = false
  #last: Bytes | null = null

  constructor(options: EventHubOptions) {
    this.#options = options
  }

  get pages(): number {
    return this.#pages.size
  }

  /** Ends the streams of all pages. */
  end(): void {
    for (const page of this.#pages) this.#close(page)
  }

  /** A stream for one page, until it or `signal` ends it; `null` when there are too many already. */
  open(signal: AbortSignal): ReadableStream<Bytes> | null {
    if (this.#pages.size >= MOST_PAGES) return null
    let page: Page | null = null
    const leave = (): void => {
      if (page !== null) this.#close(page)
    }
    const stream = new ReadableStream<Bytes>(
      {
        start: (controller) => {
          page = { controller, missed: 0 }
          controller.enqueue(HEAD)
        },
        cancel: leave,
      },
      { highWaterMark: MOST_WAITING },
    )
    if (page === null) return null
    this.#pages.add(page)
    if (signal.aborted) leave()
    else {
      signal.addEventListener('abort', leave, { once: true })
      if (this.#last !== null) this.#sendTo(page, this.#last)
      this.#start()
    }
    return stream
  }

  #start(): void {
    if (this.#end !== null) return
    this.#end = this.#options.begin()
    this.#heartbeat = setInterval(() => this.#send(HEARTBEAT), HEARTBEAT_MS).unref()
    this.#schedule(0)
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#tick(), delayMs).unref()
  }

  async #tick(): Promise<void> {
    this.#isMaking = true
    let delayMs = TRY_AGAIN_MS
    try {
      const message = await this.#options.make()
      delayMs = message.delayMs
      this.#last = encoder.encode(`event: ${message.event}\ndata: ${message.data}\n\n`)
      this.#send(this.#last)
      if (message.isLast) this.end()
    } catch (error) {
      this.#options.failed(error)
    }
    this.#isMaking = false
    if (this.#pages.size > 0) this.#schedule(delayMs)
    else this.#stop()
  }

  #send(bytes: Bytes): void {
    for (const page of this.#pages) this.#sendTo(page, bytes)
  }

  #sendTo(page: Page, bytes: Bytes): void {
    if ((page.controller.desiredSize ?? 0) > 0) {
      page.missed = 0
      page.controller.enqueue(bytes)
    } else if (++page.missed > MOST_MISSED) this.#close(page)
  }

  #close(page: Page): void {
    if (!this.#pages.delete(page)) return
    try {
      page.controller.close()
    } catch {
      // Cancelled: it is closed already.
    }
    if (this.#pages.size === 0 && !this.#isMaking) this.#stop()
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat)
    this.#timer = null
    this.#heartbeat = null
    this.#last = null
    this.#end?.()
    this.#end = null
  }
}

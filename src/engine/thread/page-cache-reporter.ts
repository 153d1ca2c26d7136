/**
 * Tells the main thread what a connection's page cache did, a second after it has begun to work and so once a second
 * while it works. By a timer, so that nobody has to ask and wait; it keeps no thread alive.
 */
import type { NativeConnection } from '../../sqlite/native-types.ts'
import { PAGE_CACHE_SAMPLE_MS } from './page-cache-record.ts'
import type { PageCacheReport } from './protocol.ts'

export class PageCacheReporter {
  readonly #native: NativeConnection | null
  readonly #send: (report: PageCacheReport) => void
  #timer: NodeJS.Timeout | null = null
  #ended = false

  constructor(native: NativeConnection | null, send: (report: PageCacheReport) => void) {
    this.#native = native
    this.#send = send
  }

  /** The connection has worked. */
  worked(): void {
    if (this.#native === null || this.#timer !== null || this.#ended) return
    this.#timer = setTimeout(() => this.#report(this.#native), PAGE_CACHE_SAMPLE_MS).unref()
  }

  /** The connection is about to be closed. */
  end(): void {
    this.#ended = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #report(native: NativeConnection | null): void {
    this.#timer = null
    if (native !== null) this.#send({ pageCache: native.counters() })
  }
}

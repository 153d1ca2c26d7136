/**
 * Keeps the page's view up to date.
 *
 *     connecting ──overview, stream──▶ live ──error, silence, page hidden──▶ lost ──pause──▶ connecting
 *
 * connecting   an overview is asked for; then the stream of ticks is opened
 * live         ticks arrive; one of another session asks for the overview again
 * lost         nothing is open; one timer is set, or, while the page is hidden, none. It is told until a tick has come
 */
import type { Tick } from '../../../src/dashboard/protocol.ts'
import { loadOverview, Problem } from './api.ts'
import { Store } from './store.ts'
import { type View, withOverview, withTick } from './view.ts'

export type Link =
  | { readonly state: 'connecting' | 'live' }
  | { readonly state: 'lost'; readonly problem: Problem; readonly retryAt: number }

/** A tick comes each second: after so long without one the stream is dead, whatever the browser says. */
const SILENCE_MS = 10_000
/** Pauses between attempts; the last one repeats. */
const RETRY_MS = [500, 1000, 2000, 4000, 8000] as const

export class Feed {
  readonly view = new Store<View | null>(null)
  readonly link = new Store<Link>({ state: 'connecting' })

  #source: EventSource | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  /** Counts connections, so that what belongs to an earlier one is not listened to. */
  #turn = 0

  start(): void {
    document.addEventListener('visibilitychange', () => this.#onVisibility())
    void this.connect()
  }

  /** Also what a click on “Try now” does. */
  async connect(): Promise<void> {
    this.#release()
    const turn = this.#turn
    // What is wrong stays in sight while it is tried again.
    if (this.link.value.state !== 'lost') this.link.set({ state: 'connecting' })
    try {
      const overview = await loadOverview()
      if (turn !== this.#turn) return
      this.view.set(withOverview(this.view.value, overview))
      this.#listen(turn)
    } catch (error) {
      if (turn === this.#turn) this.#lose(error instanceof Problem ? error : new Problem(String(error), 0))
    }
  }

  #listen(turn: number): void {
    const source = new EventSource('api/events')
    this.#source = source
    this.#awaitTick()
    source.addEventListener('tick', (event) => {
      if (turn !== this.#turn) return
      this.#failures = 0
      this.#onTick(JSON.parse((event as MessageEvent<string>).data) as Tick)
    })
    source.addEventListener('error', () => {
      if (turn === this.#turn) this.#lose(new Problem('The connection to the server is lost.', 0))
    })
  }

  #onTick(tick: Tick): void {
    const view = this.view.value
    if (view === null || view.overview.database.session !== tick.session) {
      void this.connect()
      return
    }
    this.view.set(withTick(view, tick))
    this.link.set({ state: 'live' })
    this.#awaitTick()
  }

  #awaitTick(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#lose(new Problem('The server has gone silent.', 0)), SILENCE_MS)
  }

  #lose(problem: Problem): void {
    this.#release()
    const pause = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 0
    this.#failures += 1
    this.link.set({ state: 'lost', problem, retryAt: Date.now() + pause })
    if (!document.hidden) this.#timer = setTimeout(() => void this.connect(), pause)
  }

  /** A browser has six connections to a server: pages in the background leave theirs to the others. */
  #onVisibility(): void {
    if (document.hidden) {
      this.#release()
      return
    }
    if (this.#source === null) void this.connect()
  }

  #release(): void {
    this.#turn += 1
    this.#source?.close()
    this.#source = null
    clearTimeout(this.#timer)
  }
}

/**
 * Reads on the event loop's own thread, for those known to be short: a trip to a thread costs five times a point read.
 *
 * One that turns out to be long blocks the loop, and with it whoever could stop it. So, where the native extension is loaded,
 * a thread of its own watches: it interrupts the read, which is then done on a reader's thread. Whether the watch came too
 * late for the one and early for the next it settles itself: see `native/noormme.c`.
 */
import { BusyError } from '../../errors.ts'
import type { Connection } from '../../sqlite/connection.ts'
import type { Watch } from '../../sqlite/native-types.ts'
import { isInterrupted } from '../thread/interrupted.ts'
import { PAGE_CACHE_SAMPLE_MS, PageCacheRecord } from '../thread/page-cache-record.ts'
import type { WireStatement } from '../thread/protocol.ts'
import { readResult } from '../thread/results.ts'
import type { ConnectionStatus, ResultSet, Row } from '../types.ts'
import { Router } from './router.ts'
import type { TurnBudget } from './turn-budget.ts'
import { TurnTransaction } from './turn-transaction.ts'

/**
 * How many times the budget a read may take before it is interrupted. It counts time and not work, and on a busy machine
 * another process may have the core for some milliseconds: a smaller factor would interrupt reads that are short.
 */
const WATCH_FACTOR = 10

export class InlineReader {
  readonly #connection: Connection
  readonly #router: Router
  readonly #budget: TurnBudget
  readonly #watch: Watch | null
  readonly #transaction: TurnTransaction
  readonly #pageCache = new PageCacheRecord()
  #reads = 0
  #interrupted = 0
  #closed = false

  /** @param turns what it shares with others that work on the event loop's thread. */
  constructor(connection: Connection, budgetMs: number, turns: TurnBudget) {
    this.#connection = connection
    this.#budget = turns
    this.#router = new Router(budgetMs)
    this.#watch = budgetMs === 0 ? null : (connection.native?.watch(WATCH_FACTOR * budgetMs) ?? null)
    this.#transaction = new TurnTransaction(connection, turns, connection.native?.lookout() ?? null)
    this.#notePageCache(performance.now())
  }

  /** For questions that need it outside of a transaction: what the log is like, which version the database has. */
  get connection(): Connection {
    this.#transaction.end()
    return this.#connection
  }

  get reads(): number {
    return this.#reads
  }

  /** Reads that took too long and were done on a thread instead. */
  get interrupted(): number {
    return this.#interrupted
  }

  /**
   * The result, or `null` when this read belongs on a thread: too long, or the database is locked just now. A promise of
   * either where the turn's budget is spent.
   */
  tryRead(statement: WireStatement, point: boolean): ResultSet | null | Promise<ResultSet | null> {
    const now = performance.now()
    if (!this.#router.mayRunInline(statement.sql, point, now)) return null
    if (this.#budget.free) return this.#read(statement, point, now)
    return new Promise((resolve, reject) => {
      this.#budget.defer(() => {
        try {
          resolve(this.#read(statement, point, performance.now()))
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  /** Learns from a run on a thread, so that the next one may be inline. */
  learn(sql: string, tookMs: number): void {
    this.#router.recordThreaded(sql, tookMs)
  }

  status(): ConnectionStatus {
    const now = performance.now()
    if (!this.#closed) this.#notePageCache(now)
    return {
      label: this.#connection.label,
      state: 'idle',
      sql: null,
      sqlAgeMs: null,
      pragmas: this.#connection.pragmas,
      stablePlans: this.#connection.nativeFacts.stablePlans,
      pageCache: this.#pageCache.stats(now),
    }
  }

  /** Resolves when no read waits for a turn; nothing may be read after the call. */
  drained(): Promise<void> {
    return this.#budget.drained()
  }

  /** Lets the next read use the schema and the statistics as they are then. */
  refresh(): void {
    this.connection.reloadSchema()
  }

  close(): void {
    this.#closed = true
    this.#transaction.end()
    this.#connection.close()
  }

  #read({ sql, parameters }: WireStatement, point: boolean, start: number): ResultSet | null {
    let rows: Row[] | null = null
    let interrupted = false
    let end = start
    try {
      if (this.#connection.isReadonly(sql)) {
        this.#transaction.join()
        rows = this.#watched(sql, parameters)
      }
    } catch (error) {
      this.#transaction.end()
      interrupted = isInterrupted(error)
      if (interrupted) this.#interrupted++
      else if (!(error instanceof BusyError)) throw error
    } finally {
      end = performance.now()
      // How long it would have taken nobody knows.
      this.#router.recordInline(sql, interrupted ? Number.POSITIVE_INFINITY : end - start, point, end)
      this.#budget.spend(end - start)
      if (end - this.#pageCache.lastAt >= PAGE_CACHE_SAMPLE_MS) this.#notePageCache(end)
    }
    if (rows === null) return null
    this.#reads++
    return readResult(rows, { connection: this.#connection.label, ms: end - start })
  }

  #watched(sql: string, parameters: WireStatement['parameters']): Row[] {
    if (this.#watch === null) return this.#connection.objects(sql, parameters)
    this.#watch.begin()
    try {
      return this.#connection.objects(sql, parameters)
    } finally {
      this.#watch.end()
    }
  }

  #notePageCache(now: number): void {
    const counters = this.#connection.native?.counters()
    if (counters !== undefined) this.#pageCache.add(counters, now)
  }
}

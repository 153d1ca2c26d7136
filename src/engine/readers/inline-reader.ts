/** Reads on the event loop's own thread, for those known to be short: a trip to a thread costs five times a point read. */
import { BusyError } from '../../errors.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { CACHE_SAMPLE_MS, CacheRecord } from '../thread/cache-record.ts'
import type { WireStatement } from '../thread/protocol.ts'
import type { ConnectionStatus, Row } from '../types.ts'
import { Router } from './router.ts'
import { TurnBudget } from './turn-budget.ts'

export class InlineReader {
  readonly #connection: Connection
  readonly #router: Router
  readonly #budget = new TurnBudget()
  readonly #cache = new CacheRecord()
  #reads = 0
  #closed = false

  constructor(connection: Connection, budgetMs: number) {
    this.#connection = connection
    this.#router = new Router(budgetMs)
    this.#noteCache(performance.now())
  }

  get reads(): number {
    return this.#reads
  }

  /**
   * The rows, or `null` when this read belongs on a thread: too long, or the database is locked just now. A promise of
   * either where the turn's budget is spent.
   */
  tryRead(statement: WireStatement, point: boolean): Row[] | null | Promise<Row[] | null> {
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
    if (!this.#closed) this.#noteCache(now)
    return {
      label: this.#connection.label,
      state: 'idle',
      sql: null,
      sqlAgeMs: null,
      pragmas: this.#connection.pragmas,
      stablePlans: this.#connection.nativeFacts.stablePlans,
      cache: this.#cache.stats(now),
    }
  }

  /** Resolves when no read waits for a turn; nothing may be read after the call. */
  drained(): Promise<void> {
    return this.#budget.drained()
  }

  /** Lets the next read use the schema and the statistics as they are then. */
  refresh(): void {
    this.#connection.reloadSchema()
  }

  close(): void {
    this.#closed = true
    this.#connection.close()
  }

  #read({ sql, parameters }: WireStatement, point: boolean, start: number): Row[] | null {
    try {
      if (!this.#connection.isReadonly(sql)) return null
      const rows = this.#connection.objects(sql, parameters)
      this.#reads++
      return rows
    } catch (error) {
      if (error instanceof BusyError) return null
      throw error
    } finally {
      const end = performance.now()
      this.#router.recordInline(sql, end - start, point, end)
      this.#budget.spend(end - start)
      if (end - this.#cache.lastAt >= CACHE_SAMPLE_MS) this.#noteCache(end)
    }
  }

  #noteCache(now: number): void {
    const counters = this.#connection.native?.counters()
    if (counters !== undefined) this.#cache.add(counters, now)
  }
}

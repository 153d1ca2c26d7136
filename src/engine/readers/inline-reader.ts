/** Reads on the event loop's own thread, for those known to be short: a trip to a thread costs five times a point read. */
import { BusyError } from '../../errors.ts'
import type { Connection } from '../../sqlite/connection.ts'
import type { WireStatement } from '../thread/protocol.ts'
import { readResult } from '../thread/results.ts'
import type { ConnectionStatus, ResultSet, Row } from '../types.ts'
import { Router } from './router.ts'
import { TurnBudget } from './turn-budget.ts'

export class InlineReader {
  readonly #connection: Connection
  readonly #router: Router
  readonly #budget = new TurnBudget()
  #reads = 0

  constructor(connection: Connection, budgetMs: number) {
    this.#connection = connection
    this.#router = new Router(budgetMs)
  }

  get reads(): number {
    return this.#reads
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
    return {
      label: this.#connection.label,
      state: 'idle',
      sql: null,
      sqlAgeMs: null,
      pragmas: this.#connection.pragmas,
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
    this.#connection.close()
  }

  #read({ sql, parameters }: WireStatement, point: boolean, start: number): ResultSet | null {
    let rows: Row[] | null = null
    let end = start
    try {
      if (this.#connection.isReadonly(sql)) rows = this.#connection.objects(sql, parameters)
    } catch (error) {
      if (!(error instanceof BusyError)) throw error
    } finally {
      end = performance.now()
      this.#router.recordInline(sql, end - start, point, end)
      this.#budget.spend(end - start)
    }
    if (rows === null) return null
    this.#reads++
    return readResult(rows, { connection: this.#connection.label, ms: end - start })
  }
}

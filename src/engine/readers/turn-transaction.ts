/**
 * One read transaction for the inline reads of a turn of the event loop. To begin and end one costs two locks of the file,
 * which is more than half of a point read.
 *
 *     none ──a read──▶ read ──another──▶ open ──another──▶ open: begun anew where anybody has committed in between
 *      ▲                │                 │
 *      └────────────────┴─────────────────┴── the turn is over, a read fails, or something else is to be asked
 *
 * none  the next read makes its own transaction, as SQLite does for every statement
 * read  one read was made in this turn: a server reads once in most of them, and should pay for nothing else
 * open  reads share a transaction
 *
 * A shared transaction is never older than one of the read's own would be: before each read the native extension compares
 * the bytes by which SQLite itself tells that somebody has committed (`native/noormme.c`). Without the extension, or without
 * a log, every read has its own.
 */
import type { Lookout } from '../../sqlite/native-types.ts'
import type { TurnBudget } from './turn-budget.ts'

/** The connection that reads. */
export interface Reading {
  readonly inTransaction: boolean
  control(sql: 'BEGIN' | 'COMMIT'): void
}

export class TurnTransaction {
  readonly #connection: Reading
  readonly #turns: Pick<TurnBudget, 'afterTurn'>
  readonly #lookout: Lookout | null
  #state: 'none' | 'read' | 'open' = 'none'
  /** Whether {@link TurnTransaction.end} will be called after this turn. */
  #ends = false

  constructor(connection: Reading, turns: Pick<TurnBudget, 'afterTurn'>, lookout: Lookout | null) {
    this.#connection = connection
    this.#turns = turns
    this.#lookout = lookout
  }

  /** Before each read. */
  join(): void {
    if (this.#lookout === null) return
    if (this.#state === 'none') {
      this.#note()
      return
    }
    // Also where nothing is open: a look that came after BEGIN would miss what was committed in between.
    const changed = this.#lookout.changed()
    if (this.#state === 'open') {
      if (!changed) return
      this.#connection.control('COMMIT')
    }
    this.#connection.control('BEGIN')
    this.#state = 'open'
  }

  /** The next read sees what is there then, and the log is not held meanwhile. */
  end(): void {
    this.#state = 'none'
    if (this.#connection.inTransaction) this.#connection.control('COMMIT')
  }

  #note(): void {
    this.#state = 'read'
    if (this.#ends) return
    this.#ends = true
    this.#turns.afterTurn(this.#afterTurn)
  }

  readonly #afterTurn = (): void => {
    this.#ends = false
    this.end()
  }
}

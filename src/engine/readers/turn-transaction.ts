/**
 * One read transaction for the inline reads of a turn of the event loop. To begin and end one costs two locks of the file,
 * which is more than half of a point read.
 *
 *     own ──two reads──▶ open ──another──▶ open: begun anew where anybody has committed in between
 *      ▲                  │
 *      └──────────────────┴── the turn is over, a read fails, or something else is to be asked
 *
 * own   a read makes its own transaction, as SQLite does for every statement
 * open  reads share one
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

/**
 * What a shared one costs more than a read's own is half of what the next read in it saves, so a turn of few reads should
 * pay for nothing else.
 */
const OWN_READS = 2

type Turns = Pick<TurnBudget, 'turn' | 'afterTurn'>

export class TurnTransaction {
  readonly #connection: Reading
  readonly #turns: Turns
  readonly #lookout: Lookout | null
  #isOpen = false
  /** Reads of this turn that made their own. */
  #own = 0
  /** Which turn that is. */
  #turn = -1
  /** Whether {@link TurnTransaction.end} will be called after this turn. */
  #ends = false

  constructor(connection: Reading, turns: Turns, lookout: Lookout | null) {
    this.#connection = connection
    this.#turns = turns
    this.#lookout = lookout
  }

  /** Before each read. */
  join(): void {
    if (this.#lookout === null) return
    const { turn } = this.#turns
    if (this.#turn !== turn) this.#own = 0
    this.#turn = turn
    if (!this.#isOpen && this.#own++ < OWN_READS) return

    // Also where nothing is open: a look that came after BEGIN would miss what was committed in between.
    const changed = this.#lookout.changed()
    if (this.#isOpen && !changed) return
    if (this.#isOpen) this.#connection.control('COMMIT')
    this.#endAfterTurn()
    this.#connection.control('BEGIN')
    this.#isOpen = true
  }

  /** The next read sees what is there then, and the log is not held meanwhile. */
  end(): void {
    this.#own = 0
    if (!this.#isOpen) return
    this.#isOpen = false
    if (this.#connection.inTransaction) this.#connection.control('COMMIT')
  }

  #endAfterTurn(): void {
    if (this.#ends) return
    this.#ends = true
    this.#turns.afterTurn(this.#afterTurn)
  }

  readonly #afterTurn = (): void => {
    this.#ends = false
    this.end()
  }
}

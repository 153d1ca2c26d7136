/**
 * The statements of one connection that are being stepped, block by block. What an interrupt has met may not stay active:
 * SQLite would hand the interrupt on to whatever runs beside it.
 */
import { TransactionEndedError } from '../errors.ts'
import type { Connection } from '../sqlite/connection.ts'
import type { SqlValue } from '../sqlite/values.ts'
import type { CursorBlock, WireStatement } from './thread/protocol.ts'
import type { Manner, RunSlot } from './thread/run-slot.ts'

interface Cursor {
  readonly columns: readonly string[]
  readonly rows: Generator<SqlValue[], void>
}

export class Cursors {
  readonly #connection: Connection
  readonly #slot: RunSlot
  readonly #open = new Map<number, Cursor>()

  constructor(connection: Connection, slot: RunSlot) {
    this.#connection = connection
    this.#slot = slot
  }

  /** Runs what reads; `own`: the cursor that it steps. */
  reading<T>(run: number, work: () => T, own: number | null = null): T {
    const others = this.#open.size - (own !== null && this.#open.has(own) ? 1 : 0)
    const manner: Manner = others === 0 ? 'reads' : 'beside'
    try {
      return this.#slot.during(run, manner, work)
    } finally {
      // One that was sent beside other cursors was meant for them too.
      if (this.#slot.interrupted) this.closeAll()
    }
  }

  open(run: number, cursor: number, { sql, parameters }: WireStatement): void {
    this.reading(
      run,
      () => {
        const rows = this.#connection.iterate(sql, parameters)
        this.#open.set(cursor, { columns: this.#connection.columns(sql), rows })
      },
      cursor,
    )
  }

  read(run: number, cursor: number, count: number): CursorBlock {
    const open = this.#open.get(cursor)
    // Its snapshot has ended. Answering "no more rows" would cut the result short without a word.
    if (open === undefined) throw new TransactionEndedError({ what: 'snapshot', how: 'its connection was given back' })
    return this.reading(run, () => nextBlock(open, count), cursor)
  }

  close(cursor: number): void {
    this.#open.get(cursor)?.rows.return()
    this.#open.delete(cursor)
  }

  closeAll(): void {
    for (const cursor of [...this.#open.keys()]) this.close(cursor)
  }
}

function nextBlock({ columns, rows: cursor }: Cursor, count: number): CursorBlock {
  const rows: SqlValue[][] = []
  while (rows.length < count) {
    const next = cursor.next()
    if (next.done === true) return { columns, rows, done: true }
    rows.push(next.value)
  }
  return { columns, rows, done: false }
}

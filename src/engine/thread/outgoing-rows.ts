/** Cuts the rows of one result into blocks, as they are read. */
import type { Block } from './block.ts'
import { encodeBlock } from './encode-block.ts'

/** The most rows in a block. */
const BLOCK_ROWS = 1024
/** A block ends with the row that reaches this weight: rows may have two thousand columns, or a megabyte each. */
const BLOCK_WEIGHT = 1024 * 1024
/** What any value weighs, beside the length of texts and BLOBs: 16,384 numbers fill a block. */
const VALUE_WEIGHT = 64

export class OutgoingRows {
  readonly #take: (block: Block) => void
  #rows: (readonly unknown[])[] = []
  #weight = 0

  constructor(take: (block: Block) => void) {
    this.#take = take
  }

  add(row: readonly unknown[]): void {
    this.#rows.push(row)
    this.#weight += weightOf(row)
    if (this.#rows.length === BLOCK_ROWS || this.#weight >= BLOCK_WEIGHT) this.flush()
  }

  /** Makes a block of the rows that are left. */
  flush(): void {
    if (this.#rows.length > 0) this.#take(encodeBlock(this.rest()))
  }

  /** The rows that are not in a block yet; nobody has them afterwards but the caller. */
  rest(): (readonly unknown[])[] {
    const rows = this.#rows
    this.#rows = []
    this.#weight = 0
    return rows
  }
}

function weightOf(row: readonly unknown[]): number {
  let weight = row.length * VALUE_WEIGHT
  for (let index = 0; index < row.length; index++) {
    const value = row[index]
    if (typeof value === 'string') weight += value.length
    else if (value instanceof Uint8Array) weight += value.byteLength
  }
  return weight
}

/**
 * Rows that arrive in blocks and become objects in slices, in the order of arrival, so that a million of them never hold
 * the event loop for longer than a slice and the block in hand.
 *
 *     idle ──add()──▶ building ──no block left──▶ idle
 *
 * idle      no block waits, no slice is asked for
 * building  a slice is asked for or under way; blocks that are added meanwhile are built as well
 */
import { Fifo } from '../../util/fifo.ts'
import { nextSlice, SLICE_MS } from '../../util/slices.ts'
import type { Row } from '../types.ts'
import type { Block } from './block.ts'
import { decodeBlock, type RowShape, rowShape } from './decode-block.ts'

export class IncomingRows {
  readonly #rows: Row[] = []
  readonly #blocks = new Fifo<Block>()
  #shape: RowShape | null = null
  #building: Promise<void> | null = null

  add({ columns, blocks = [] }: { readonly columns: readonly string[]; readonly blocks?: readonly Block[] }): this {
    this.#shape ??= rowShape(columns)
    for (const block of blocks) this.#blocks.push(block)
    return this
  }

  /** Begins to build what has been added, in slices. */
  start(): void {
    this.#building ??= this.#build()
  }

  /** All rows, when they are built. */
  async done(): Promise<Row[]> {
    this.start()
    await this.#building
    return this.#rows
  }

  /** All rows, built without a pause. */
  now(): Row[] {
    while (this.#next()) {}
    return this.#rows
  }

  /** Forgets what is not built yet. */
  drop(): void {
    this.#blocks.drain()
  }

  async #build(): Promise<void> {
    while (this.#blocks.size > 0) {
      await nextSlice()
      const until = performance.now() + SLICE_MS
      while (this.#next() && performance.now() < until) {}
    }
    this.#building = null
  }

  /** Builds one block; `false` when none is left. */
  #next(): boolean {
    const block = this.#blocks.shift()
    if (block === undefined || this.#shape === null) return false
    decodeBlock(block, this.#shape, this.#rows)
    return true
  }
}

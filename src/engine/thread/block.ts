/**
 * Rows by column, as many of them travel between threads. SQLite does not type columns, so a column's form is chosen
 * anew for each block, by the values that are in it:
 *
 *     Int32Array     only integers of 32 bits
 *     Float64Array   only numbers and NULL, which is NaN: SQLite stores none
 *     Texts          only texts and NULL, which has the length −1
 *     an array       anything: BLOBs, integers beyond ±2^53, texts among numbers
 *
 * An array travels by structured clone, which tags every value. Numbers and texts do without: a block is a handful of
 * buffers and texts, whatever the number of its rows.
 */
import type { ArrayRows } from '../../sqlite/connection.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import type { Row } from '../types.ts'

/** The rows of a result on their way between threads; `travelling-rows.ts` says when they are in which form. */
export interface TravellingRows extends ArrayRows {
  /** Instead of `rows`, which is empty then. */
  blocks?: readonly Block[]
  /** What `blocks` have become, and those sent ahead of them. */
  objects?: Row[]
}

export interface Block {
  readonly rows: number
  /** One for each column of the result, in order. */
  readonly columns: readonly Column[]
}

export type Column = Int32Array | Float64Array | Texts | readonly SqlValue[]

export interface Texts {
  /** The values one after another, cut only between two of them. */
  readonly joined: readonly string[]
  /** The length of each value in UTF-16 units. */
  readonly lengths: Int32Array
}

/** The length of NULL. */
export const NULL_LENGTH = -1

export function isTexts(column: Column): column is Texts {
  return 'lengths' in column
}

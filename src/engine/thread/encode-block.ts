/** Rows by position → rows by column, on the thread that has read them. */
import { fromDriver } from '../../sqlite/values.ts'
import { type Block, type Column, isTexts, NULL_LENGTH, type Texts } from './block.ts'

/**
 * A text on the other side is a slice of a joined one and keeps it in memory as a whole (UTF-16 units). A longer value
 * stands alone.
 */
const JOINED_LENGTH = 64 * 1024

/** Values may be as the driver returned them, integers as bigints. */
export function encodeBlock(rows: readonly (readonly unknown[])[]): Block {
  const width = rows[0]?.length ?? 0
  return { rows: rows.length, columns: Array.from({ length: width }, (_, index) => encodeColumn(rows, index)) }
}

function encodeColumn(rows: readonly (readonly unknown[])[], index: number): Column {
  const column = rows.map((row) => row[index])
  switch (typeof column.find((value) => value !== null)) {
    case 'bigint':
    case 'number':
      return encodeNumbers(column) ?? column.map(fromDriver)
    case 'string':
      return encodeTexts(column) ?? column.map(fromDriver)
    default:
      return column.map(fromDriver)
  }
}

/** `null` when something else is among them, or an integer that a number cannot hold. */
function encodeNumbers(column: readonly unknown[]): Int32Array | Float64Array | null {
  let numbers: Int32Array | Float64Array = new Int32Array(column.length)
  for (let row = 0; row < column.length; row++) {
    const number = toNumber(column[row])
    if (number === null) return null
    // Negative zero is among what this finds.
    if (numbers instanceof Int32Array && !Object.is(number | 0, number)) numbers = new Float64Array(numbers)
    numbers[row] = number
  }
  return numbers
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (value === null) return Number.NaN
  if (typeof value !== 'bigint') return null
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}

/** `null` when something else is among them. */
function encodeTexts(column: readonly unknown[]): Texts | null {
  const lengths = new Int32Array(column.length)
  const joined: string[] = []
  let parts: string[] = []
  let length = 0
  for (let row = 0; row < column.length; row++) {
    const value = column[row]
    if (value === null) {
      lengths[row] = NULL_LENGTH
      continue
    }
    if (typeof value !== 'string') return null
    if (length > 0 && length + value.length > JOINED_LENGTH) {
      joined.push(parts.join(''))
      parts = []
      length = 0
    }
    lengths[row] = value.length
    parts.push(value)
    length += value.length
  }
  joined.push(parts.join(''))
  return { joined, lengths }
}

/** BLOBs from this size on are handed over instead of copied (bytes); handing over has a price of its own. */
const HANDED_OVER_BYTES = 64 * 1024

/** The buffers of a block that need not be copied. */
export function buffersOf({ columns }: Block): ArrayBuffer[] {
  return columns.flatMap((column) => {
    if (ArrayBuffer.isView(column)) return [column.buffer as ArrayBuffer]
    return isTexts(column) ? [column.lengths.buffer as ArrayBuffer] : largeBlobs(column)
  })
}

/** The buffers of BLOBs for which copying would cost most. */
export function largeBlobs(values: readonly unknown[]): ArrayBuffer[] {
  return values.flatMap((value) =>
    value instanceof Uint8Array && value.byteLength >= HANDED_OVER_BYTES ? [value.buffer as ArrayBuffer] : [],
  )
}

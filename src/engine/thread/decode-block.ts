/** Rows by column → row objects, on the thread that uses them. */
import type { Row } from '../types.ts'
import { type Block, type Column, isTexts, NULL_LENGTH, type Texts } from './block.ts'

/** The columns of a result and an empty row of it, which every row is made from: V8 copies it without looking. */
export interface RowShape {
  readonly columns: readonly string[]
  readonly empty: Row
}

/**
 * JSON.parse lays all properties out inside the object, in order, a column named `__proto__` among them; of two columns
 * with one name the first has the place and the last the value. Adding them one by one makes larger and slower objects.
 */
export function rowShape(columns: readonly string[]): RowShape {
  const members = columns.map((name) => `${JSON.stringify(name)}:null`)
  return { columns: columns.map(asKey), empty: JSON.parse(`{${members.join()}}`) }
}

/** The same text as V8 keeps it for keys: looking one up that has come in a message costs more, at every property. */
function asKey(name: string): string {
  return Object.keys({ [name]: null })[0] ?? name
}

/** Adds the rows of a block to `rows`. */
export function decodeBlock(block: Block, { columns, empty }: RowShape, rows: Row[]): void {
  const from = rows.length
  for (let row = 0; row < block.rows; row++) rows[from + row] = { ...empty }
  for (const [index, name] of columns.entries()) fill(rows, from, name, block.columns[index] ?? [])
}

/** One loop for each form of column, so that V8 knows in each what it meets. */
function fill(rows: Row[], from: number, name: string, column: Column): void {
  if (column instanceof Int32Array) fillIntegers(rows, from, name, column)
  else if (column instanceof Float64Array) fillNumbers(rows, from, name, column)
  else if (isTexts(column)) fillTexts(rows, from, name, column)
  else for (let row = 0; row < column.length; row++) (rows[from + row] as Row)[name] = column[row] ?? null
}

function fillIntegers(rows: Row[], from: number, name: string, integers: Int32Array): void {
  for (let row = 0; row < integers.length; row++) (rows[from + row] as Row)[name] = integers[row] as number
}

function fillNumbers(rows: Row[], from: number, name: string, numbers: Float64Array): void {
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row] as number
    ;(rows[from + row] as Row)[name] = Number.isNaN(number) ? null : number
  }
}

function fillTexts(rows: Row[], from: number, name: string, { joined, lengths }: Texts): void {
  let next = 0
  let text = ''
  let at = 0
  for (let row = 0; row < lengths.length; row++) {
    const length = lengths[row] as number
    if (length === NULL_LENGTH) {
      ;(rows[from + row] as Row)[name] = null
      continue
    }
    if (at + length > text.length) {
      text = joined[next++] as string
      at = 0
    }
    ;(rows[from + row] as Row)[name] = text.substring(at, at + length)
    at += length
  }
}

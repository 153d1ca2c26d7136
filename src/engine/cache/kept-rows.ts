/** The rows of a result as the cache keeps them: never handed out themselves, so that nobody can change them. */
import type { SqlValue } from '../../sqlite/values.ts'
import type { Row } from '../types.ts'

/** About what V8 takes beside the values: for an object, a property, the head of a string or a buffer. */
const ROW_BYTES = 32
const VALUE_BYTES = 8
const HEAD_BYTES = 24

export class KeptRows {
  readonly #rows: readonly Row[]
  readonly #bytes: number
  readonly #hasBlobs: boolean

  private constructor(rows: readonly Row[], bytes: number, hasBlobs: boolean) {
    this.#rows = copyRows(rows, hasBlobs)
    this.#bytes = bytes
    this.#hasBlobs = hasBlobs
  }

  /** A copy of `rows`, or `null` when it would take more than `maxBytes`. */
  static of(rows: readonly Row[], maxBytes: number): KeptRows | null {
    let bytes = HEAD_BYTES
    let hasBlobs = false
    for (const row of rows) {
      bytes += ROW_BYTES
      for (const name in row) {
        const value = row[name] as SqlValue
        bytes += VALUE_BYTES
        if (typeof value === 'string') bytes += HEAD_BYTES + 2 * value.length
        else if (typeof value === 'bigint') bytes += HEAD_BYTES
        else if (value instanceof Uint8Array) {
          bytes += HEAD_BYTES + value.byteLength
          hasBlobs = true
        }
      }
      if (bytes > maxBytes) return null
    }
    return new KeptRows(rows, bytes, hasBlobs)
  }

  /** About how many bytes they take. */
  get bytes(): number {
    return this.#bytes
  }

  /** Rows of the caller's own, as if they had just been read. */
  copy(): Row[] {
    return copyRows(this.#rows, this.#hasBlobs)
  }
}

/** A spread copies the layout of the object with it, at some 15 ns a row. */
function copyRows(rows: readonly Row[], hasBlobs: boolean): Row[] {
  const copies = rows.map((row) => ({ ...row }))
  if (hasBlobs) for (const copy of copies) copyBlobs(copy)
  return copies
}

function copyBlobs(row: Row): void {
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof Uint8Array) Object.defineProperty(row, name, { value: new Uint8Array(value) })
  }
}

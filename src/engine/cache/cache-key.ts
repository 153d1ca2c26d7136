/** What makes two reads the same: their text, and what is bound, by type and value as SQLite would see it. */
import type { SqlValue } from '../../sqlite/values.ts'
import type { WireStatement } from '../thread/protocol.ts'

/** Longer statements are not kept: what is learned of each text is remembered with it. */
const MAX_TEXT_CHARACTERS = 4096
/** Nor are longer ones with their values: to compare them would cost as much as many a read. */
const MAX_CHARACTERS = 16_384

/** The key of a read, or `null` when it would be too long. */
export function cacheKey({ sql, parameters }: WireStatement): string | null {
  if (sql.length > MAX_TEXT_CHARACTERS) return null
  // No statement holds a NUL, and every value says where it ends: no two reads have one key.
  let key = `${sql}\0`
  for (const value of parameters) {
    if (lengthOf(value) > MAX_CHARACTERS) return null
    key += keyOf(value)
    if (key.length > MAX_CHARACTERS) return null
  }
  return key
}

function lengthOf(value: SqlValue): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 0
}

function keyOf(value: SqlValue): string {
  switch (typeof value) {
    case 'number':
      // A safe integer is bound as INTEGER, as a bigint is; any other number as REAL.
      return Number.isSafeInteger(value) ? `i${value};` : `r${value};`
    case 'bigint':
      return `i${value};`
    case 'string':
      return `s${value.length}:${value}`
    default:
      return value === null ? 'n;' : `b${value.length}:${latin1(value)}`
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

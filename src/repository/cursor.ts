/**
 * Cursors: a place in an order, as an opaque text.
 *
 * A cursor is base64url of JSON: `[version, checksum, value, …]`, the values of the order's terms in the row it stands
 * at. The checksum is over table, order and values, so that a cursor of another table or order, a cut one and an altered
 * one are refused instead of leading to the wrong rows. It is no signature: whoever forges one chooses a place to begin
 * at, and the `where` of the call decides as ever what is found there.
 */
import { createHash } from 'node:crypto'
import type { SqlValue } from '../sqlite/values.ts'
import type { OrderTerm } from './order-by.ts'
import { refuse } from './refusals.ts'
import { nameOf } from './row-key.ts'
import type { TableModel } from './table-model.ts'

const VERSION = 1
const CHECKSUM_CHARACTERS = 12

/** What JSON has no form for: 64-bit integers, bytes, infinities. */
type Encoded = null | number | string | { readonly i: string } | { readonly b: string } | { readonly r: string }

export function encodeCursor(model: TableModel, terms: readonly OrderTerm[], values: readonly SqlValue[]): string {
  const encoded = values.map(encode)
  const json = JSON.stringify([VERSION, checksum(model, terms, encoded), ...encoded])
  return Buffer.from(json).toString('base64url')
}

/** @throws ValidationError for anything that {@link encodeCursor} did not make for this table and order. */
export function decodeCursor(
  model: TableModel,
  terms: readonly OrderTerm[],
  { name, cursor }: { readonly name: string; readonly cursor: unknown },
): SqlValue[] {
  if (typeof cursor !== 'string') throw refuse(name, `must be a cursor of an earlier page, got ${nameOf(cursor)}`)
  const [version, sum, ...encoded] = parse(cursor)
  const values = encoded.map(decode).filter((value) => value !== undefined)
  const fits = version === VERSION && encoded.length === terms.length && values.length === terms.length
  if (!fits || sum !== checksum(model, terms, values.map(encode))) {
    throw refuse(
      name,
      'is no cursor of this table and order',
      'Pass a nextCursor or prevCursor unchanged, with the orderBy of the page it came from; without one paging begins anew.',
    )
  }
  return values
}

function checksum({ table }: TableModel, terms: readonly OrderTerm[], values: readonly Encoded[]): string {
  const order = terms.map(({ sql, descending, nullsFirst }) => [sql, descending, nullsFirst])
  const text = JSON.stringify([table.name, order, values])
  return createHash('sha256').update(text).digest('base64url').slice(0, CHECKSUM_CHARACTERS)
}

function parse(cursor: string): unknown[] {
  const bytes = Buffer.from(cursor, 'base64url')
  // Buffer skips what is not base64url.
  if (bytes.toString('base64url') !== cursor) return []
  try {
    const parsed: unknown = JSON.parse(bytes.toString())
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return [] // no JSON, so no cursor: the caller refuses it
  }
}

function encode(value: SqlValue): Encoded {
  if (typeof value === 'bigint') return { i: String(value) }
  if (value instanceof Uint8Array) return { b: Buffer.from(value).toString('base64url') }
  if (typeof value === 'number' && !Number.isFinite(value)) return { r: String(value) }
  return value
}

/** `undefined` for what is no value. */
function decode(encoded: unknown): SqlValue | undefined {
  if (encoded === null || typeof encoded === 'string' || typeof encoded === 'number') return encoded
  if (typeof encoded !== 'object') return undefined
  const { i, b, r } = encoded as Record<string, unknown>
  if (typeof i === 'string' && /^-?\d{1,19}$/.test(i)) return BigInt(i)
  if (typeof b === 'string') return new Uint8Array(Buffer.from(b, 'base64url'))
  return r === 'Infinity' || r === '-Infinity' ? Number(r) : undefined
}

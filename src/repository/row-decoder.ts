/** Which columns a statement reads, and what is done to each row that it returns. */
import type { Row } from '../engine/types.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import type { ColumnInfo } from '../schema/types.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { inSlices } from '../util/slices.ts'
import type { ColumnCodec } from './codec.ts'

/** One column as the repository sees it. */
export interface ColumnModel {
  /** What it is called in rows and options; `info.name` is its name in the database. */
  readonly name: string
  readonly info: ColumnInfo
  /** Its place among the table's columns. */
  readonly position: number
  /** Its name as SQL. */
  readonly sql: string
  /** `table.column`, for errors. */
  readonly path: string
  readonly codec: ColumnCodec
}

/** Changes a row in place, since nobody else holds it, and returns it. */
export type RowDecoder = (row: Row) => object

/**
 * Setting a property of this name on a plain object changes its prototype instead, so such a column is read under
 * another name and made a property of its own afterwards.
 */
const PROTO = '__proto__'
const PROTO_ALIAS = '__proto__ (column)'

export function selectList(columns: readonly ColumnModel[]): string {
  // `1`: a table of another module may show no column at all, and SELECT needs one.
  if (columns.length === 0) return '1'
  return columns.map(selected).join(', ')
}

function selected({ name, info, sql }: ColumnModel): string {
  if (name === PROTO) return `${sql} AS "${PROTO_ALIAS}"`
  return name === info.name ? sql : `${sql} AS ${quoteIdentifier(name)}`
}

/** The decoder of rows with these columns; `null` when they need no change at all, so that reading costs nothing. */
export function rowDecoder(columns: readonly ColumnModel[]): RowDecoder | null {
  const names: string[] = []
  const decoders: ((value: SqlValue) => unknown)[] = []
  for (const { name, codec } of columns) {
    if (codec.decode === null || name === PROTO) continue
    names.push(name)
    decoders.push(codec.decode)
  }
  const proto = columns.find(({ name }) => name === PROTO)
  if (names.length === 0 && proto === undefined) return null

  return (row) => {
    const decoded: Record<string, unknown> = row
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string
      decoded[name] = decoders[index]?.(row[name] as SqlValue)
    }
    return proto === undefined ? decoded : withOwnProto(decoded, proto.codec)
  }
}

function withOwnProto({ [PROTO_ALIAS]: stored, ...row }: Record<string, unknown>, { decode }: ColumnCodec): object {
  const value = decode === null ? stored : decode(stored as SqlValue)
  return Object.defineProperty(row, PROTO, { value, enumerable: true, writable: true, configurable: true })
}

/** All rows of a result, decoded; many of them in slices. */
export async function decodeRows(rows: readonly Row[], decode: RowDecoder | null): Promise<object[]> {
  const decoded: object[] = rows as Row[]
  if (decode === null) return decoded
  await inSlices(rows.length, (index) => {
    decoded[index] = decode(rows[index] as Row)
  })
  return decoded
}

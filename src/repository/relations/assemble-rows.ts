/** The rows of a load, put together as objects. Only what the layout says is looked at: no key is compared here. */
import type { Row } from '../../engine/types.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { inSlices } from '../../util/slices.ts'

/** Where the values of one object stand in a row, and what hangs on it. */
export interface Slot {
  readonly columns: readonly {
    readonly name: string
    readonly key: string
    readonly decode: ((value: SqlValue) => unknown) | null
  }[]
  readonly counts: readonly { readonly name: string; readonly key: string }[]
  /** Relations to one row, in the same row of the result; `there` holds 1 where there is one. */
  readonly ones: readonly { readonly name: string; readonly there: string; readonly slot: Slot }[]
  /** Relations whose rows come in a segment of their own; `single`: the first of them is the one. */
  readonly manys: readonly { readonly name: string; readonly segment: number; readonly single: boolean }[]
  /** Where the root's further value stands. */
  readonly extra: string | null
}

export interface Loaded {
  readonly objects: object[]
  /** The further value of each root; empty without one. */
  readonly extras: SqlValue[]
}

/** Takes one object of a segment to where it belongs. */
type Attach = (object: object) => void

/**
 * Rows of a segment come after those that they belong to, each segment in its order; many of them are done in slices.
 */
export async function assembleRows(rows: readonly Row[], segments: readonly Slot[]): Promise<Loaded> {
  const loaded: Loaded = { objects: [], extras: [] }
  /** By segment, then by the number of the row that the objects belong to. */
  const places: Attach[][] = segments.map(() => [])
  const extra = segments[0]?.extra ?? null
  await inSlices(rows.length, (index) => {
    const row = rows[index] as Row
    const number = row.s as number
    const object = makeObject(row, segments[number] as Slot, places)
    if (number > 0) places[number]?.[row.p as number]?.(object)
    else {
      loaded.objects.push(object)
      if (extra !== null) loaded.extras.push(row[extra] as SqlValue)
    }
  })
  return loaded
}

function makeObject(row: Row, { columns, counts, ones, manys }: Slot, places: readonly Attach[][]): object {
  const object: Record<string, unknown> = {}
  for (const { name, key, decode } of columns) {
    const value = row[key] as SqlValue
    setOwn(object, name, decode === null ? value : decode(value))
  }
  for (const { name, key } of counts) setOwn(object, name, row[key])
  for (const { name, there, slot } of ones) {
    setOwn(object, name, row[there] === 1 ? makeObject(row, slot, places) : null)
  }
  for (const { name, segment, single } of manys) {
    const list: object[] = []
    setOwn(object, name, single ? null : list)
    const attach: Attach = single
      ? (found) => {
          if (list.push(found) === 1) setOwn(object, name, found)
        }
      : (found) => list.push(found)
    ;(places[segment] as Attach[])[row.n as number] = attach
  }
  return object
}

/** Sets a property of any name: `__proto__` would otherwise set the prototype. */
export function setOwn(object: object, name: string, value: unknown): void {
  if (name !== '__proto__') (object as Record<string, unknown>)[name] = value
  else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
}

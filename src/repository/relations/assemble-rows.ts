/** The rows of a load, put together as objects. Only what the layout says is looked at: no key is compared here. */
import type { Row } from '../../engine/types.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { inSlices } from '../../util/slices.ts'
import { keyOf } from './arms.ts'

/** A value of a segment. */
export interface Field {
  readonly place: number
}

interface NamedField extends Field {
  readonly name: string
}

/** Where the values of one object stand, and what hangs on it. */
export interface Slot {
  readonly columns: readonly (NamedField & { readonly decode: ((value: SqlValue) => unknown) | null })[]
  readonly counts: readonly NamedField[]
  /** Relations to one row, in the same row of the result; 1 where there is one. */
  readonly ones: readonly (NamedField & { readonly slot: Slot })[]
  /** Relations whose rows come in a segment of their own; `single`: the first of them is the one. */
  readonly manys: readonly { readonly name: string; readonly segment: number; readonly single: boolean }[]
  /** Where the number of the row stands that a row belongs to; `null` where its code says it. */
  readonly parent: number | null
}

export interface Layout {
  readonly arms: readonly {
    readonly segment: number
    readonly part: number
    readonly last: boolean
    readonly kept: boolean
  }[]
  /** Values in a row of the result. */
  readonly width: number
  /** By segment; the first is the root's. */
  readonly slots: readonly Slot[]
  /** The root's further value. */
  readonly extra: Field | null
}

export interface Loaded {
  readonly objects: object[]
  /** The further value of each root; empty without one. */
  readonly extras: SqlValue[]
}

/** Many rows are done in slices. */
export async function assembleRows(rows: readonly Row[], layout: Layout): Promise<Loaded> {
  const assembly = new Assembly(layout)
  await inSlices(rows.length, (index) => assembly.take(rows[index] as Row))
  return assembly.loaded
}

/** Takes an object to the row that it belongs to. */
type Attach = (object: object) => void

/** A segment while its rows come, the parts of all of them before the last parts, and what they belong to before them. */
interface Progress {
  /** The rows of the parts before the last, by number. */
  readonly parts: Row[][]
  /** What belongs to the rows of the segment above, by the number of that row. */
  readonly places: Attach[]
}

class Assembly {
  readonly loaded: Loaded = { objects: [], extras: [] }
  readonly #layout: Layout
  readonly #segments: readonly Progress[]
  /** Where the values stand in the rows. */
  readonly #parts: readonly number[]
  readonly #keys: readonly string[]

  constructor(layout: Layout) {
    this.#layout = layout
    this.#segments = layout.slots.map(() => ({ parts: [], places: [] }))
    const { width } = layout
    const places = Math.max(...layout.arms.map(({ part }) => part + 1)) * width
    this.#parts = Array.from({ length: places }, (_, place) => Math.floor(place / width))
    this.#keys = Array.from({ length: places }, (_, place) => keyOf(place % width))
  }

  take(row: Row): void {
    const { arms, slots } = this.#layout
    if (arms.length === 1) {
      this.#takeRoot([row], this.loaded.objects.length + 1)
      return
    }
    const code = row.k as number
    const { segment, part, last, kept } = arms[code % arms.length] as Layout['arms'][number]
    const number = Math.floor(code / arms.length)
    const { parts, places } = this.#segments[segment] as Progress
    if (!last) {
      parts[part] ??= []
      ;(parts[part] as Row[])[number] = row
      return
    }

    const rows = parts.map((held) => held[number] as Row)
    rows.push(row)
    if (segment === 0) {
      this.#takeRoot(rows, number)
      return
    }
    const slot = slots[segment] as Slot
    const parent = slot.parent === null ? number : (this.#value(rows, slot.parent) as number)
    places[parent]?.(this.#object(rows, slot, kept ? number : 0))
  }

  /** Numbers count from 1, as row_number() does, in the order that the rows were asked for. */
  #takeRoot(rows: readonly Row[], number: number): void {
    const { slots, extra } = this.#layout
    this.loaded.objects[number - 1] = this.#object(rows, slots[0] as Slot, number)
    if (extra !== null) this.loaded.extras[number - 1] = this.#value(rows, extra.place)
  }

  #object(rows: readonly Row[], { columns, counts, ones, manys }: Slot, number: number): object {
    const object: Record<string, unknown> = {}
    for (let index = 0; index < columns.length; index++) {
      const { name, place, decode } = columns[index] as Slot['columns'][number]
      const value = this.#value(rows, place)
      setOwn(object, name, decode === null ? value : decode(value))
    }
    for (const { name, place } of counts) setOwn(object, name, this.#value(rows, place))
    for (const { name, place, slot } of ones) {
      setOwn(object, name, this.#value(rows, place) === 1 ? this.#object(rows, slot, number) : null)
    }
    for (const { name, segment, single } of manys) {
      const attach = single ? one(object, name) : many(object, name)
      ;(this.#segments[segment] as Progress).places[number] = attach
    }
    return object
  }

  #value(rows: readonly Row[], place: number): SqlValue {
    return (rows[this.#parts[place] as number] as Row)[this.#keys[place] as string] as SqlValue
  }
}

function many(object: object, name: string): Attach {
  const list: object[] = []
  setOwn(object, name, list)
  return (found) => list.push(found)
}

function one(object: object, name: string): Attach {
  let found: object | null = null
  setOwn(object, name, null)
  return (candidate) => {
    found ??= candidate
    setOwn(object, name, found)
  }
}

/** Sets a property of any name: `__proto__` would otherwise set the prototype. */
export function setOwn(object: object, name: string, value: unknown): void {
  if (name !== '__proto__') (object as Record<string, unknown>)[name] = value
  else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
}

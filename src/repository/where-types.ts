/** What a `where` may say: values, operators, conditions on related rows, and their combinations. */
import type { IsMany, RelationName, RowOf, Target, Undescribed } from './relations/graph.ts'

/** A value that can stand for a column of type `V` in a condition. */
export type Operand<V> = unknown extends V ? unknown : Widened<Exclude<V, null | undefined>>

/** Dates are text in most columns, integers beyond 2^53 are bigint: either spelling can be looked for. */
type Widened<V> =
  | V
  | (V extends string ? Date : V extends Date ? string : V extends number ? bigint : V extends bigint ? number : never)

/** The operators of one column; all that are given must hold. See `docs/repositories.md`. */
export interface Operators<V> {
  /** Equal; `null`: the column is NULL. */
  readonly eq?: Operand<V> | null
  /** Anything else, NULL included; `null`: the column is not NULL. */
  readonly ne?: Operand<V> | null
  readonly gt?: Operand<V>
  readonly gte?: Operand<V>
  readonly lt?: Operand<V>
  readonly lte?: Operand<V>
  /** One of these; `null` among them finds NULL too. Empty: nothing. */
  readonly in?: readonly (Operand<V> | null)[]
  /** None of these. NULL is found unless `null` is among them. Empty: everything. */
  readonly notIn?: readonly (Operand<V> | null)[]
  /** SQL's LIKE: `%` any characters, `_` one; A to Z match a to z. */
  readonly like?: string
  readonly notLike?: string
  /** SQLite's GLOB: `*`, `?` and `[…]`, case-sensitive. */
  readonly glob?: string
  /** From the first to the second, both included. */
  readonly between?: readonly [Operand<V>, Operand<V>]
  readonly isNull?: boolean
  /** The text holds this text; nothing in it is a wildcard. A to Z match a to z. */
  readonly contains?: string
  readonly startsWith?: string
  readonly endsWith?: string
}

/** A key of an object, or an index into an array; a negative index counts from the end. */
export type JsonStep = string | number

type JsonOperand<V> = unknown extends V ? unknown : Operand<V>

/** The operators of a value inside JSON; all that are given must hold. Values of different types are never equal. */
export interface JsonOperators<V> {
  /** Equal; `null`: JSON's null, or nothing there. Objects and arrays are compared as their JSON text. */
  readonly eq?: JsonOperand<V> | null
  /** Anything else, nothing there included; `null`: there is something, and it is not null. */
  readonly ne?: JsonOperand<V> | null
  readonly gt?: JsonOperand<V>
  readonly gte?: JsonOperand<V>
  readonly lt?: JsonOperand<V>
  readonly lte?: JsonOperand<V>
  readonly in?: readonly (JsonOperand<V> | null)[]
  readonly notIn?: readonly (JsonOperand<V> | null)[]
  readonly like?: string
  readonly notLike?: string
  readonly glob?: string
  readonly between?: readonly [JsonOperand<V>, JsonOperand<V>]
  /** JSON's null, or nothing there. */
  readonly isNull?: boolean
  /** Whether there is something at the path; JSON's null is something. */
  readonly exists?: boolean
  readonly contains?: string
  readonly startsWith?: string
  readonly endsWith?: string
  /** There is an array, and one of its elements equals this. */
  readonly arrayContains?: unknown
}

type JsonScalar = string | number | bigint | boolean | null | undefined

/**
 * Conditions at every path into `V`, spelled out to two steps: of a type with many keys there are many paths. What lies
 * deeper is not checked.
 */
type JsonAt<V, Path extends readonly JsonStep[]> =
  | ({ readonly path: Path } & JsonOperators<V>)
  | (unknown extends V
      ? { readonly path: readonly [...Path, ...JsonStep[]] } & JsonOperators<unknown>
      : Path['length'] extends 2
        ? { readonly path: readonly [...Path, JsonStep, ...JsonStep[]] } & JsonOperators<unknown>
        : V extends readonly (infer Element)[]
          ? JsonAt<Element, readonly [...Path, number]>
          : V extends JsonScalar
            ? never
            : { [K in keyof V & string]-?: JsonAt<Exclude<V[K], null | undefined>, readonly [...Path, K]> }[keyof V &
                string])

/** A column of text may hold JSON, too: STRICT tables have no other type for it. */
type JsonCondition<V> = V extends string
  ? { readonly path: readonly JsonStep[] } & JsonOperators<unknown>
  : V extends JsonScalar | Date | Uint8Array
    ? never
    : JsonAt<V, readonly []>

/** What can stand directly behind a column. An object there is operators, and an array is "one of these". */
type Bare<V> = Extract<Operand<V>, string | number | bigint | boolean | Date | Uint8Array>

/** A value, `null` for NULL, an array for "one of these", or operators, of the column or of a value inside its JSON. */
export type Condition<V> = unknown extends V
  ? unknown
  : Bare<V> | null | readonly (Operand<V> | null)[] | Operators<V> | JsonCondition<V>

type Combining = 'or' | 'and' | 'not'

/**
 * Conditions that must all hold. `undefined` anywhere is an error. A column named `or`, `and` or `not` is written in
 * double quotes: `{ '"or"': 5 }`.
 *
 * @example
 * { status: 'listed', price: { gte: 10, lt: 50 }, artist_id: [1, 2], sold_at: null, or: [{ likes: 0 }, { hot: true }] }
 */
export type Where<Row, G = Undescribed> = {
  readonly [K in keyof Row as K extends Combining ? `"${K}"` : K]?: Condition<Row[K]>
} & {
  readonly [Name in RelationName<G>]?: RelatedWhere<Target<G, Name>, IsMany<G, Name>>
} & {
  readonly or?: readonly Where<Row, G>[]
  readonly and?: readonly Where<Row, G>[]
  readonly not?: Where<Row, G>
}

/** Conditions on the one related row, or `null` for none; of many: `some`, `every`, `none`, all of which must hold. */
type RelatedWhere<G, Many> = Many extends true
  ? {
      /** At least one row meets these conditions. */
      readonly some?: Where<RowOf<G>, G>
      /** No row fails to meet them; so also where there is none. */
      readonly every?: Where<RowOf<G>, G>
      /** No row meets them. */
      readonly none?: Where<RowOf<G>, G>
    }
  : Where<RowOf<G>, G> | null

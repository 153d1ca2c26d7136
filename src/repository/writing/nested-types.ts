/** What `create` accepts beside the columns of a row, where relations are described, and what it returns. */
import type { Insertable } from 'kysely'
import type { Graph, IsMany, IsUndescribed, RelationName, RowOf, Target } from '../relations/graph.ts'

type InsertOf<G> =
  G extends Graph<infer DB, unknown, infer Table> ? (Table extends keyof DB ? Insertable<DB[Table]> : never) : never

/** Columns of a row that is made with others: keys among them are filled in, and which those are no type says. */
type Columns<Insert> = { readonly [K in keyof Insert]?: Insert[K] }

type NestedRow<G> = Columns<InsertOf<G>> & NestedRows<G>

/** Rows to make by relation; where relations are not described nothing can be said about them. */
type NestedRows<G> =
  IsUndescribed<G> extends true
    ? never
    : {
        readonly [Name in RelationName<G>]?:
          | (IsMany<G, Name> extends true ? readonly NestedRow<Target<G, Name>>[] : NestedRow<Target<G, Name>>)
          | null
          | undefined
      }

/** A type parameter takes any properties; this one makes those that are neither column nor relation an error, at any depth. */
type KnownRow<G, Insert, Data> = {
  readonly [K in keyof Data]: K extends keyof Insert
    ? unknown
    : K extends RelationName<G>
      ? Data[K] extends readonly unknown[]
        ? IsMany<G, K> extends true
          ? KnownRelated<Target<G, K>, Data[K]>
          : never
        : KnownRelated<Target<G, K>, Data[K]>
      : never
}

type KnownRelated<G, Data> = Data extends readonly (infer Item)[]
  ? readonly KnownRow<G, InsertOf<G>, Item>[]
  : Data extends object
    ? KnownRow<G, InsertOf<G>, Data>
    : unknown

/** The data of a row with those of its relations; without any it is a plain row, whose keys nothing fills in. */
export type NestedData<G, Insert, Data> = [keyof Data & RelationName<G>] extends [never]
  ? never
  : Columns<Insert> & Data & NestedRows<G> & KnownRow<G, Insert, Data>

/** A row as it is returned: whole rows in place of their data. */
export type Created<G, Row, Data> = Row & {
  -readonly [Name in keyof Data & RelationName<G>]: CreatedRelated<Target<G, Name>, Data[Name]>
}

type CreatedRelated<G, Data> = Data extends readonly (infer Item)[]
  ? Created<G, RowOf<G>, Item>[]
  : Data extends object
    ? Created<G, RowOf<G>, Data>
    : undefined

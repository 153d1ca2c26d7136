/** What `with` and `withCount` accept, and what a row is with it. */
import type { Direction, OrderBy } from '../order-types.ts'
import type { Where } from '../where-types.ts'
import type { IsMany, IsNullable, IsUndescribed, RelationName, RowOf, Target } from './graph.ts'

type ColumnOf<G> = keyof RowOf<G> & string

/** What a relation to one row can be asked for. */
export interface WithOne<G> {
  /** The columns to read. Default: all. */
  readonly select?: readonly ColumnOf<G>[]
  /** Its own relations. */
  readonly with?: With<G>
  readonly withCount?: WithCount<G>
}

/** What a relation to many rows can be asked for. */
export interface WithMany<G> extends WithOne<G> {
  readonly where?: Where<RowOf<G>, G>
  /** Default: none, or the primary key where there is a limit or an offset. */
  readonly orderBy?: OrderBy<RowOf<G>>
  readonly orderDirection?: Direction
  /** Rows at most for each row that they belong to. Default: all. */
  readonly limit?: number
  /** Rows to leave out for each row that they belong to. Default: 0. */
  readonly offset?: number
}

interface LooseOptions {
  readonly where?: Readonly<Record<string, unknown>>
  readonly orderBy?: OrderBy<Record<string, unknown>>
  readonly orderDirection?: Direction
  readonly limit?: number
  readonly offset?: number
  readonly select?: readonly string[]
  readonly with?: LooseWith
  readonly withCount?: LooseCount
}
interface LooseWith {
  readonly [name: string]: boolean | LooseOptions | undefined
}
type LooseCount = readonly string[] | { readonly [name: string]: boolean | { readonly where?: object } | undefined }

/**
 * The relations to load, by name: `true`, or an object of options.
 *
 * @example
 * { artist: true, comments: { where: { hidden: false }, orderBy: { id: 'desc' }, limit: 3, with: { user: true } } }
 */
export type With<G> =
  IsUndescribed<G> extends true
    ? LooseWith
    : {
        readonly [Name in RelationName<G>]?:
          | boolean
          | (IsMany<G, Name> extends true ? WithMany<Target<G, Name>> : WithOne<Target<G, Name>>)
          | undefined
      }

/**
 * The relations to count: an array of names, or an object for those with conditions. Each becomes a property with `Count`
 * behind the relation's name.
 *
 * @example
 * ['comments'] // commentsCount
 * { comments: { where: { hidden: false } } }
 */
export type WithCount<G> =
  IsUndescribed<G> extends true
    ? LooseCount
    :
        | readonly RelationName<G>[]
        | {
            readonly [Name in RelationName<G>]?:
              | boolean
              | { readonly where?: Where<RowOf<Target<G, Name>>, Target<G, Name>> }
              | undefined
          }

type OptionName<G, Name> = keyof (IsMany<G, Name> extends true ? WithMany<G> : WithOne<G>)

/** A type parameter takes any properties; this one makes those that mean nothing an error, at any depth. */
export type Known<G, W> =
  IsUndescribed<G> extends true
    ? unknown
    : {
        readonly [Name in keyof W]: Name extends RelationName<G>
          ? W[Name] extends boolean | undefined
            ? unknown
            : {
                readonly [Option in keyof W[Name]]: Option extends OptionName<G, Name>
                  ? Option extends 'with'
                    ? Known<Target<G, Name>, W[Name][Option]>
                    : unknown
                  : never
              }
          : never
      }

/** The options that load relations. */
export interface Loading<G, W, C> {
  /** Relations to load with each row. Default: none. */
  readonly with?: (W & Known<G, W>) | undefined
  /** Relations to count for each row. Default: none. */
  readonly withCount?: C | undefined
}

/** A row with the relations that `with` and `withCount` ask for. */
export type Loaded<G, Row, W, C> = [keyof W] extends [never]
  ? [CountName<C>] extends [never]
    ? Row
    : Flat<Row & Counts<C>>
  : Flat<Row & Relations<G, W> & Counts<C>>

/** The result as one object, which errors and editors show better than an intersection. */
type Flat<T> = { [K in keyof T]: T[K] }

/** A relation that is not described can be anything. With `unknown` every use would need a cast. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Anything = any

type Relations<G, W> = {
  -readonly [Name in keyof W as W[Name] extends false | undefined ? never : Name]:
    | (IsUndescribed<G> extends true ? Anything : Value<G, Name, W[Name]>)
    | (W[Name] extends true | object ? never : undefined)
}

type Value<G, Name, Options> =
  IsMany<G, Name> extends true
    ? Item<Target<G, Name>, Options>[]
    : Item<Target<G, Name>, Options> | (IsNullable<G, Name> extends true ? null : never)

/** One related row, as its options ask for it. */
type Item<G, Options> = Loaded<
  G,
  Options extends { readonly select: readonly (infer Selected)[] }
    ? Pick<RowOf<G>, Selected & keyof RowOf<G>>
    : RowOf<G>,
  Options extends { readonly with: infer W extends object } ? W : Record<never, never>,
  Options extends { readonly withCount: infer C } ? C : []
>

type CountName<C> = C extends readonly (infer Name)[]
  ? Name & string
  : { [Name in keyof C]: C[Name] extends false | undefined ? never : Name }[keyof C] & string

type Counts<C> = { [Name in CountName<C> as `${Name}Count`]: number }

/** Relations by name: `artist`, and with a dot relations of relations, `comments.user`. */
export type RelationPath<G> = IsUndescribed<G> extends true ? string : RelationName<G> | `${RelationName<G>}.${string}`

/** The `with` that a list of paths stands for. */
export type WithPaths<Path extends string> = {
  [Name in Path extends `${infer Head}.${string}` ? Head : Path]: Rest<Path, Name> extends never
    ? true
    : { readonly with: WithPaths<Rest<Path, Name>> }
}

/** What stands behind the dot of the paths that begin with this name. */
type Rest<Path extends string, Name extends string> = Path extends `${Name}.${infer Tail}` ? Tail : never

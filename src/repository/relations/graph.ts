/** How tables are related, as types: what is registered beside the tables of a database. */
import type { Selectable } from 'kysely'
import type { Register, RegisteredDatabase } from '../register.ts'

/**
 * A table among the others of its database. Each relation of `Relations` is `{ table, many }`, and of those to one row
 * `nullable: false` says that there always is one.
 */
export interface Graph<DB = unknown, Relations = unknown, Table = unknown> {
  readonly database: DB
  readonly relations: Relations
  readonly table: Table
}

/** A table whose relations are not described: any name is accepted, and what it brings is not checked. */
export interface Undescribed {
  readonly undescribed: true
}

/** The relations of `DB`, where it is the database that is registered. */
export type GraphOf<DB, Table> = Register extends { readonly relations: infer Relations }
  ? [DB] extends [RegisteredDatabase]
    ? Graph<DB, Relations, Table>
    : Undescribed
  : Undescribed

export type IsUndescribed<G> = G extends Undescribed ? true : false

/** The relations of the table, by name. */
export type RelationsOf<G> =
  G extends Graph<unknown, infer Relations, infer Table>
    ? Table extends keyof Relations
      ? Relations[Table]
      : Record<never, never>
    : Record<never, never>

/** The names of its relations. */
export type RelationName<G> = keyof RelationsOf<G> & string

/** The table that a relation leads to. */
export type Target<G, Name> =
  G extends Graph<infer DB, infer Relations, unknown>
    ? Name extends keyof RelationsOf<G>
      ? RelationsOf<G>[Name] extends { readonly table: infer Table }
        ? Graph<DB, Relations, Table>
        : never
      : never
    : never

/** A row of the table, as Kysely's column types describe it. */
export type RowOf<G> =
  G extends Graph<infer DB, unknown, infer Table> ? (Table extends keyof DB ? Selectable<DB[Table]> : never) : never

export type IsMany<G, Name> = Name extends keyof RelationsOf<G>
  ? RelationsOf<G>[Name] extends { readonly many: true }
    ? true
    : false
  : false

export type IsNullable<G, Name> = Name extends keyof RelationsOf<G>
  ? RelationsOf<G>[Name] extends { readonly nullable: false }
    ? false
    : true
  : true

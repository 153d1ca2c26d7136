/** How a program tells the package what its database looks like: `noormme generate` writes it. */
import type { UntypedDatabase } from './repository-of.ts'

/**
 * Made known by the generated file, for the whole program:
 *
 *     declare module 'noormme' { interface Register { database: DB; relations: Relations } }
 */
// biome-ignore lint/suspicious/noEmptyInterface: an interface, since only those can be added to from another file
export interface Register {}

/** The tables of the registered database; any table where none is registered. */
export type RegisteredDatabase = Register extends { readonly database: infer DB } ? DB : UntypedDatabase

/**
 * The tables of `DB` as Kysely returns them, which is what is stored: repositories make booleans, JSON and the like of
 * it. Differs from `DB` only where the generated file says so.
 */
export type KyselyDatabase<DB> = Register extends { readonly kysely: infer Stored }
  ? [DB] extends [RegisteredDatabase]
    ? [RegisteredDatabase] extends [DB]
      ? Stored
      : DB
    : DB
  : DB

/** What a JSON column holds; JSON's `null` as a whole is SQL's NULL. */
export type Json = string | number | boolean | readonly (Json | null)[] | { readonly [key: string]: Json | null }

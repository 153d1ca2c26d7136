/** How a program tells the package what its database looks like: `noormme generate` writes it. */
import type { UntypedDatabase } from './untyped.ts'

/**
 * Made known by the generated file, for the whole program:
 *
 *     declare module 'noormme' { interface Register { database: DB; relations: Relations } }
 */
// biome-ignore lint/suspicious/noEmptyInterface: an interface, since only those can be added to from another file
export interface Register {}

/** The tables of the registered database; any table where none is registered. */
export type RegisteredDatabase = Register extends { readonly database: infer DB } ? DB : UntypedDatabase

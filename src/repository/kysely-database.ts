/** What `getKysely()` is typed by. */
import type { Register, RegisteredDatabase } from './register.ts'

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

/** A database that is not described. */

/**
 * A database whose tables are not described: any name is accepted.
 *
 * `any`, because that is how Kysely spells it: with `unknown` no query could be written.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type UntypedDatabase = any

/** A row whose columns are not described. */
export type UntypedRow = Record<string, unknown>

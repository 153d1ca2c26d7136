/** Errors about names and values: what is not there, what cannot be used as given. */
import { define, didYouMean, inSql } from '../error-base.ts'

const meant = (nearest: readonly string[]): string => (nearest.length === 0 ? '' : `.${didYouMean(nearest)}`)

/** No table or view of this name. */
export class TableNotFoundError extends define<{
  readonly table: string
  readonly nearest: readonly string[]
  readonly sql?: string | undefined
}>('NOORMME_TABLE_NOT_FOUND', {
  message: ({ table, nearest, sql }) => `no table or view named "${table}"${inSql(sql)}${meant(nearest)}`,
  hint: 'Check the name; a table that another program has made since is known after refreshSchema().',
}) {}

/** The table has no column of this name. */
export class ColumnNotFoundError extends define<{
  readonly table: string
  readonly column: string
  readonly nearest: readonly string[]
  readonly sql?: string | undefined
}>('NOORMME_COLUMN_NOT_FOUND', {
  message: ({ table, column, nearest, sql }) =>
    `table "${table}" has no column "${column}"${inSql(sql)}${meant(nearest)}`,
  hint: 'Check the name; what another program has altered since is known after refreshSchema().',
}) {}

/** The table has no relation of this name. Relations come from foreign keys; `docs/relations.md` says how they are named. */
export class RelationshipNotFoundError extends define<{
  readonly table: string
  readonly relation: string
  readonly nearest: readonly string[]
  readonly relations: readonly string[]
}>('NOORMME_RELATIONSHIP_NOT_FOUND', {
  message: ({ table, relation, nearest }) => `"${table}" has no relation "${relation}".${didYouMean(nearest)}`,
  hint: ({ relations }) =>
    relations.length === 0
      ? 'No foreign key leads from or to it; a key that another program has made since is known after refreshSchema().'
      : `Its relations: ${relations.join(', ')}.`,
}) {}

/** The database is not the one that the generated types were made from, and `introspection.drift` is `'error'`. */
export class SchemaDriftError extends define<{ readonly changes: readonly string[] }>('NOORMME_SCHEMA_DRIFT', {
  message: ({ changes }) =>
    `the database differs from its generated types: ${changes.slice(0, 10).join('; ')}${changes.length > 10 ? `; and ${changes.length - 10} more` : ''}`,
  hint: 'Migrate the database, or run noormme generate again.',
}) {}

/** `update` or `increment` of a row that is not there. (Finders answer `null`, `delete` answers `false`.) */
export class NotFoundError extends define<{ readonly table: string }>('NOORMME_NOT_FOUND', {
  message: ({ table }) => `no row with this key in "${table}"`,
  hint: 'Check the key, or create the row first.',
}) {}

/** `update` of a row that was changed since it was read: its version is another one. Nothing was written. */
export class StaleRowError extends define<{ readonly table: string; readonly version: string }>('NOORMME_STALE', {
  message: ({ table, version }) => `the row of "${table}" was changed since it was read ("${version}" differs)`,
  hint: 'Read the row again, make the change to what it is now, and update it.',
}) {}

/**
 * A value, option or argument that cannot be used as given. Nothing was written. `issues`: what a validation schema said,
 * in its own words, which may quote what it was given; the message names the paths alone.
 */
export class ValidationError extends define<{
  readonly subject: string
  readonly reason: string
  readonly advice?: string
  readonly issues?: readonly { readonly path: string; readonly message: string }[]
}>('NOORMME_VALIDATION', {
  message: ({ subject, reason }) => `${subject} ${reason}`,
  hint: ({ advice }) => advice ?? 'Correct the call; nothing was written.',
}) {}

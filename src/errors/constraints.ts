/** Constraints of the schema that refused a row. */
import { define, inSql } from '../error-base.ts'

interface ConstraintFacts {
  /** The table as SQLite named it; undefined where SQLite does not say (foreign keys). */
  readonly table?: string | undefined
  readonly columns: readonly string[]
  /** Name of the constraint or index, where SQLite reports one (CHECK, unique index on an expression). */
  readonly constraint?: string | undefined
  readonly sql?: string | undefined
}

const onColumns = ({ table, columns, constraint }: ConstraintFacts): string => {
  if (columns.length > 0)
    return ` on ${columns.map((column) => (table === undefined ? column : `${table}.${column}`)).join(', ')}`
  return constraint === undefined ? '' : ` "${constraint}"`
}

/** A row with the same unique or primary key exists. */
export class UniqueConstraintError extends define<ConstraintFacts>('NOORMME_UNIQUE', {
  message: (facts) => `unique constraint failed${onColumns(facts)}${inSql(facts.sql)}`,
  hint: 'A row with this key exists: update it, or choose another value.',
}) {}

/** The referenced row does not exist, or rows still refer to the one being removed. */
export class ForeignKeyConstraintError extends define<ConstraintFacts>('NOORMME_FOREIGN_KEY', {
  message: (facts) => `foreign key constraint failed${inSql(facts.sql)}`,
  hint: 'Create the referenced row first, or remove the rows that refer to this one.',
}) {}

/** A column that must have a value was given none. */
export class NotNullConstraintError extends define<ConstraintFacts>('NOORMME_NOT_NULL', {
  message: (facts) => `a value is required${onColumns(facts)}${inSql(facts.sql)}`,
  hint: 'Give the column a value.',
}) {}

/** A CHECK constraint of the table refused the row. */
export class CheckConstraintError extends define<ConstraintFacts>('NOORMME_CHECK', {
  message: (facts) => `check constraint failed${onColumns(facts)}${inSql(facts.sql)}`,
  hint: 'The row breaks a rule that the table states; see its CREATE TABLE.',
}) {}

/** Any other constraint: a trigger's RAISE, a value of the wrong type in a STRICT table, … */
export class ConstraintError extends define<ConstraintFacts & { readonly reason: string }>('NOORMME_CONSTRAINT', {
  message: (facts) => `constraint failed: ${facts.reason}${inSql(facts.sql)}`,
  hint: 'The table or one of its triggers refused the row; see its definition.',
}) {}

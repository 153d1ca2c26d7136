/** Errors of migrations. */
import { define, inSql } from '../error-base.ts'

/** A migration could not be applied. The database is as it was before that migration. */
export class MigrationError extends define<{
  readonly file: string
  readonly line?: number | undefined
  readonly statement?: string | undefined
  readonly reason: string
  readonly advice?: string | undefined
  /** Files of the same call that were applied before it, and stay applied. */
  readonly applied?: readonly string[] | undefined
}>('NOORMME_MIGRATION', {
  message: ({ file, line, statement, reason, applied = [] }) => {
    const before = applied.length === 0 ? '' : ` (applied before it: ${applied.join(', ')})`
    return `${file}${line === undefined ? '' : `:${line}`}: ${reason}${inSql(statement)}${before}`
  },
  hint: ({ advice, file }) => advice ?? `Correct ${file} and run it again; nothing of that file was applied.`,
}) {}

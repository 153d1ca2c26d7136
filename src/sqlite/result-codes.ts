/**
 * SQLite's extended result codes (https://sqlite.org/rescode.html) to our error classes: by code, never by guessing at
 * text. Only names come from SQLite's message, because that is where SQLite reports them: the table and columns of a
 * constraint, a table or column that is missing. Values never pass: a message produced while a statement ran may quote a bound value, so what it quotes is
 * cut off, unless the statement's own text says the same.
 */
import { existsSync } from 'node:fs'
import {
  BusyError,
  CheckConstraintError,
  ConnectionError,
  ConstraintError,
  CorruptionError,
  DiskFullError,
  type ErrorOrigin,
  FileGoneError,
  ForeignKeyConstraintError,
  IoError,
  NoormmeError,
  NotADatabaseError,
  NotNullConstraintError,
  ReadOnlyError,
  StatementError,
  UniqueConstraintError,
} from '../errors.ts'
import { missingName } from './missing-name.ts'
import type { SchemaNames } from './schema-names.ts'

export interface FailureContext {
  /** Label of the connection it happened on. */
  readonly connection: string
  readonly path: string
  readonly sql?: string | undefined
  /** `running`: the message may contain bound values. `preparing`: it speaks of the text only. */
  readonly phase: 'preparing' | 'running'
  /** How long the connection waited for a lock (ms). */
  readonly waitedMs?: number
  /** Who holds the lock, when it could be found out. */
  readonly holder?: string | undefined
  /**
   * Settles where a table's name ends in `my.table.column`, whether a trigger's sentence is its author's own, and whether
   * a name is missing.
   */
  readonly schema?: Pick<SchemaNames, 'columnsOf' | 'tables' | 'triggerSays'>
}

/** Turns what the driver threw into the catalogue's error. Errors of the catalogue pass unchanged. */
export function translateError(error: unknown, context: FailureContext): NoormmeError {
  if (error instanceof NoormmeError) return error
  const sqliteCode = sqliteCodeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const reason = context.phase === 'running' ? withoutValues(message, context.sql) : message
  // Where something was cut out, the driver's own error would carry it into logs as the cause.
  const cause = reason === message ? error : undefined
  const { sql, path } = context

  if (sqliteCode === undefined) return new StatementError({ reason, sql }, { cause })
  const origin = { sqliteCode, cause }
  if (sqliteCode.startsWith('SQLITE_CONSTRAINT')) return constraintError(error, reason, context, sqliteCode)
  if (sqliteCode.startsWith('SQLITE_BUSY') || sqliteCode.startsWith('SQLITE_LOCKED')) {
    return new BusyError(
      { connection: context.connection, waitedMs: Math.round(context.waitedMs ?? 0), holder: context.holder },
      origin,
    )
  }
  if (sqliteCode === 'SQLITE_READONLY_DBMOVED') {
    return new FileGoneError({ path, what: 'the file', how: existsSync(path) ? 'replaced' : 'removed' }, origin)
  }
  if (sqliteCode.startsWith('SQLITE_READONLY')) return new ReadOnlyError({ reason: `${path}: ${reason}` }, origin)
  if (sqliteCode.startsWith('SQLITE_IOERR')) return new IoError({ reason: `${reason} (${sqliteCode})` }, origin)
  if (sqliteCode.startsWith('SQLITE_CORRUPT')) return new CorruptionError({ reason }, origin)
  if (sqliteCode.startsWith('SQLITE_CANTOPEN')) {
    return new ConnectionError(
      { path, reason, advice: 'Check that the path exists and the process may use it.' },
      origin,
    )
  }
  switch (sqliteCode) {
    case 'SQLITE_FULL':
      return new DiskFullError({ reason: `${path}: ${reason}` }, origin)
    case 'SQLITE_NOTADB':
      return new NotADatabaseError({ path }, origin)
    case 'SQLITE_MISMATCH':
      return new ConstraintError(
        { columns: [], reason: 'a rowid, a LIMIT or an OFFSET must be an integer', sql },
        origin,
      )
    default:
      return missing(message, context, origin) ?? new StatementError({ reason, sql }, origin)
  }
}

/** The extended code of a driver error, or `undefined` for any other. */
export function sqliteCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return error.code.startsWith('SQLITE_') ? error.code : undefined
}

/** `null` when no name is missing. */
function missing(message: string, { sql, schema }: FailureContext, origin: ErrorOrigin): NoormmeError | null {
  if (origin.sqliteCode !== 'SQLITE_ERROR' || sql === undefined || schema === undefined) return null
  try {
    return missingName(message, sql, schema, origin)
  } catch {
    // Asking the schema failed, perhaps for the reason that the statement did: the statement's own error says more.
    return null
  }
}

function constraintError(error: unknown, reason: string, context: FailureContext, sqliteCode: string): NoormmeError {
  const { sql, schema } = context
  const message = error instanceof Error ? error.message : ''
  const subject = / failed: (.*)$/s.exec(message)?.[1]
  // These messages are made of names of the schema, so the driver's error may stand behind them as it is.
  const origin = { sqliteCode, cause: error }
  switch (sqliteCode) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
    case 'SQLITE_CONSTRAINT_ROWID':
      return new UniqueConstraintError({ ...columnsOf(subject, schema), sql }, origin)
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return new NotNullConstraintError({ ...columnsOf(subject, schema), sql }, origin)
    case 'SQLITE_CONSTRAINT_CHECK':
      return new CheckConstraintError({ columns: [], constraint: subject, sql }, origin)
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return new ForeignKeyConstraintError({ columns: [], sql }, origin)
    case 'SQLITE_CONSTRAINT_TRIGGER':
      // RAISE() takes any expression: a computed sentence may carry a value.
      if (schema?.triggerSays(message) ?? false)
        return new ConstraintError({ columns: [], reason: message, sql }, origin)
      return new ConstraintError({ columns: [], reason: 'a trigger refused the row', sql }, { sqliteCode })
    default:
      return new ConstraintError({ columns: [], reason, sql }, reason === message ? origin : { sqliteCode })
  }
}

/** `t.a, t.b` → table and columns; `index 'name'` → the index of expressions. */
function columnsOf(
  subject: string | undefined,
  schema: FailureContext['schema'],
): { table?: string; columns: string[]; constraint?: string } {
  if (subject === undefined) return { columns: [] }
  const index = /^index '(.*)'$/s.exec(subject)
  if (index !== null) return { columns: [], constraint: (index[1] ?? '').replaceAll("''", "'") }

  for (let dot = subject.indexOf('.'); dot !== -1; dot = subject.indexOf('.', dot + 1)) {
    const table = subject.slice(0, dot)
    const columns = subject.slice(dot + 1).split(`, ${table}.`)
    const known = schema?.columnsOf(table)
    if (known === undefined || columns.every((column) => column === 'rowid' || known.includes(column))) {
      return { table, columns }
    }
  }
  return { columns: [subject] }
}

/**
 * Cuts off what a run-time message quotes and every number in it: FTS5, JSON and table-valued PRAGMAs repeat their
 * argument there. What the statement's own text contains may stay.
 */
function withoutValues(message: string, sql = ''): string {
  const head = /^(?:fts5: )?[^:"'`[]*/.exec(message)?.[0] ?? ''
  const tail = message.slice(head.length).replace(/^[:\s"'`[]+|["'`\]\s]+$/g, '')
  const kept = head.replace(/\b\d+\b/g, (digits) => (sql.includes(digits) ? digits : '…'))
  return sql.includes(tail.replace(/^main\./, '')) ? kept + message.slice(head.length) : `${kept.trimEnd()} …`
}

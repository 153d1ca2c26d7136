/**
 * SQLite has one code for every mistake in a statement, so which name is missing stands in its message alone. The message
 * is believed only where the statement has that name in it and the schema does not have it.
 */
import { ColumnNotFoundError, type ErrorOrigin, type NoormmeError, TableNotFoundError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'
import { tokenize, unquote } from './tokenizer.ts'

export interface KnownNames {
  /** Tables and views. */
  tables(): readonly string[]
  /** Columns of a table or view; empty when there is none of this name. */
  columnsOf(table: string): readonly string[]
}

const NO_TABLE = /^no such table: (?:main\.)?(.+)$/s
const NO_COLUMN = /^no such column: (.+?)(?: - should this be a string literal in single-quotes\?)?$/s
const NO_COLUMN_IN = /^table (.+) has no column named (.+)$/s
/** Behind these words stands the table that a statement is about. */
const BEFORE_TABLE = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE'])

/** The error that names what is missing; `null` when it is something else, or cannot be told. */
export function missingName(message: string, sql: string, names: KnownNames, origin: ErrorOrigin): NoormmeError | null {
  const table = NO_TABLE.exec(message)?.[1]
  if (table !== undefined) return missingTable(table, sql, names, origin)
  const [, owner, named] = NO_COLUMN_IN.exec(message) ?? []
  if (owner !== undefined && named !== undefined) return missingColumn(owner, named, sql, names, origin)
  const found = NO_COLUMN.exec(message)?.[1]
  const only = found === undefined ? null : onlyTable(sql)
  return found === undefined || only === null ? null : missingColumn(only, lastPart(found), sql, names, origin)
}

function missingTable(table: string, sql: string, names: KnownNames, origin: ErrorOrigin): NoormmeError | null {
  const known = names.tables()
  if (!mentions(sql, table) || known.some((name) => same(name, table))) return null
  return new TableNotFoundError({ table, nearest: nearest(table, known), sql }, origin)
}

function missingColumn(
  table: string,
  column: string,
  sql: string,
  names: KnownNames,
  origin: ErrorOrigin,
): NoormmeError | null {
  const known = names.columnsOf(table)
  if (known.length === 0 || !mentions(sql, column) || known.some((name) => same(name, column))) return null
  return new ColumnNotFoundError({ table, column, nearest: nearest(column, known), sql }, origin)
}

/** The table of a statement that has one; `null` where several could be meant. */
function onlyTable(sql: string): string | null {
  const tables = new Set<string>()
  let follows = false
  for (const { kind, start, end } of tokenize(sql)) {
    const text = sql.slice(start, end)
    if (follows && text === '(') return null
    if (follows) tables.add(unquote(text))
    // Another one may stand behind a comma.
    if (tables.size > 0 && text.toUpperCase() === 'SELECT') return null
    follows = kind === 'word' && BEFORE_TABLE.has(text.toUpperCase())
  }
  const [only, ...others] = tables
  return only === undefined || others.length > 0 ? null : only
}

/** `u.nam` and `"nam"` are the column `nam`. */
function lastPart(text: string): string {
  const quoted = /^"(.*)"$/s.exec(text)?.[1]
  return quoted?.replaceAll('""', '"') ?? text.slice(text.lastIndexOf('.') + 1)
}

function mentions(sql: string, name: string): boolean {
  return sql.toLowerCase().includes(name.toLowerCase().replaceAll('"', '""')) || sql.includes(name)
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

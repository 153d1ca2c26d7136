/** The TypeScript types of one column: as repositories read and write it, and as Kysely does where that differs. */

import type { Literal } from '../allowed-values.ts'
import { columnKind } from '../column-kind.ts'
import { hasDefault } from '../schema-description.ts'
import type { ColumnInfo, TableInfo } from '../types.ts'
import { stringLiteral } from './literals.ts'

export interface ColumnFacts {
  readonly table: TableInfo
  readonly column: ColumnInfo
  /** From CHECK constraints; `undefined`: any. */
  readonly allowed: readonly Literal[] | undefined
  /** `introspection.dates` */
  readonly dates: 'text' | 'date'
  /** The type that the user names for it, `undefined` for none. */
  readonly named: string | undefined
}

/** What is read, and what may be written. */
interface Values {
  readonly read: string
  readonly write: string
}

/** A clock in the DEFAULT: the column holds moments. */
const CLOCK = /^[\s(]*(?:current_(?:timestamp|date)\b|datetime\s*\(|date\s*\(|strftime\s*\()/i
const NUMERIC_CLOCK = /^[\s(]*(?:(?:unixepoch|julianday)\s*\(|strftime\s*\(\s*'%[sJ]')/i

/** Its type in Kysely's terms, for repositories. */
export function columnType(facts: ColumnFacts): string {
  return inKyselysTerms(facts, repositoryValues(facts))
}

/** Its type for Kysely, which passes on what SQLite stores; `null` where that is the same. */
export function kyselyColumnType(facts: ColumnFacts): string | null {
  const values = storedValues(facts)
  return values === null ? null : inKyselysTerms(facts, values)
}

/** Whether the column is never NULL: also by being the rowid, which SQLite does not report as such. */
export function isNeverNull(table: TableInfo, column: ColumnInfo): boolean {
  return column.notNull || table.rowidColumn === column.name
}

function inKyselysTerms({ table, column }: ColumnFacts, values: Values): string {
  const never = isNeverNull(table, column)
  const [read, write] = never ? [values.read, values.write] : [orNull(values.read), orNull(values.write)]
  if (!isWritable(table, column)) return `GeneratedAlways<${read}>`
  const optional = table.rowidColumn === column.name || hasDefault(column)
  if (read === write) return optional ? `Generated<${read}>` : read
  return optional ? `ColumnType<${read}, ${orUndefined(write)}, ${write}>` : `ColumnType<${read}, ${write}, ${write}>`
}

function isWritable(table: TableInfo, { generated }: ColumnInfo): boolean {
  // The triggers of a view are INSTEAD OF triggers; a view without them cannot be written.
  return generated === null && (table.kind !== 'view' || table.triggers.length > 0)
}

function repositoryValues(facts: ColumnFacts): Values {
  const { column, allowed, named } = facts
  if (named !== undefined) return same(named)
  const kind = columnKind(column)
  if (allowed !== undefined && (kind === 'text' || kind === 'number' || kind === 'any')) return same(unionOf(allowed))
  switch (kind) {
    case 'boolean':
      return same('boolean')
    case 'json':
      return { read: 'Json', write: 'Json | object' }
    case 'bigint':
      return { read: 'bigint', write: 'bigint | number' }
    case 'date':
      return holdsNumbers(column) ? same('number') : dateValues(facts)
    case 'number':
      return same('number')
    case 'text':
      return CLOCK.test(column.defaultValue ?? '') ? { read: 'string', write: 'string | Date' } : same('string')
    case 'blob':
      return same('Uint8Array')
    case 'any':
      return anyValues(facts)
    default:
      return kind satisfies never
  }
}

function storedValues({ column, dates, named }: ColumnFacts): Values | null {
  switch (columnKind(column)) {
    case 'boolean':
      return { read: 'number', write: 'number | boolean' }
    case 'json':
      return same('string')
    case 'bigint':
      return { read: 'number | bigint', write: 'number | bigint' }
    case 'date':
      if (named !== undefined && dates === 'text') return null
      return dates === 'text' || holdsNumbers(column) ? null : { read: 'string', write: 'string | Date' }
    default:
      return null
  }
}

function dateValues({ dates }: ColumnFacts): Values {
  return dates === 'date' ? { read: 'Date', write: 'Date | string' } : { read: 'string', write: 'string | Date' }
}

/** The full-text index holds texts; of anything else undeclared nothing is known. */
function anyValues({ table, column }: ColumnFacts): Values {
  if (table.module === 'fts5' || table.module === 'fts4' || table.module === 'fts3') return same('string')
  return isNeverNull(table, column) ? same('NonNullable<SqlValue>') : same('SqlValue')
}

function holdsNumbers({ affinity, defaultValue }: ColumnInfo): boolean {
  return affinity === 'INTEGER' || affinity === 'REAL' || NUMERIC_CLOCK.test(defaultValue ?? '')
}

function same(type: string): Values {
  return { read: type, write: type }
}

function unionOf(values: readonly Literal[]): string {
  return values.map((value) => (typeof value === 'number' ? String(value) : stringLiteral(value))).join(' | ')
}

function orNull(type: string): string {
  return type === 'SqlValue' ? type : `${type} | null`
}

function orUndefined(type: string): string {
  return `${type} | undefined`
}

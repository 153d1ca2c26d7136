/**
 * How dates stand in a column as text. SQLite has no date type: it compares text, so all dates of a column must be in
 * one form, or comparing and sorting lie. All forms are in UTC, as SQLite's own functions are
 * (https://sqlite.org/lang_datefunc.html).
 *
 *     iso            2026-01-31T09:30:00.000Z
 *     iso-seconds    2026-01-31T09:30:00Z
 *     sqlite         2026-01-31 09:30:00       with .123 only where there are milliseconds: it still sorts
 *     sqlite-millis  2026-01-31 09:30:00.000
 *     day            2026-01-31
 *     number         seconds, milliseconds or days since some epoch: which one cannot be known
 *     foreign        a form that is not written here (no zone, another zone, no seconds, microseconds)
 */
import type { ColumnInfo } from '../schema/types.ts'

export type DateFormat = 'iso' | 'iso-seconds' | 'sqlite' | 'sqlite-millis' | 'day' | 'number' | 'foreign'

const DATE_TEXT = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d(?::\d\d(?:\.(\d+))?)?)(Z|[+-]\d\d:?\d\d)?)?$/

/** The form that the column's declaration says its dates have, or `null` when only its data can tell. */
export function declaredDateFormat(column: ColumnInfo): DateFormat | null {
  if (column.affinity === 'INTEGER' || column.affinity === 'REAL') return 'number'
  const text = column.defaultValue?.trim().replace(/^\((.*)\)$/s, '$1') ?? ''
  // Local time is not UTC, and by how much is not written with it.
  if (/localtime/i.test(text)) return 'foreign'
  if (/^current_timestamp$/i.test(text)) return 'sqlite'
  if (/^current_date$|^date\s*\(/i.test(text)) return 'day'
  if (/^datetime\s*\(/i.test(text)) return /subsec/i.test(text) ? 'sqlite-millis' : 'sqlite'
  if (/^(?:unixepoch|julianday)\s*\(|^strftime\s*\(\s*'%[sJ]'/i.test(text)) return 'number'
  if (/^strftime\s*\(\s*'%Y-%m-%dT%H:%M:%fZ'/.test(text)) return 'iso'
  if (/^strftime\s*\(\s*'%Y-%m-%dT%H:%M:%SZ'/.test(text)) return 'iso-seconds'
  if (/^strftime\s*\(\s*'%Y-%m-%d %H:%M:%f'/.test(text)) return 'sqlite-millis'
  if (/^strftime\s*\(\s*'%Y-%m-%d %H:%M:%S'/.test(text)) return 'sqlite'
  return null
}

/** The form of a value found in the column, or `null` when it is no date at all. */
export function dateFormatOf(value: unknown): DateFormat | null {
  if (typeof value === 'number' || typeof value === 'bigint') return 'number'
  if (typeof value !== 'string') return null
  const match = DATE_TEXT.exec(value)
  if (match === null) return /^\d{4}-\d\d-\d\d/.test(value) ? 'foreign' : null
  const [, , separator, time, fraction, zone] = match
  if (separator === undefined) return 'day'
  if (time === undefined || time.length === 5 || (fraction !== undefined && fraction.length !== 3)) return 'foreign'
  if (separator === 'T' && zone === 'Z') return fraction === undefined ? 'iso-seconds' : 'iso'
  if (separator === ' ' && zone === undefined) return fraction === undefined ? 'sqlite' : 'sqlite-millis'
  return 'foreign'
}

/** The date in this form, or `null` when the form cannot hold it exactly. */
export function formatDate(date: Date, format: DateFormat): string | null {
  const iso = date.toISOString()
  // Years before 0 and after 9999 have a sign and six digits, which would sort wrongly.
  if (iso.length !== 24) return null
  const day = iso.slice(0, 10)
  const seconds = iso.slice(11, 19)
  const millis = iso.slice(19, 23)
  switch (format) {
    case 'iso':
      return iso
    case 'iso-seconds':
      return millis === '.000' ? `${day}T${seconds}Z` : null
    case 'sqlite':
      return `${day} ${seconds}${millis === '.000' ? '' : millis}`
    case 'sqlite-millis':
      return `${day} ${seconds}${millis}`
    case 'day':
      return seconds === '00:00:00' && millis === '.000' ? day : null
    case 'number':
    case 'foreign':
      return null
  }
}

/**
 * The date as a text to compare with texts of this form: where the form is too coarse for it, a text that sorts between
 * the two that it lies between.
 */
export function comparableDate(date: Date, format: DateFormat): string | null {
  const text = formatDate(date, format)
  if (text !== null) return text
  if (format === 'day') return formatDate(date, 'sqlite')
  if (format !== 'iso-seconds') return null
  // `…00Z.250` begins with `…00Z` and is longer, and `…01Z` is more than both.
  return formatDate(date, 'iso')?.replace(/(\.\d{3})Z$/, 'Z$1') ?? null
}

/**
 * The moment that a stored text names, or `null` where a Date could not hold all of it (no date, more than milliseconds).
 * Text without a zone is UTC, as SQLite reads it.
 */
export function parseDate(text: string): Date | null {
  const match = DATE_TEXT.exec(text)
  if (match === null) return null
  const [, day, , time = '00:00', fraction, zone = 'Z'] = match
  if (fraction !== undefined && fraction.length > 3) return null
  const date = new Date(`${day}T${time}${zone}`)
  if (Number.isNaN(date.getTime())) return null
  // `2026-02-30` is no day, but JavaScript would roll it over into March.
  return new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day ? date : null
}

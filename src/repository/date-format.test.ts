import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ColumnInfo } from '../schema/types.ts'
import { type DateFormat, dateFormatOf, declaredDateFormat, formatDate, parseDate } from './date-format.ts'

const column = (
  type: string,
  defaultValue: string | null,
  affinity: ColumnInfo['affinity'] = 'NUMERIC',
): ColumnInfo => ({
  name: 'at',
  type,
  affinity,
  notNull: false,
  defaultValue,
  primaryKeyPosition: 0,
  generated: null,
  hidden: false,
})

const moments = fc.date({
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

describe('the form of dates', () => {
  test.each([
    'CURRENT_TIMESTAMP',
    'current_date',
    "datetime('now')",
    "date('now')",
    "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
    "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')",
    "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "strftime('%Y-%m-%d %H:%M:%S', 'now')",
    "datetime('now', 'subsec')",
    "unixepoch('now')",
    "julianday('now')",
  ])('a default of %s is the form that SQLite then writes', (expression) => {
    const database = new Database(':memory:')
    const written = database.prepare(`SELECT ${expression}`).pluck().get()
    database.close()

    const declared = declaredDateFormat(column('DATETIME', expression))

    expect(declared).not.toBeNull()
    expect(declared).toBe(dateFormatOf(written))
  })

  test.each([
    "datetime('now', 'localtime')",
    "date('now','LOCALTIME')",
    "(strftime('%Y-%m-%d %H:%M:%S', 'now', 'localtime'))",
  ])('a default of %s is local time, which is not written here', (expression) => {
    expect(declaredDateFormat(column('DATETIME', expression))).toBe('foreign')
  })

  test('numbers are declared by affinity, other defaults say nothing', () => {
    expect(declaredDateFormat(column('INTEGER', null, 'INTEGER'))).toBe('number')
    expect(declaredDateFormat(column('DATETIME', "'soon'"))).toBeNull()
    expect(declaredDateFormat(column('DATETIME', null))).toBeNull()
  })

  test.each([
    ['2026-01-31T09:30:00', 'foreign'],
    ['2026-01-31T09:30:00+02:00', 'foreign'],
    ['2026-01-31 09:30', 'foreign'],
    ['2026-01-31T09:30:00.123456Z', 'foreign'],
    ['31.01.2026', null],
    ['', null],
    [1769851800, 'number'],
    [null, null],
  ])('%j is %s', (value, format) => {
    expect(dateFormatOf(value)).toBe(format)
  })

  test('a form either holds a date exactly or refuses it', () => {
    const formats: DateFormat[] = ['iso', 'iso-seconds', 'sqlite', 'sqlite-millis', 'day']
    fc.assert(
      fc.property(moments, fc.constantFrom(...formats), (date, format) => {
        const text = formatDate(date, format)
        if (text !== null) expect(parseDate(text)).toEqual(date)
        if (format === 'iso' || format.startsWith('sqlite')) expect(text).not.toBeNull()
      }),
    )
  })

  test('texts of one form sort as their dates do', () => {
    fc.assert(
      fc.property(moments, moments, fc.constantFrom<DateFormat>('iso', 'sqlite', 'sqlite-millis'), (a, b, format) => {
        const [textA, textB] = [String(formatDate(a, format)), String(formatDate(b, format))]
        expect(Math.sign(a.getTime() - b.getTime())).toBe(textA < textB ? -1 : textA > textB ? 1 : 0)
      }),
    )
  })

  test('a moment that a Date cannot hold stays text', () => {
    for (const text of ['2026-02-30', '2026-01-31T09:30:00.1234Z', '2026-13-01', 'soon', '2026-01-31T25:00:00Z']) {
      expect(parseDate(text)).toBeNull()
    }
    expect(parseDate('2026-01-31 09:30:00')).toEqual(new Date('2026-01-31T09:30:00Z'))
    expect(parseDate('2026-01-31T09:30:00+02:00')).toEqual(new Date('2026-01-31T07:30:00Z'))
    expect(formatDate(new Date('+012026-01-01T00:00:00Z'), 'iso')).toBeNull()
  })
})

import { describe, expect, test } from 'vitest'
import { count, quantity, text, type Unit } from './quantity.ts'
import { broken, oneLine, tokens } from './sql.ts'
import { age, ago } from './time.ts'

const plain = (value: string): string => value.replaceAll('\u00a0', ' ')

describe('a number has three digits that matter, and its unit', () => {
  test.each<[number | null, Unit, string]>([
    [0, 'ms', '0 ms'],
    [0.000_4, 'ms', '0.40 µs'],
    [0.052, 'ms', '52.0 µs'],
    [0.9994, 'ms', '999 µs'],
    [0.9999, 'ms', '1.00 ms'],
    [9.996, 'ms', '10.0 ms'],
    [42.13, 'ms', '42.1 ms'],
    [999.4, 'ms', '999 ms'],
    [999.6, 'ms', '1.00 s'],
    [119_000, 'ms', '119 s'],
    [150_000, 'ms', '2.50 min'],
    [9_000_000, 'ms', '2.50 h'],
    [259_200_000, 'ms', '3.00 d'],
    [0, 'bytes', '0 B'],
    [999, 'bytes', '999 B'],
    [1024, 'bytes', '1.00 KiB'],
    [1023 * 1024, 'bytes', '1.00 MiB'],
    [64 * 1024 * 1024, 'bytes', '64.0 MiB'],
    [0, 'share', '0 %'],
    [0.000_2, 'share', '<0.1 %'],
    [0.5, 'share', '50.0 %'],
    [0.999_99, 'share', '99.99 %'],
    [1, 'share', '100 %'],
    [1.24, 'share', '124.0 %'],
    [0, 'rate', '0/s'],
    [0.2, 'rate', '0.20/s'],
    [1234.4, 'rate', '1,234/s'],
    [null, 'rate', '–'],
    [Number.NaN, 'ms', '–'],
  ])('%s %s is %s', (value, unit, expected) => {
    expect(plain(text(value, unit))).toBe(expected)
  })

  test.each([
    [9999, '9,999'],
    [10_000, '10.0k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
  ])('%i is counted as %s', (value, expected) => {
    expect(count(value)).toBe(expected)
  })

  test('without a number there is no unit', () => {
    expect(quantity(undefined, 'bytes')).toEqual({ value: '–', unit: '' })
  })
})

test.each([
  [400, 'under 1 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [7_200_000, '2 h'],
  [18_720_000, '5 h 12 min'],
  [200_000_000, '2 d'],
])('%i ms last %s', (ms, expected) => {
  expect(plain(age(ms))).toBe(expected)
})

test('what is ahead of this clock happened just now', () => {
  expect(ago(5000, 1000)).toBe('just now')
})

describe('SQL for reading', () => {
  test('is the same text, in coloured parts', () => {
    const sql = `select "a"."from", 'it''s' -- where\nfrom t where x = :id and y in (?, …)`

    expect(
      tokens(sql)
        .map((token) => token.text)
        .join(''),
    ).toBe(sql)
    expect(
      tokens(sql)
        .filter(({ kind }) => kind === 'keyword')
        .map((token) => token.text),
    ).toEqual(['select', 'from', 'where', 'and', 'in'])
  })

  test('has a line for each clause outside of parentheses', () => {
    expect(
      broken('select a from t left join u on u.id = t.id where a in (select b from v where c) order by a limit ?'),
    ).toBe('select a\nfrom t\nleft join u on u.id = t.id\nwhere a in (select b from v where c)\norder by a\nlimit ?')
    expect(broken('delete from t where id = ?')).toBe('delete from t\nwhere id = ?')
  })

  test('keeps the lines that it has', () => {
    expect(broken('  select 1\n  from t ')).toBe('select 1\n  from t')
  })

  test('is folded into one line, without the blanks that nobody writes', () => {
    expect(oneLine('select count ( * ) , t . a\n  from t where a in ( ? , … )')).toBe(
      'select count(*), t.a from t where a in (?, …)',
    )
    expect(oneLine(`select ' ( ' from "a ( b"`)).toBe(`select ' ( ' from "a ( b"`)
  })
})

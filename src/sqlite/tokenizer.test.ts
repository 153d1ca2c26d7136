import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstWord, type TokenKind, tokenize, unquote } from './tokenizer.ts'

const cut = (sql: string): [TokenKind, string][] =>
  [...tokenize(sql)].map(({ kind, start, end }) => [kind, sql.slice(start, end)])
const texts = (sql: string): string[] => cut(sql).map(([, text]) => text)

test.each<[string, [TokenKind, string][]]>([
  ["x'ab'", [['string', "x'ab'"]]],
  ["X''", [['string', "X''"]]],
  ['xab', [['word', 'xab']]],
  ['1e5', [['number', '1e5']]],
  ['1e+5', [['number', '1e+5']]],
  ['.5', [['number', '.5']]],
  ['1.5e-3', [['number', '1.5e-3']]],
  ['0xFF', [['number', '0xFF']]],
  ['1_000', [['number', '1_000']]],
  [
    't.c',
    [
      ['word', 't'],
      ['symbol', '.'],
      ['word', 'c'],
    ],
  ],
  ['?12', [['parameter', '?12']]],
  [
    '?a',
    [
      ['parameter', '?'],
      ['word', 'a'],
    ],
  ],
  ['@a', [['parameter', '@a']]],
  [
    '$x::y',
    [
      ['parameter', '$x'],
      ['parameter', ':'],
      ['parameter', ':y'],
    ],
  ],
  ["'it''s'", [['string', "'it''s'"]]],
  ['"a""b"', [['quoted', '"a""b"']]],
  ['`a``b`', [['quoted', '`a``b`']]],
  ['[a"b]', [['quoted', '[a"b]']]],
  ["''''", [['string', "''''"]]],
  ['naïve', [['word', 'naïve']]],
  ['名前', [['word', '名前']]],
  ['a😀b', [['word', 'a😀b']]],
  ['a$b', [['word', 'a$b']]],
  ['a\u00a0b', [['word', 'a\u00a0b']]],
  ['\u00a0a', [['word', '\u00a0a']]],
  ['\uFEFFa', [['word', 'a']]],
  [
    'a--b\r\nc',
    [
      ['word', 'a'],
      ['word', 'c'],
    ],
  ],
  [
    'a/*;*/b',
    [
      ['word', 'a'],
      ['word', 'b'],
    ],
  ],
  ['/*/ a */ b', [['word', 'b']]],
  ["'unterminated;", [['string', "'unterminated;"]]],
  ['"unterminated;', [['quoted', '"unterminated;']]],
  ['[unterminated;', [['quoted', '[unterminated;']]],
  ['a /* unterminated;', [['word', 'a']]],
  ['a -- to the end;', [['word', 'a']]],
  ['', []],
])('%j is cut as SQLite cuts it', (sql, expected) => {
  expect(cut(sql)).toEqual(expected)
})

test('a quoted name stands for what is between its quotes', () => {
  expect(['"a""b"', '[a""b]', '`a``b`', "'a''b'", 'plain'].map(unquote)).toEqual(['a"b', 'a""b', 'a`b', "a'b", 'plain'])
})

const trivia = fc.constantFrom(' ', '\n', '\r\n', '\t', '/* ; \' " */', "-- ; '\n", '/**/', '\f')
const quotedText = (quote: string): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('a', ';', ',', "'", '"', '`', '[', ']', '--', '/*', '*/', 'é', '😀', '\n', '(', ')'))
    .map((parts) => quote + parts.join('').replaceAll(quote, quote + quote) + quote)
const literal = fc.oneof(
  quotedText("'"),
  fc.constantFrom(
    '1',
    '.5',
    '1e5',
    '1.e-3',
    '0xAB',
    "x'ab'",
    "X'00'",
    'NULL',
    '?',
    '?3',
    ':a',
    '@b',
    '$c',
    'é1',
    'a$1',
  ),
)
const name = fc.oneof(
  quotedText('"').filter((text) => text.length > 2),
  quotedText('`').filter((text) => text.length > 2),
  fc.constantFrom('a', '名', '[a;,"]', '_x', 'é'),
)

test('the tokens of a random text never overlap and leave out nothing but whitespace and comments', () => {
  const piece = fc.oneof(
    trivia,
    literal,
    name,
    fc.constantFrom(';', '(', '"', "'", '[', '/*', '--', '\uFEFF'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const sql = pieces.join('')
      let at = 0
      for (const { start, end } of tokenize(sql)) {
        expect(start).toBeGreaterThanOrEqual(at)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(sql.length)
        expect(sql.slice(at, start)).toMatch(
          /^(?:[ \t\n\v\f\r\uFEFF]|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*$/,
        )
        at = end
      }
    }),
    { numRuns: 500 },
  )
})

test('SQLite finds as many columns in a random list as there are commas between tokens', () => {
  const database = new BetterSqlite3(':memory:')
  database.exec('CREATE TABLE t (a, "名", "a;,""", "_x", "é")')
  const column = fc.tuple(fc.constantFrom('NULL', "'x'", '1', "x'ab'", '.5', '1e5', '?'), name, trivia, trivia)
  fc.assert(
    fc.property(fc.array(column, { minLength: 1, maxLength: 8 }), (columns) => {
      const list = columns.map(([value, alias, a, b]) => `${a}${value}${b} AS${a} ${alias}${b}`).join(',')
      const sql = `SELECT${list}`
      const commas = texts(sql).filter((text) => text === ',').length
      expect(database.prepare(sql).columns().length).toBe(commas + 1)
    }),
    { numRuns: 300 },
  )
})

test('SQLite ends a random statement at the first semicolon token', () => {
  const database = new BetterSqlite3(':memory:')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(trivia, fc.constantFrom("'a'';'", '"é"', "x'00'", '1', '[;]', '`;`')), { minLength: 1 }),
      (parts) => {
        const sql = `SELECT ${parts.map(([space, text]) => `${space}1 AS "c", ${text.startsWith('"') || /^[[`]/.test(text) ? "'v'" : text}${space} AS ${/^["[`]/.test(text) ? text : 'd'}`).join(',')};`
        const semicolons = [...tokenize(sql)].filter(({ kind }) => kind === 'semicolon')
        expect(semicolons.map(({ end }) => end)).toEqual([sql.length])
        // One statement and nothing after it: the driver refuses a text with more.
        database.prepare(sql).all()
      },
    ),
  )
})

test.each([
  ['select 1', 'SELECT'],
  [' ;/* a */;-- b\n\uFEFFPragma x', 'PRAGMA'],
  ['"select"', '"SELECT"'],
  ['', ''],
  [';;', ''],
])('the first word of %j is %j', (sql, word) => {
  expect(firstWord(sql)).toBe(word)
})

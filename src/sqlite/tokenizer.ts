/**
 * Cuts SQL into tokens as SQLite does (https://sqlite.org/lang.html, tokenize.c): enough to see keywords, calls and
 * statement ends outside strings, quoted names and comments. It never decides what a statement means: SQLite does.
 */

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'semicolon' | 'symbol'

export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
}

/** SQLite's whitespace, not JavaScript's: a no-break space is part of a name. A byte order mark counts as a space. */
const SPACE = /[ \t\n\v\f\r\uFEFF]/
const WORD_START = /[A-Za-z_\u0080-\uFFFF]/
const DIGIT = /[0-9]/
const WORD = /[\w$\u0080-\uFFFF]*/y
const NUMBER = /[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9]+)?[\w$\u0080-\uFFFF]*/y
const PARAMETER = /\?[0-9]*|[:@$#][\w$\u0080-\uFFFF]*/y

/** The tokens of `sql` in order, comments and whitespace left out. An unterminated string or comment ends with the text. */
export function* tokenize(sql: string): Generator<Token> {
  let at = 0
  while (at < sql.length) {
    const start = at
    if (SPACE.test(sql.charAt(at))) {
      at++
    } else if (sql.startsWith('--', at)) {
      at = endAfter(sql, '\n', at)
    } else if (sql.startsWith('/*', at)) {
      at = endAfter(sql, '*/', at + 2)
    } else {
      const kind = kindOf(sql, at)
      at = endOf(sql, at, kind)
      yield { kind, start, end: at }
    }
  }
}

/** The first word of a statement in capitals, whatever stands before it; empty when there is none. */
export function firstWord(sql: string): string {
  for (const { kind, start, end } of tokenize(sql)) {
    if (kind !== 'semicolon') return sql.slice(start, end).toUpperCase()
  }
  return ''
}

/** The name that a token stands for: its text, without quotes where it is quoted. */
export function unquote(text: string): string {
  const quote = text.charAt(0)
  if (quote === '[') return text.slice(1, -1)
  return /["'`]/.test(quote) ? text.slice(1, -1).replaceAll(quote + quote, quote) : text
}

function kindOf(sql: string, at: number): TokenKind {
  const character = sql.charAt(at)
  const next = sql.charAt(at + 1)
  if (character === ';') return 'semicolon'
  if (character === "'") return 'string'
  if (character === '"' || character === '`' || character === '[') return 'quoted'
  if ((character === 'x' || character === 'X') && next === "'") return 'string'
  if (WORD_START.test(character)) return 'word'
  if (DIGIT.test(character) || (character === '.' && DIGIT.test(next))) return 'number'
  if (/[?:@$#]/.test(character)) return 'parameter'
  return 'symbol'
}

function endOf(sql: string, at: number, kind: TokenKind): number {
  switch (kind) {
    case 'string':
      return quotedEnd(sql, sql.charAt(at) === "'" ? at : at + 1, "'")
    case 'quoted':
      return sql.charAt(at) === '[' ? endAfter(sql, ']', at) : quotedEnd(sql, at, sql.charAt(at))
    case 'word':
      return matchEnd(WORD, sql, at)
    case 'number':
      return matchEnd(NUMBER, sql, at)
    case 'parameter':
      return matchEnd(PARAMETER, sql, at)
    case 'semicolon':
    case 'symbol':
      return at + 1
    default:
      return kind satisfies never
  }
}

function matchEnd(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at
  pattern.test(sql)
  return pattern.lastIndex
}

/** End of a quoted run whose quote is doubled to stand for itself. */
function quotedEnd(sql: string, open: number, quote: string): number {
  let at = open + 1
  for (;;) {
    const close = sql.indexOf(quote, at)
    if (close === -1) return sql.length
    if (sql.charAt(close + 1) !== quote) return close + 1
    at = close + 2
  }
}

function endAfter(sql: string, closing: string, from: number): number {
  const found = sql.indexOf(closing, from)
  return found === -1 ? sql.length : found + closing.length
}

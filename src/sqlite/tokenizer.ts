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

const WORD_START = /[\p{L}_\u0080-\uffff]/u
const WORD_PART = /[\p{L}\p{N}_$\u0080-\uffff]/u

/** The tokens of `sql` in order, comments and whitespace left out. An unterminated string or comment ends with the text. */
export function* tokenize(sql: string): Generator<Token> {
  let at = 0
  while (at < sql.length) {
    const start = at
    const character = sql.charAt(at)
    if (/[\s\uFEFF]/.test(character)) {
      at++
    } else if (sql.startsWith('--', at)) {
      at = endOr(sql, sql.indexOf('\n', at), 1)
    } else if (sql.startsWith('/*', at)) {
      at = endOr(sql, sql.indexOf('*/', at + 2), 2)
    } else {
      const kind = kindOf(sql, at)
      at = endOf(sql, at, kind)
      yield { kind, start, end: at }
    }
  }
}

function kindOf(sql: string, at: number): TokenKind {
  const character = sql.charAt(at)
  if (character === ';') return 'semicolon'
  if (character === "'") return 'string'
  if (character === '"' || character === '`' || character === '[') return 'quoted'
  if ((character === 'x' || character === 'X') && sql.charAt(at + 1) === "'") return 'string'
  if (WORD_START.test(character)) return 'word'
  if (/[0-9]/.test(character)) return 'number'
  if (/[?:@$#]/.test(character)) return 'parameter'
  return 'symbol'
}

function endOf(sql: string, at: number, kind: TokenKind): number {
  switch (kind) {
    case 'string':
      return quotedEnd(sql, sql.charAt(at) === "'" ? at : at + 1, "'")
    case 'quoted':
      return sql.charAt(at) === '[' ? endOr(sql, sql.indexOf(']', at), 1) : quotedEnd(sql, at, sql.charAt(at))
    case 'word':
    case 'number':
    case 'parameter': {
      let end = at + 1
      while (end < sql.length && WORD_PART.test(sql.charAt(end))) end++
      return end
    }
    case 'semicolon':
    case 'symbol':
      return at + 1
    default:
      return kind satisfies never
  }
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

function endOr(sql: string, found: number, length: number): number {
  return found === -1 ? sql.length : found + length
}

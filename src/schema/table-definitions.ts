/** The parts of a CREATE TABLE statement: SQLite reports neither CHECKs nor collations, so they are read from its text. */
import { type TokenKind, tokenize, unquote } from '../sqlite/tokenizer.ts'

export interface Word {
  readonly kind: TokenKind
  readonly text: string
  /** In capitals where it is a word, which is how SQLite compares keywords; else as `text`. */
  readonly upper: string
}

export interface TableDefinitions {
  /** The tokens of each column's definition, by the column's name. */
  readonly columns: ReadonlyMap<string, readonly Word[]>
  /** The expression of every CHECK, wherever it stands, without the parentheses around it. */
  readonly checks: readonly (readonly Word[])[]
}

const CONSTRAINT_STARTS = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'])

/** Reads a CREATE TABLE statement as SQLite stores it; a statement of another kind has no parts. */
export function tableDefinitions(sql: string): TableDefinitions {
  const words = wordsOf(sql)
  const open = words.findIndex(({ text }) => text === '(')
  const body = open === -1 ? [] : inParentheses(words, open)
  const parts = splitAt(body, (word) => word.text === ',')
  const columns = new Map<string, readonly Word[]>()
  for (const [name, ...rest] of parts) {
    if (name === undefined || (name.kind === 'word' && CONSTRAINT_STARTS.has(name.upper))) continue
    columns.set(name.kind === 'word' ? name.text : unquote(name.text), rest)
  }
  return { columns, checks: parts.flatMap(checksIn) }
}

/** The runs between separators that stand outside parentheses. */
export function splitAt(words: readonly Word[], isSeparator: (word: Word) => boolean): Word[][] {
  const parts: Word[][] = [[]]
  let depth = 0
  for (const word of words) {
    if (word.text === '(') depth++
    if (word.text === ')') depth--
    if (depth === 0 && isSeparator(word)) parts.push([])
    else parts.at(-1)?.push(word)
  }
  return parts
}

/** What stands between the parenthesis at `open` and the one that closes it. */
export function inParentheses(words: readonly Word[], open: number): readonly Word[] {
  let depth = 0
  for (let index = open; index < words.length; index++) {
    if (words[index]?.text === '(') depth++
    if (words[index]?.text === ')') depth--
    if (depth === 0) return words.slice(open + 1, index)
  }
  return words.slice(open + 1)
}

function wordsOf(sql: string): Word[] {
  return [...tokenize(sql)].map(({ kind, start, end }) => {
    const text = sql.slice(start, end)
    return { kind, text, upper: kind === 'word' ? text.toUpperCase() : text }
  })
}

function checksIn(part: readonly Word[]): (readonly Word[])[] {
  const checks: (readonly Word[])[] = []
  let depth = 0
  part.forEach(({ text, upper }, index) => {
    if (text === '(') depth++
    if (text === ')') depth--
    if (depth === 0 && upper === 'CHECK' && part[index + 1]?.text === '(') checks.push(inParentheses(part, index + 1))
  })
  return checks
}

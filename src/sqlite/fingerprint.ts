/** Statements that differ only in their values have one fingerprint; and what can be read off a text about its kind. */
import { classify } from './classify.ts'
import { tokenize, unquote } from './tokenizer.ts'

const WRITING = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE'])
const SCHEMA_STATEMENT = /^\s*(?:create|drop|alter)\b/i
/** Whatever begins with one of these letters and no comment changes rows or none: S, s, I, i, U, u. */
const PLAIN = new Set([83, 115, 73, 105, 85, 117])
/** What stands before the table of a statement; `null`: the table comes second. */
const TARGETS: ReadonlyMap<string, string | null> = new Map([
  ['SELECT', 'FROM'],
  ['INSERT', 'INTO'],
  ['REPLACE', 'INTO'],
  ['DELETE', 'FROM'],
  ['UPDATE', null],
])
const EQUALS = new Set(['=', '==', 'IS', 'IN'])
const LIST = /\?(?: , \?)+/g
/** Rows of a VALUES, each a list that has been shortened. */
const ROWS = /\( \? \)(?: , \( \? \))+/g

const remembered = new Map<string, string>()
const MOST_REMEMBERED = 1000
const LONGEST_REMEMBERED = 4096

/**
 * The statement with `?` for each value, each list of values and each list of such lists, and one blank between two tokens.
 *
 * @example
 * fingerprint("SELECT * FROM t WHERE a IN (1, 2) -- twice") // 'SELECT * FROM t WHERE a IN ( ? )'
 */
export function fingerprint(sql: string): string {
  const known = remembered.get(sql)
  if (known !== undefined) return known
  const made = textsOf(sql).join(' ').replace(LIST, '?').replace(ROWS, '( ? )')
  if (sql.length <= LONGEST_REMEMBERED) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(sql, made)
  }
  return made
}

/**
 * The statement as it is written, for people: `?` for each value and each list of values, blanks and comments folded.
 *
 * @example
 * withoutValues("SELECT *\n  FROM t WHERE a IN (1, 2) AND b = 'x' -- twice") // 'SELECT * FROM t WHERE a IN (?) AND b = ?'
 */
export function withoutValues(sql: string): string {
  let text = ''
  let at = 0
  for (const { kind, start, end } of tokenize(sql)) {
    if (start > at && at > 0) text += ' '
    text += kind === 'string' || kind === 'number' || kind === 'parameter' ? '?' : sql.slice(start, end)
    at = end
  }
  return text.replace(/\?(?: ?, ?\?)+/g, '?').replace(/\(\?\)(?: ?, ?\(\?\))+/g, '(?)')
}

/** Tokens as they are written, `?` in the place of values. */
function textsOf(sql: string): string[] {
  const texts: string[] = []
  for (const { kind, start, end } of tokenize(sql)) {
    const isValue = kind === 'string' || kind === 'number' || kind === 'parameter'
    if (kind !== 'semicolon') texts.push(isValue ? '?' : sql.slice(start, end))
  }
  return texts
}

/**
 * What a statement does to what, as few words as tell it apart: `SELECT users`, `INSERT orders`, `CREATE TABLE`.
 */
export function summaryOf(sql: string): string {
  const texts = textsOf(sql)
  const words = texts.map((text) => text.toUpperCase())
  const [operation = ''] = words
  const before = TARGETS.get(operation)
  if (before === undefined) return words.slice(0, SCHEMA_STATEMENT.test(sql) ? 2 : 1).join(' ')
  let at = before === null ? 1 : words.indexOf(before) + 1
  // UPDATE OR IGNORE t
  if (before === null && words[at] === 'OR') at += 2
  const target = texts[at]
  return at === 0 || target === undefined || target === '(' ? operation : `${operation} ${unquote(target)}`
}

/** Whether it only reads, `WITH … INSERT` told apart. */
export function readsOnly(sql: string): boolean {
  if (classify(sql).kind !== 'read') return false
  let depth = 0
  let first = true
  for (const { kind, start, end } of tokenize(sql)) {
    const text = sql.slice(start, end)
    if (first && text.toUpperCase() !== 'WITH') return true
    first = false
    if (text === '(') depth++
    else if (text === ')') depth--
    else if (depth === 0 && kind === 'word' && WRITING.has(text.toUpperCase())) return false
  }
  return true
}

/** Whether it makes, alters or drops something. Cheap for what repositories send. */
export function isSchemaStatement(sql: string): boolean {
  if (PLAIN.has(sql.charCodeAt(0))) return false
  if (SCHEMA_STATEMENT.test(sql)) return true
  // A comment in front of it.
  return /^\s*(?:--|\/\*)/.test(sql) && SCHEMA_STATEMENT.test(textsOf(sql.slice(0, 4096)).join(' '))
}

/**
 * Whether it looks rows up by a value, `… = ?`, and is no page of a longer walk: that is OFFSET, or LIMIT behind a row
 * that is greater or less.
 */
export function looksUp(sql: string): boolean {
  const words = textsOf(sql).map((text) => text.toUpperCase())
  const where = words.indexOf('WHERE')
  if (where === -1 || words.includes('OFFSET')) return false
  const ranges = words.some((word, index) => index > where && /^[<>]=?$/.test(word))
  if (ranges && words.includes('LIMIT')) return false
  return words.some((word, index) => index > where && EQUALS.has(word) && isValueAt(words, index + 1))
}

/** A bracket or a plus may stand before it. */
function isValueAt(words: readonly string[], index: number): boolean {
  const word = words[index]
  return word === '(' || word === '+' ? isValueAt(words, index + 1) : word === '?'
}

/** The one table and the column by which a statement looks rows up: `… FROM t … WHERE c = ?`; `null` for others. */
export function lookupOf(sql: string): { readonly table: string; readonly column: string } | null {
  const texts = textsOf(sql)
  const words = texts.map((text) => text.toUpperCase())
  const from = words.indexOf('FROM')
  const where = words.indexOf('WHERE')
  const table = texts[from + 1]
  if (from === -1 || where < from || table === undefined || words.includes('JOIN')) return null
  const named = texts[where + 2] === '.' ? where + 3 : where + 1
  const column = texts[named]
  let operator = named + 1
  if (words[operator] === 'COLLATE') operator += 2
  if (column === undefined || !EQUALS.has(words[operator] ?? '')) return null
  return { table: unquote(table), column: unquote(column) }
}

/** The table that a statement reads, as far as there is one; `null` otherwise. */
export function tableRead(sql: string): string | null {
  const texts = textsOf(sql)
  const from = texts.findIndex((text) => text.toUpperCase() === 'FROM')
  const table = texts[from + 1]
  return from === -1 || table === undefined || table === '(' ? null : unquote(table)
}

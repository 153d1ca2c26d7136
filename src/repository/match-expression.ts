/** What to look for, as FTS5 wants it: https://sqlite.org/fts5.html#full_text_query_syntax */
import { refuse } from './refusals.ts'

export interface MatchOptions {
  readonly syntax: 'words' | 'fts5'
  readonly prefix: boolean
  /** Names of the columns to look in; `null`: all. */
  readonly columns: readonly string[] | null
}

/**
 * The expression for a text; `null` where a person typed nothing to look for.
 *
 * Each word becomes a string of FTS5, in which nothing is an operator; the table's tokenizer says what of it counts.
 *
 * @throws ValidationError for an empty expression, and one that holds a NUL.
 */
export function matchExpression(text: string, { syntax, prefix, columns }: MatchOptions): string | null {
  const expression = syntax === 'fts5' ? checked(text) : words(text, prefix)
  if (expression === null || columns === null) return expression
  return `{${columns.map(quote).join(' ')}} : (${expression})`
}

function checked(expression: string): string {
  if (expression.trim() === '') throw refuse('search', 'was given an empty FTS5 expression')
  if (expression.includes('\0')) throw refuse('search', 'was given an FTS5 expression with a NUL character')
  return expression
}

/** Half of a surrogate pair and a NUL can be pasted, and are in no text that could be found. */
function words(text: string, prefix: boolean): string | null {
  const typed = text
    .toWellFormed()
    .split(/[\s\0]+/)
    .filter((word) => word !== '')
  return typed.length === 0 ? null : typed.map((word) => `${quote(word)}${prefix ? ' *' : ''}`).join(' ')
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

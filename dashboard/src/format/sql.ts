/** SQL for reading: in colours, and broken into lines before its clauses. It is never run from here. */

export interface SqlToken {
  readonly kind: 'keyword' | 'text' | 'string' | 'parameter' | 'comment'
  readonly text: string
}

const KEYWORDS = new Set(
  `add all alter analyze and as asc begin between by case check collate column commit conflict constraint create cross
  current default deferrable delete desc distinct do drop each else end escape except exists filter for foreign from full
  glob group having if immediate in index inner insert instead intersect into is isnull join key left like limit match
  materialized natural not nothing notnull null offset on or order outer over partition plan pragma primary query
  recursive references reindex rename replace returning right rollback row savepoint select set table temp then to
  transaction trigger union unique update using vacuum values view virtual when where window with without`.split(/\s+/),
)

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[?:@$][\w]*|[A-Za-z_]\w*|\s+|./g

export function tokens(sql: string): readonly SqlToken[] {
  return (sql.match(TOKEN) ?? []).map((text) => ({ kind: kindOf(text), text }))
}

function kindOf(text: string): SqlToken['kind'] {
  if (text.startsWith('--') || text.startsWith('/*')) return 'comment'
  if (text.startsWith("'")) return 'string'
  if (/^[?:@$]/.test(text)) return 'parameter'
  return KEYWORDS.has(text.toLowerCase()) ? 'keyword' : 'text'
}

/** Blanks folded, and none where nobody writes any: what fits in one line of a table. */
export function oneLine(sql: string): string {
  const words = tokens(sql.trim())
  return words
    .map((token, index) => (isBlank(token) ? blankBetween(words[index - 1], words[index + 1]) : token.text))
    .join('')
}

const isBlank = ({ text }: SqlToken): boolean => text.trim() === ''

function blankBetween(before: SqlToken | undefined, after: SqlToken | undefined): string {
  const left = before?.text ?? ''
  const right = after?.text ?? ''
  if (left === '(' || left === '.' || [')', ',', '.'].includes(right)) return ''
  return right === '(' && before?.kind === 'text' && /^\w+$/.test(left) ? '' : ' '
}

const CLAUSES = new Set(
  `from where group having order limit set values returning union except intersect join left inner cross window`.split(
    ' ',
  ),
)
/** Clauses of two words, whose second one starts no line. */
const FOLLOWERS = new Set(['left', 'inner', 'cross', 'outer', 'natural', 'delete', 'on'])

/** A line for each clause outside of parentheses. What has lines of its own keeps them. */
export function broken(sql: string): string {
  if (sql.trim().includes('\n')) return sql.trim()
  let depth = 0
  let previous = ''
  let result = ''
  for (const { kind, text } of tokens(oneLine(sql))) {
    if (text === '(') depth += 1
    if (text === ')') depth -= 1
    const word = text.toLowerCase()
    const starts = kind === 'keyword' && depth === 0 && CLAUSES.has(word) && !FOLLOWERS.has(previous)
    if (starts && result !== '') result = `${result.trimEnd()}\n`
    result += text
    if (text.trim() !== '') previous = word
  }
  return result
}

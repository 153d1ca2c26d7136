/**
 * What a statement is, before SQLite sees it. This cannot wait for `prepare`, because preparing alone can act:
 * preparing `PRAGMA foreign_keys=OFF` switches it off, and `sqlite3_stmt_readonly()` is true for BEGIN, SAVEPOINT,
 * ATTACH and setting PRAGMAs (https://sqlite.org/c3ref/stmt_readonly.html).
 *
 * `read` is a candidate only: the reading connection asks SQLite (`stmt.readonly`) and hands back what writes, such as
 * `WITH … INSERT`.
 */
import { RefusedError } from '../errors.ts'
import { pragmaRefusal } from './pragma-rules.ts'
import { type Token, tokenize } from './tokenizer.ts'

export interface Classification {
  /** `alone`: writes, but cannot share a transaction (VACUUM). */
  readonly kind: 'read' | 'write' | 'alone'
  /** Asks for `changes()` or `last_insert_rowid()`, which mean something only inside a transaction or batch. */
  readonly asksConnection: boolean
}

interface Refusal {
  readonly statement: string
  readonly instead: string
}

const TRANSACTIONS = 'Use transaction() or batch(); the engine opens and ends transactions itself.'
const ATTACHED = 'Open the other file as a database of its own: one engine serves one file.'

const REFUSED_KEYWORDS: Readonly<Record<string, string>> = {
  BEGIN: TRANSACTIONS,
  COMMIT: TRANSACTIONS,
  END: TRANSACTIONS,
  ROLLBACK: TRANSACTIONS,
  SAVEPOINT: TRANSACTIONS,
  RELEASE: TRANSACTIONS,
  ATTACH: ATTACHED,
  DETACH: ATTACHED,
}

const WRITING = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'REINDEX', 'ANALYZE'])
const CONNECTION_FUNCTIONS = new Set(['CHANGES', 'TOTAL_CHANGES', 'LAST_INSERT_ROWID'])
/** Cheap test before the exact one. */
const CONNECTION_FUNCTION = /changes|last_insert_rowid/i
/** Enough for `CREATE TABLE IF NOT EXISTS temp . name` and for every PRAGMA. */
const HEAD_TOKENS = 12

/**
 * Classifies one statement.
 *
 * @throws RefusedError for a statement that must not reach a connection; the hint names what to use instead.
 */
export function classify(sql: string): Classification {
  const tokens = headOf(sql)
  const words = tokens.map((token) => (token.kind === 'word' ? textOf(sql, token).toUpperCase() : ''))
  const first = words[0] ?? ''

  const refusal = refusalOf(first, words, tokens, sql)
  if (refusal !== null) throw new RefusedError(refusal)

  const asksConnection = CONNECTION_FUNCTION.test(sql) && callsConnectionFunction(sql)
  if (first === 'VACUUM') return { kind: 'alone', asksConnection }
  return { kind: WRITING.has(first) ? 'write' : 'read', asksConnection }
}

/** The tokens that tell statements apart; an INSERT of a thousand rows is not read to its end for that. */
function headOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const token of tokenize(sql)) {
    if (token.kind === 'semicolon' && tokens.length === 0) continue
    tokens.push(token)
    if (tokens.length === HEAD_TOKENS) break
  }
  return tokens
}

function callsConnectionFunction(sql: string): boolean {
  let pending = false
  for (const token of tokenize(sql)) {
    const text = textOf(sql, token)
    if (pending && text === '(') return true
    pending = token.kind === 'word' && CONNECTION_FUNCTIONS.has(text.toUpperCase())
  }
  return false
}

function refusalOf(first: string, words: readonly string[], tokens: readonly Token[], sql: string): Refusal | null {
  const instead = REFUSED_KEYWORDS[first]
  if (instead !== undefined) return { statement: first, instead }
  if (first === 'PRAGMA') return pragmaRefusal(tokens.filter(({ kind }) => kind !== 'semicolon').map((token) => textOf(sql, token)))
  if (first === 'CREATE' && createsTemporary(words, tokens, sql)) {
    return {
      statement: 'CREATE TEMP',
      instead: 'A temporary object exists on one connection only: use a common table expression, or an ordinary table.',
    }
  }
  if (first === 'VACUUM' && words.includes('INTO')) {
    return { statement: 'VACUUM INTO', instead: 'It would write another file outside the engine’s control; copy with a tool of your own.' }
  }
  return null
}

/** `CREATE TEMP …`, or `CREATE TABLE temp.name`. */
function createsTemporary(words: readonly string[], tokens: readonly Token[], sql: string): boolean {
  const second = words[1] ?? ''
  if (second === 'TEMP' || second === 'TEMPORARY') return true
  const dot = tokens.findIndex((token) => textOf(sql, token) === '.')
  if (dot < 1 || dot > 7) return false
  const schema = textOf(sql, tokens[dot - 1]).replace(/^["'`[]|["'`\]]$/g, '')
  return tokens.slice(0, dot).every((token) => textOf(sql, token) !== '(') && schema.toUpperCase() === 'TEMP'
}

function textOf(sql: string, token: Token | undefined): string {
  return token === undefined ? '' : sql.slice(token.start, token.end)
}

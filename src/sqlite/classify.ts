/**
 * What a statement is, before SQLite sees it. This cannot wait for `prepare`, because preparing alone can act:
 * preparing `PRAGMA foreign_keys=OFF` switches it off, even after EXPLAIN, and `sqlite3_stmt_readonly()` is true for
 * BEGIN, SAVEPOINT, ATTACH and setting PRAGMAs (https://sqlite.org/c3ref/stmt_readonly.html).
 *
 * `read` is a candidate only: the reading connection asks SQLite (`stmt.readonly`) and hands back what writes, such as
 * `WITH … INSERT`.
 */
import { RefusedError } from '../errors.ts'
import { pragmaRefusal } from './pragma-rules.ts'
import { ROWID_TABLE } from './rowid-report.ts'
import { tokenize, unquote } from './tokenizer.ts'

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

const REFUSED_KEYWORDS: ReadonlyMap<string, string> = new Map([
  ['BEGIN', TRANSACTIONS],
  ['COMMIT', TRANSACTIONS],
  ['END', TRANSACTIONS],
  ['ROLLBACK', TRANSACTIONS],
  ['SAVEPOINT', TRANSACTIONS],
  ['RELEASE', TRANSACTIONS],
  ['ATTACH', ATTACHED],
  ['DETACH', ATTACHED],
])

/** Names that act on the connection wherever they stand in a statement. */
const REFUSED_NAMES: ReadonlyMap<string, Refusal> = new Map([
  // A PRAGMA in the clothes of a table: it writes, although SQLite calls the SELECT read-only.
  ['PRAGMA_OPTIMIZE', { statement: 'pragma_optimize', instead: 'The engine runs PRAGMA optimize by itself.' }],
  // Given a bound BLOB it would take its bytes for the address of code: https://sqlite.org/fts3.html#f3tknzr
  ['FTS3_TOKENIZER', { statement: 'fts3_tokenizer()', instead: 'Name the tokenizer in CREATE VIRTUAL TABLE.' }],
  [ROWID_TABLE.toUpperCase(), { statement: ROWID_TABLE, instead: 'It is the engine’s own temporary table.' }],
])

const WRITING = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'REINDEX', 'ANALYZE'])
const CONNECTION_FUNCTIONS = new Set(['CHANGES', 'TOTAL_CHANGES', 'LAST_INSERT_ROWID'])
/** Cheap test before the exact one. */
const SPECIAL_NAME = new RegExp(`changes|last_insert_rowid|${[...REFUSED_NAMES.keys()].join('|')}`, 'i')
/** Enough for `EXPLAIN QUERY PLAN CREATE UNIQUE INDEX IF NOT EXISTS temp . name` and for every PRAGMA. */
const HEAD_TOKENS = 15

/** A pure function of the text, and every call asks it: texts that were allowed are remembered, short ones only. */
const remembered = new Map<string, Classification>()
const MOST_REMEMBERED = 2000
const LONGEST_REMEMBERED = 4096

/**
 * Classifies one statement.
 *
 * @throws RefusedError for a statement that must not reach a connection; the hint names what to use instead.
 */
export function classify(sql: string): Classification {
  const known = remembered.get(sql)
  if (known !== undefined) return known
  const classification = classifyNew(sql)
  if (sql.length <= LONGEST_REMEMBERED) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(sql, classification)
  }
  return classification
}

function classifyNew(sql: string): Classification {
  const { texts, explained } = headOf(sql)
  const words = texts.map((text) => text.toUpperCase())
  const first = words[0] ?? ''
  const special = SPECIAL_NAME.test(sql) ? findSpecialNames(sql) : NOTHING_SPECIAL

  const refusal = special.refusal ?? refusalOf(first, words, texts)
  if (refusal !== null) throw new RefusedError(refusal)

  const asksConnection = special.asksConnection && !storesExpression(words)
  if (explained) return { kind: 'read', asksConnection }
  if (first === 'VACUUM') return { kind: 'alone', asksConnection }
  return { kind: WRITING.has(first) ? 'write' : 'read', asksConnection }
}

/** The tokens that tell statements apart; an INSERT of a thousand rows is not read to its end for that. */
function headOf(sql: string): { texts: string[]; explained: boolean } {
  const texts: string[] = []
  for (const { kind, start, end } of tokenize(sql)) {
    if (kind !== 'semicolon') texts.push(sql.slice(start, end))
    if (texts.length === HEAD_TOKENS) break
  }
  const explained = texts[0]?.toUpperCase() === 'EXPLAIN'
  if (explained) texts.splice(0, texts[1]?.toUpperCase() === 'QUERY' ? 3 : 1)
  return { texts, explained }
}

interface SpecialNames {
  readonly asksConnection: boolean
  readonly refusal: Refusal | null
}

const NOTHING_SPECIAL: SpecialNames = { asksConnection: false, refusal: null }

/** A quoted name can be called and selected from as well as a bare one: `"changes"()`. */
function findSpecialNames(sql: string): SpecialNames {
  let asksConnection = false
  let pending = false
  for (const { kind, start, end } of tokenize(sql)) {
    const text = sql.slice(start, end)
    if (pending && text === '(') asksConnection = true
    const name = unquote(text).toUpperCase()
    const refusal = REFUSED_NAMES.get(name)
    if (refusal !== undefined) return { asksConnection, refusal }
    pending = (kind === 'word' || kind === 'quoted') && CONNECTION_FUNCTIONS.has(name)
  }
  return { asksConnection, refusal: null }
}

/** What a trigger or view calls, it calls later, for the statement that uses it. */
function storesExpression(words: readonly string[]): boolean {
  return words[0] === 'CREATE' && (words[1] === 'TRIGGER' || words[1] === 'VIEW')
}

function refusalOf(first: string, words: readonly string[], texts: readonly string[]): Refusal | null {
  const instead = REFUSED_KEYWORDS.get(first)
  if (instead !== undefined) return { statement: first, instead }
  if (first === 'PRAGMA') return pragmaRefusal(texts)
  if (first === 'CREATE' && createsTemporary(words, texts)) {
    return {
      statement: 'CREATE TEMP',
      instead: 'A temporary object exists on one connection only: use a common table expression, or an ordinary table.',
    }
  }
  if (first === 'VACUUM' && words.includes('INTO')) {
    return {
      statement: 'VACUUM INTO',
      instead: 'It would write another file outside the engine’s control; copy with a tool of your own.',
    }
  }
  return null
}

/** `CREATE TEMP …`, or `CREATE TABLE temp.name`. */
function createsTemporary(words: readonly string[], texts: readonly string[]): boolean {
  if (words[1] === 'TEMP' || words[1] === 'TEMPORARY') return true
  let at = words[1] === 'UNIQUE' || words[1] === 'VIRTUAL' ? 3 : 2
  if (words[at] === 'IF' && words[at + 1] === 'NOT' && words[at + 2] === 'EXISTS') at += 3
  return texts[at + 1] === '.' && unquote(texts[at] ?? '').toUpperCase() === 'TEMP'
}

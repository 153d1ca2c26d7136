/**
 * Runs a script of several statements, cut where SQLite itself finds the end of each: the text up to the next `;` is
 * prepared, and as long as SQLite answers "incomplete input" (the body of a trigger) the next `;` is tried.
 */
import { NoormmeError } from '../errors.ts'
import { classify } from './classify.ts'
import type { Connection } from './connection.ts'
import { settableInScript } from './pragma-rules.ts'
import { firstWord, tokenize } from './tokenizer.ts'

export interface ScriptOutcome {
  /** Statements that ran. */
  readonly statements: number
  readonly failure: { readonly offset: number; readonly statement: string; readonly error: NoormmeError } | null
}

/** Runs `script` inside the transaction that is open; stops at the first statement that fails. */
export function runScript(connection: Connection, script: string): ScriptOutcome {
  const ends = [...tokenize(script)].filter(({ kind }) => kind === 'semicolon').map(({ end }) => end)
  ends.push(script.length)
  let statements = 0
  let next = 0
  let from = startOfStatement(script, 0)
  while (from < script.length) {
    while ((ends[next] ?? script.length) <= from) next++
    const { end, error } = nextStatement(connection, script, from, ends, next)
    const failure = error ?? attempt(() => runOne(connection, script.slice(from, end)))
    if (failure !== null)
      return { statements, failure: { offset: from, statement: script.slice(from, end), error: failure } }
    statements++
    from = startOfStatement(script, end)
  }
  return { statements, failure: null }
}

function runOne(connection: Connection, sql: string): void {
  assertAllowed(sql)
  connection.write(sql, [])
}

/** The shortest text from `from` on that SQLite takes as a whole statement, or the reason why it takes none. */
function nextStatement(
  connection: Connection,
  script: string,
  from: number,
  ends: readonly number[],
  next: number,
): { end: number; error: NoormmeError | null } {
  let end = from
  let error: NoormmeError | null = null
  for (let index = next; index < ends.length; index++) {
    end = ends[index] ?? script.length
    const sql = script.slice(from, end)
    // Before SQLite sees it: preparing a PRAGMA already acts.
    error = attempt(() => assertAllowed(sql)) ?? attempt(() => connection.isReadonly(sql))
    // SQLite has no code of its own for this; the wording is stable since 2005.
    if (error === null || error.context.reason !== 'incomplete input') break
  }
  return { end, error }
}

function assertAllowed(sql: string): void {
  try {
    classify(sql)
  } catch (error) {
    if (firstWord(sql) !== 'PRAGMA' || !settableInScript(textsOf(sql))) throw error
  }
}

function textsOf(sql: string): string[] {
  return [...tokenize(sql)].flatMap(({ kind, start, end }) => (kind === 'semicolon' ? [] : [sql.slice(start, end)]))
}

/** Offset of the next token that begins a statement; the script's length when only comments are left. */
function startOfStatement(script: string, from: number): number {
  for (const { kind, start } of tokenize(script.slice(from))) {
    if (kind !== 'semicolon') return from + start
  }
  return script.length
}

function attempt(run: () => unknown): NoormmeError | null {
  try {
    run()
    return null
  } catch (error) {
    if (error instanceof NoormmeError) return error
    throw error
  }
}

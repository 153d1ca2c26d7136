/**
 * What a migration's text names: the tables it drops, deletes from, updates and renames, and the columns it renames or
 * drops, in order. Read from tokens, cut where SQLite ends a statement. What CREATE and EXPLAIN hold is passed over: the
 * DELETE in the body of a trigger is none of the migration itself.
 */
import { foldName } from '../schema/naming.ts'
import { tokenize } from '../sqlite/tokenizer.ts'

/** One thing a script does to a table; names as SQLite compares them. */
export type ScriptStep =
  | { readonly kind: 'drop' | 'delete' | 'update'; readonly table: string }
  | { readonly kind: 'rename'; readonly table: string; readonly to: string }
  | { readonly kind: 'renameColumn'; readonly table: string; readonly column: string; readonly to: string }
  | { readonly kind: 'dropColumn'; readonly table: string; readonly column: string }

/** A script that consists of these alone deletes no row. */
const KEEP_ALL_ROWS = new Set(['CREATE', 'ALTER', 'PRAGMA', 'EXPLAIN'])
const TRIGGER = /^(EXPLAIN (QUERY PLAN )?)?CREATE (TEMP |TEMPORARY )?TRIGGER\b/
const CONFLICT_ACTION = ['ROLLBACK', 'ABORT', 'REPLACE', 'FAIL', 'IGNORE']

type Words = readonly string[]

/** What `script` does to tables by name; `null` when none of its statements can delete a row or change one. */
export function readSteps(script: string): ScriptStep[] | null {
  const statements = statementsOf(script)
  if (statements.every((words) => KEEP_ALL_ROWS.has(words[0]?.toUpperCase() ?? ''))) return null
  return statements.flatMap((words) => {
    switch (words[0]?.toUpperCase()) {
      case 'CREATE':
      case 'EXPLAIN':
        return []
      case 'DROP':
        return dropStep(words)
      case 'ALTER':
        return alterStep(words)
      default:
        return changeSteps(words)
    }
  })
}

/** A trigger's statements belong to it: like `sqlite3_complete`, it ends at `; END` (https://sqlite.org/c3ref/complete.html). */
function statementsOf(script: string): Words[] {
  const statements: string[][] = []
  let words: string[] = []
  const close = (): void => {
    if (words.length > 0) statements.push(words)
    words = []
  }
  for (const { start, end } of tokenize(script)) {
    const word = script.slice(start, end)
    if (word !== ';' || (isTrigger(words) && !endsTrigger(words))) words.push(word)
    else close()
  }
  close()
  return statements
}

function isTrigger(words: Words): boolean {
  return TRIGGER.test(words.slice(0, 6).join(' ').toUpperCase())
}

function endsTrigger(words: Words): boolean {
  return words.at(-1)?.toUpperCase() === 'END' && words.at(-2) === ';'
}

function dropStep(words: Words): ScriptStep[] {
  if (!has(words, 1, 'TABLE')) return []
  return [{ kind: 'drop', table: nameAt(words, has(words, 2, 'IF', 'EXISTS') ? 4 : 2).name }]
}

/** ALTER TABLE t RENAME TO u, RENAME [COLUMN] c TO d, DROP [COLUMN] c. */
function alterStep(words: Words): ScriptStep[] {
  const { name: table, next } = nameAt(words, 2)
  if (has(words, next, 'RENAME', 'TO') && words.length === next + 3) {
    return [{ kind: 'rename', table, to: nameAt(words, next + 2).name }]
  }
  // COLUMN may be left out, and a column may be called so.
  const at = next + (has(words, next + 1, 'COLUMN') && !has(words, next + 2, 'TO') ? 2 : 1)
  const column = foldName(unquote(words[at] ?? ''))
  if (has(words, next, 'RENAME')) return [{ kind: 'renameColumn', table, column, to: nameAt(words, at + 2).name }]
  if (has(words, next, 'DROP')) return [{ kind: 'dropColumn', table, column }]
  return []
}

/** DELETE FROM t and UPDATE [OR …] t, behind a WITH too. */
function changeSteps(words: Words): ScriptStep[] {
  return words.flatMap((_, index): ScriptStep[] => {
    if (has(words, index, 'DELETE', 'FROM')) return [{ kind: 'delete', table: nameAt(words, index + 2).name }]
    if (!has(words, index, 'UPDATE')) return []
    const action = CONFLICT_ACTION.some((word) => has(words, index + 1, 'OR', word))
    return [{ kind: 'update', table: nameAt(words, index + (action ? 3 : 1)).name }]
  })
}

function has(words: Words, at: number, ...wanted: string[]): boolean {
  return wanted.every((word, offset) => words[at + offset]?.toUpperCase() === word)
}

/** The name at a place, without quotes and the schema before it, and the place behind it. */
function nameAt(words: Words, at: number): { readonly name: string; readonly next: number } {
  const last = words[at + 1] === '.' ? at + 2 : at
  return { name: foldName(unquote(words[last] ?? '')), next: last + 1 }
}

/** SQLite takes a string for a name, too: DROP TABLE 'a'. */
function unquote(text: string): string {
  const open = text.charAt(0)
  if (!/["'`[]/.test(open)) return text
  return open === '[' ? text.slice(1, -1) : text.slice(1, -1).replaceAll(open + open, open)
}

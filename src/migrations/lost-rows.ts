/**
 * Rows that a DROP TABLE takes along. With foreign keys on, dropping a table first deletes its rows, and ON DELETE
 * CASCADE, SET NULL and SET DEFAULT then act on the tables that refer to it (https://sqlite.org/lang_droptable.html):
 * rebuilding a table by hand empties others that the migration never named. So those are counted before and after.
 */
import type { Executor } from '../engine/types.ts'
import { foldName, quoteIdentifier } from '../schema/naming.ts'
import { tokenize } from '../sqlite/tokenizer.ts'

/** A key of a table that refers to one being dropped, and how many rows have a value in it. */
interface WatchedKey {
  readonly table: string
  readonly column: string
  readonly dropped: string
  readonly action: string
  readonly values: number
}

/** Counts what the tables that `script` drops could take along. */
export async function watchDroppedTables(executor: Pick<Executor, 'execute'>, script: string): Promise<WatchedKey[]> {
  const words = wordsOf(script)
  const dropped = new Set(namesAfter(words, ['DROP', 'TABLE'], ['IF', 'EXISTS']).map(foldName))
  if (dropped.size === 0) return []
  for (const { from, to } of renamesIn(words)) if (dropped.has(to)) dropped.add(from)
  // What the script deletes itself, it has named.
  const named = new Set([...dropped, ...namesAfter(words, ['DELETE', 'FROM'], []).map(foldName)])

  const { rows } = await executor.execute({
    sql: `SELECT t.name AS name, k."from" AS "column", k."table" AS parent, k.on_delete AS "action"
FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS k
WHERE t.type = 'table' AND k.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT')`,
  })
  const keys = rows
    .map(({ name, column, parent, action }) => ({
      table: String(name),
      column: String(column),
      dropped: String(parent),
      action: String(action),
    }))
    .filter((key) => dropped.has(foldName(key.dropped)) && !named.has(foldName(key.table)))
  return Promise.all(keys.map(async (key) => ({ ...key, values: (await countValues(executor, key)) ?? 0 })))
}

/** The first table that lost rows, or values of its key, which nobody named; `null` when all are there. */
export async function findLostRows(
  executor: Pick<Executor, 'execute'>,
  watched: readonly WatchedKey[],
): Promise<{ readonly reason: string; readonly advice: string } | null> {
  for (const key of watched) {
    const values = await countValues(executor, key)
    if (values === null || values >= key.values) continue
    const what = key.action === 'CASCADE' ? 'rows of' : 'references in'
    return {
      reason: `dropping "${key.dropped}" took ${key.values - values} ${what} "${key.table}" along (ON DELETE ${key.action})`,
      advice: `Change the table with ALTER TABLE instead, or name the loss: DELETE FROM ${quoteIdentifier(key.table)} before it. Nothing was applied.`,
    }
  }
  return null
}

/** `null` when the column is gone: the script has rebuilt or renamed that table, and named it thereby. */
async function countValues(
  executor: Pick<Executor, 'execute'>,
  { table, column }: Pick<WatchedKey, 'table' | 'column'>,
): Promise<number | null> {
  const { rows: found } = await executor.execute({
    sql: 'SELECT 1 FROM pragma_table_info(?) WHERE name = ? COLLATE NOCASE',
    parameters: [table, column],
  })
  if (found.length === 0) return null
  const { rows } = await executor.execute({
    sql: `SELECT count(${quoteIdentifier(column)}) AS n FROM ${quoteIdentifier(table)}`,
  })
  return Number(rows[0]?.n)
}

function wordsOf(script: string): string[] {
  return [...tokenize(script)].map(({ start, end }) => script.slice(start, end))
}

/** The table named after each run of `keywords`, without `optional` ones, quotes and a schema's name. */
function namesAfter(words: readonly string[], keywords: readonly string[], optional: readonly string[]): string[] {
  const matches = (at: number, wanted: readonly string[]): boolean =>
    wanted.every((word, offset) => words[at + offset]?.toUpperCase() === word)
  return words.flatMap((_, index) => {
    if (!matches(index, keywords)) return []
    let at = index + keywords.length
    if (optional.length > 0 && matches(at, optional)) at += optional.length
    if (words[at + 1] === '.') at += 2
    return unquote(words[at] ?? '')
  })
}

/** ALTER TABLE a RENAME TO b, the last first: keys that refer to `a` follow it to its new name. */
function renamesIn(words: readonly string[]): { readonly from: string; readonly to: string }[] {
  const renames = words.flatMap((word, at) => {
    if (word.toUpperCase() !== 'RENAME' || words[at + 1]?.toUpperCase() !== 'TO') return []
    return { from: foldName(unquote(words[at - 1] ?? '')), to: foldName(unquote(words[at + 2] ?? '')) }
  })
  return renames.reverse()
}

function unquote(name: string): string {
  const open = name.charAt(0)
  if (!/["'`[]/.test(open)) return name
  const close = open === '[' ? ']' : open
  return name.slice(1, -1).replaceAll(close + close, close)
}

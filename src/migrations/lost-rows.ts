/**
 * Rows that a migration takes along without naming their table. With foreign keys on, DROP TABLE first deletes the rows
 * (https://sqlite.org/lang_droptable.html); as DELETE and REPLACE do, that sets off ON DELETE CASCADE, SET NULL and SET
 * DEFAULT in the tables that refer to it, and CASCADE in the tables that refer to those; triggers delete what they like.
 * So nothing is concluded from the statements: all tables are counted before and after, rows and the values of every
 * foreign key. Only what the script itself drops, deletes from or updates may become less.
 *
 * Numbers are compared, not rows: one that was lost and one that was added look like none.
 */
import type { Executor } from '../engine/types.ts'
import { foldName, quoteIdentifier } from '../schema/naming.ts'
import { readSteps, type ScriptStep } from './script-steps.ts'

/** A foreign key's column. */
interface Key {
  readonly column: string
  readonly parent: string
  /** What SQLite does to it when its parent goes or changes: `ON DELETE CASCADE`, `ON UPDATE SET NULL`. */
  readonly actions: readonly string[]
  /** What the column has where the key refers to nothing in particular, as an SQL literal. */
  readonly empty: string
}

interface Table {
  readonly name: string
  readonly keys: readonly Key[]
}

interface Counts {
  readonly rows: number
  /** For each key, how many rows have a value in it. */
  readonly values: readonly number[]
}

/** Every table with its counts before the script, and what the script does by name. */
export interface WatchedRows {
  readonly tables: readonly (Table & { readonly before: Counts })[]
  readonly steps: readonly ScriptStep[]
}

type Reader = Pick<Executor, 'execute'>

/** Counts what `script` could take along: nothing when it only creates and alters. */
export async function watchRows(executor: Reader, script: string): Promise<WatchedRows> {
  const steps = readSteps(script)
  if (steps === null) return { tables: [], steps: [] }
  const tables = []
  for (const table of await readTables(executor)) {
    tables.push({ ...table, before: await count(executor, table.name, table.keys) })
  }
  return { tables, steps }
}

interface Loss {
  readonly reason: string
  readonly advice: string
}

/** The first table that lost rows, or else values of a key, which nobody named; `null` when all are there. */
export async function findLostRows(executor: Reader, { tables, steps }: WatchedRows): Promise<Loss | null> {
  let first: Loss | null = null
  for (const { name, keys, before } of tables) {
    const now = follow(name, keys, steps)
    if (now === null) continue
    const after = await count(executor, now.name, now.keys)
    if (after.rows < before.rows) return lostRows(name, keys, before.rows - after.rows)
    if (now.updated) continue
    const lost = keys.map((_, at) => (now.keys[at] === null ? 0 : (before.values[at] ?? 0) - (after.values[at] ?? 0)))
    const at = lost.findIndex((values) => values > 0)
    const key = keys[at]
    if (key !== undefined) first ??= lostValues(name, key, lost[at] ?? 0)
  }
  return first
}

/** Virtual tables keep their rows in shadow tables, in a number that means nothing: both are left out. */
async function readTables(executor: Reader): Promise<Table[]> {
  const { rows } = await executor.execute({
    sql: `SELECT t.name AS name, k."from" AS "column", k."table" AS parent, k.on_delete AS "onDelete", k.on_update AS "onUpdate",
  (SELECT c.dflt_value FROM pragma_table_xinfo(t.name) AS c WHERE c.name = k."from" COLLATE NOCASE) AS "default"
FROM pragma_table_list AS t LEFT JOIN pragma_foreign_key_list(t.name) AS k
WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY t.name, k.id, k.seq`,
  })
  const tables = new Map<string, Key[]>()
  for (const { name, column, parent, onDelete, onUpdate, default: value } of rows) {
    const keys = tables.get(String(name)) ?? []
    tables.set(String(name), keys)
    if (column === null) continue
    const actions = [`ON DELETE ${onDelete}`, `ON UPDATE ${onUpdate}`].filter((action) => /CASCADE|SET/.test(action))
    const empty = actions.some((action) => action.endsWith('DEFAULT')) ? literalOf(String(value)) : 'NULL'
    keys.push({ column: String(column), parent: String(parent), actions, empty })
  }
  return [...tables].map(([name, keys]) => ({ name, keys }))
}

/** A default that is a number or a string; the text of another may mean something else outside of its table. */
function literalOf(text: string): string {
  return /^(?:[+-]?\d+(?:\.\d+)?|'(?:[^']|'')*')$/.test(text) ? text : 'NULL'
}

/** A table that is gone has no rows, a column that is gone no values. */
async function count(executor: Reader, table: string, keys: readonly (Key | null)[]): Promise<Counts> {
  const { rows: found } = await executor.execute({
    sql: 'SELECT name FROM pragma_table_xinfo(?)',
    parameters: [table],
  })
  if (found.length === 0) return { rows: 0, values: [] }
  const columns = new Set(found.map(({ name }) => foldName(String(name))))
  const counted = keys.map((key, at) =>
    key !== null && columns.has(foldName(key.column))
      ? `count(*) FILTER (WHERE ${quoteIdentifier(key.column)} IS NOT ${key.empty}) AS k${at}`
      : `0 AS k${at}`,
  )
  const { rows } = await executor.execute({
    sql: `SELECT ${['count(*) AS n', ...counted].join(', ')} FROM ${quoteIdentifier(table)}`,
  })
  return { rows: Number(rows[0]?.n), values: keys.map((_, at) => Number(rows[0]?.[`k${at}`])) }
}

/** What the script made of a table: its names now, `null` for a key it dropped. `null` when it named the loss of rows. */
function follow(
  name: string,
  keys: readonly Key[],
  steps: readonly ScriptStep[],
): { readonly name: string; readonly keys: readonly (Key | null)[]; readonly updated: boolean } | null {
  let now = foldName(name)
  let columns: readonly (Key | null)[] = keys
  let updated = false
  for (const step of steps) {
    if (step.table !== now) continue
    if (step.kind === 'drop' || step.kind === 'delete') return null
    if (step.kind === 'update') updated = true
    if (step.kind === 'rename') now = step.to
    if (step.kind === 'renameColumn') columns = replace(columns, step.column, (key) => ({ ...key, column: step.to }))
    if (step.kind === 'dropColumn') columns = replace(columns, step.column, () => null)
  }
  return { name: now, keys: columns, updated }
}

function replace(keys: readonly (Key | null)[], column: string, by: (key: Key) => Key | null): readonly (Key | null)[] {
  return keys.map((key) => (key !== null && foldName(key.column) === column ? by(key) : key))
}

function lostRows(table: string, keys: readonly Key[], lost: number): Loss {
  const cascade = keys.find(({ actions }) => actions.includes('ON DELETE CASCADE'))
  const because = cascade === undefined ? '' : ` (its key to "${cascade.parent}" is ON DELETE CASCADE)`
  return {
    reason: `it loses ${lost} ${lost === 1 ? 'row' : 'rows'} of "${table}" and has no DELETE FROM for it${because}`,
    advice: `Keep the rows aside and put them back, or name the loss: DELETE FROM ${quoteIdentifier(table)}. Nothing of the file was applied.`,
  }
}

function lostValues(table: string, { column, parent, actions }: Key, lost: number): Loss {
  const values = lost === 1 ? '1 reference' : `${lost} references`
  const because = actions.length === 0 ? '' : ` (its key is ${actions.join(' ')})`
  return {
    reason: `it loses ${values} from "${table}"."${column}" to "${parent}" and has no UPDATE for it${because}`,
    advice: `Keep the values aside and put them back, or name the loss: UPDATE ${quoteIdentifier(table)}. Nothing of the file was applied.`,
  }
}

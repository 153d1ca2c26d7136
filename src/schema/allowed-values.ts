/**
 * The values that CHECK constraints leave to a column: `CHECK (status IN ('draft', 'listed'))`.
 *
 * Only what certainly holds is read: `x IN (…)`, `x = …`, these joined by OR for one column (with `x IS NULL` among
 * them), and these joined by AND with anything. A list with NULL in it forbids nothing, because a CHECK that is NULL
 * passes (https://sqlite.org/lang_createtable.html#check_constraints), and with a collation other texts are equal too.
 */

import { unquote } from '../sqlite/tokenizer.ts'
import { foldName } from './naming.ts'
import { inParentheses, splitAt, tableDefinitions, type Word } from './table-definitions.ts'
import type { ColumnInfo, TableInfo } from './types.ts'

export type Literal = string | number

/** A column, by its folded name, and what it may hold; `[]` for `x IS NULL` alone. */
interface Choice {
  readonly column: string
  readonly values: readonly Literal[]
}

/** The values left to each column, by its name; columns that may hold anything are not there. */
export function allowedValues(table: TableInfo): ReadonlyMap<string, readonly Literal[]> {
  if (table.kind !== 'table' || !/\bcheck\b/i.test(table.sql)) return new Map()
  const { columns: definitions, checks } = tableDefinitions(table.sql)
  const known = new Map(table.columns.map((column) => [foldName(column.name), column]))
  const allowed = new Map<string, readonly Literal[]>()
  for (const { column: name, values } of checks.flatMap((check) => choicesIn(check, known))) {
    const column = known.get(name)
    if (column === undefined || !values.every((value) => isKept(value, column))) continue
    if (definitions.get(column.name)?.some(({ upper }) => upper === 'COLLATE') !== false) continue
    const before = allowed.get(column.name)
    const both = before === undefined ? [...new Set(values)] : before.filter((value) => values.includes(value))
    if (both.length > 0) allowed.set(column.name, both)
  }
  return allowed
}

type Columns = ReadonlyMap<string, ColumnInfo>

/** What holds for columns where this expression does. */
function choicesIn(expression: readonly Word[], columns: Columns): Choice[] {
  const [first] = expression
  if (first?.text === '(' && inParentheses(expression, 0).length === expression.length - 2) {
    return choicesIn(expression.slice(1, -1), columns)
  }
  // In these an AND or OR may belong to something else than a condition.
  if (splitAt(expression, ({ upper }) => upper === 'CASE' || upper === 'BETWEEN').length > 1) return []

  const either = splitAt(expression, ({ upper }) => upper === 'OR')
  if (either.length > 1) return union(either.map((part) => choicesIn(part, columns)))
  const all = splitAt(expression, ({ upper }) => upper === 'AND')
  if (all.length > 1) return all.flatMap((part) => choicesIn(part, columns))
  const choice = choiceOf(expression, columns)
  return choice === null ? [] : [choice]
}

/** One column that each alternative says something about, and nothing else. */
function union(alternatives: readonly (readonly Choice[])[]): Choice[] {
  const single = alternatives.flatMap((choices) => (choices.length === 1 ? choices : []))
  const [first] = single
  const isSame = single.length === alternatives.length && single.every(({ column }) => column === first?.column)
  if (first === undefined || !isSame) return []
  const values = single.flatMap((choice) => choice.values)
  return values.length === 0 ? [] : [{ column: first.column, values }]
}

function choiceOf([subject, ...rest]: readonly Word[], columns: Columns): Choice | null {
  if (subject === undefined || (subject.kind !== 'word' && subject.kind !== 'quoted')) return null
  const column = foldName(subject.kind === 'word' ? subject.text : unquote(subject.text))
  if (!columns.has(column)) return null
  const [operator, second] = rest
  if (operator?.upper === 'IS' && second?.upper === 'NULL' && rest.length === 2) return { column, values: [] }
  const values = listOf(rest, columns)
  return values === null ? null : { column, values }
}

/** The values behind the column: `IN (a, b)`, `= a`, `== a`, `IS a`; `null` when it is anything else. */
function listOf([operator, ...rest]: readonly Word[], columns: Columns): Literal[] | null {
  if (operator?.upper === 'IN') {
    const list = inParentheses(rest, 0)
    if (rest[0]?.text !== '(' || list.length !== rest.length - 2) return null
    return literals(
      splitAt(list, ({ text }) => text === ','),
      columns,
    )
  }
  if (operator?.text === '=' || operator?.upper === 'IS') {
    return literals([rest[0]?.text === '=' ? rest.slice(1) : rest], columns)
  }
  return null
}

function literals(items: readonly (readonly Word[])[], columns: Columns): Literal[] | null {
  const values = items.map((item) => literal(item, columns))
  return values.every((value) => value !== null) ? values : null
}

function literal(words: readonly Word[], columns: Columns): Literal | null {
  const [first, second] = words
  if (first === undefined || words.length > 2) return null
  if (words.length === 2) return first.text === '-' && second?.kind === 'number' ? negated(second) : null
  if (first.kind === 'number') return number(first.text)
  if (first.kind === 'string') return first.text.startsWith("'") ? unquote(first.text) : null
  // SQLite takes a quoted name that names nothing for a text (https://sqlite.org/quirks.html#dblquote).
  const isText = first.kind === 'quoted' && first.text.startsWith('"') && !columns.has(foldName(unquote(first.text)))
  return isText ? unquote(first.text) : null
}

function negated({ text }: Word): Literal | null {
  const value = number(text)
  return value === null ? null : -value
}

function number(text: string): number | null {
  const value = /^[0-9]+(?:\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null
}

/** Whether a value that equals this one is stored as just this one, by the column's affinity. */
function isKept(value: Literal, { affinity }: ColumnInfo): boolean {
  // NUMERIC is also what unknown words get, and leaves a text alone that is no number.
  const isNoNumber = Number.isNaN(Number(value))
  if (typeof value === 'string')
    return affinity === 'TEXT' || affinity === 'BLOB' || (affinity === 'NUMERIC' && isNoNumber)
  return affinity === 'INTEGER' || affinity === 'REAL' || affinity === 'NUMERIC' || affinity === 'BLOB'
}

/**
 * What the repository of one table keeps by itself: a version, timestamps, schemas that data must pass. Made from the
 * configuration and from the table as it is, so a rule that the table cannot follow is known before the first write.
 */
import type { StandardSchema } from '../../config/standard-schema.ts'
import type { TableConfig } from '../../config/table-options.ts'
import type { ConfigProblem } from '../../errors.ts'
import { columnKind } from '../../schema/column-kind.ts'
import { foldName } from '../../schema/naming.ts'
import type { ColumnInfo, TableInfo } from '../../schema/types.ts'
import { nearest } from '../../util/nearest.ts'
import { declaredDateFormat } from '../date-format.ts'

/** A column that holds a moment which the repository sets. */
export interface StampRule {
  /** The column's own name. */
  readonly column: string
  /** SQL for the present moment in the column's own form, where its default says it. */
  readonly sql: string | null
}

export interface TableRules {
  /** The version column's own name. */
  readonly version: string | null
  readonly createdAt: StampRule | null
  readonly updatedAt: StampRule | null
  readonly insertSchema: StandardSchema | null
  readonly updateSchema: StandardSchema | null
}

export const NO_RULES: TableRules = {
  version: null,
  createdAt: null,
  updatedAt: null,
  insertSchema: null,
  updateSchema: null,
}

/** Column names that hold for every table which has them. */
export interface Timestamps {
  readonly createdAt: string | null
  readonly updatedAt: string | null
}

/** Defaults that are the present moment (https://sqlite.org/lang_datefunc.html). */
const PRESENT = new RegExp(
  [
    /\bcurrent_(?:timestamp|date|time)\b/,
    /\b(?:datetime|date|time|unixepoch|julianday)\s*\(\s*(?:\)|'(?:now|subsec(?:ond)?)')/,
    /\bstrftime\s*\(\s*'[^']*'\s*(?:\)|,\s*'(?:now|subsec(?:ond)?)')/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
)

/** The rules of one table, and what is wrong with them. */
export function tableRules(
  table: TableInfo,
  config: TableConfig,
  timestamps: Timestamps,
): { readonly rules: TableRules; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const report = (key: string, message: string): null => {
    problems.push({ path: `tables.${table.name}.${key}`, message })
    return null
  }
  const stamp = (key: 'createdAt' | 'updatedAt'): StampRule | null => {
    const name = config[key]
    if (name === false) return null
    const column = findNamed(table, name ?? timestamps[key])
    if (column === undefined) return name === undefined ? null : report(key, unknownColumn(table, name))
    const found = stampRule(column)
    if (typeof found !== 'string') return found
    if (name !== undefined) return report(key, found)
    const advice = `; tables.${table.name}.${key}: false leaves it alone`
    problems.push({ path: `timestamps.${key}`, message: `names ${table.name}.${column.name}, which ${found}${advice}` })
    return null
  }
  const version = (): string | null => {
    const { version: name } = config
    if (name === undefined) return null
    const column = findNamed(table, name)
    if (column === undefined) return report('version', unknownColumn(table, name))
    const wrong = versionProblem(column)
    return wrong === null ? column.name : report('version', wrong)
  }

  if (table.kind === 'view' && (config.version || config.createdAt || config.updatedAt)) {
    report('version', 'and timestamps are kept in tables, and this is a view')
    return { rules: NO_RULES, problems }
  }
  const { insert, update } = config.validate ?? {}
  const kept =
    table.kind === 'view'
      ? { version: null, createdAt: null, updatedAt: null }
      : { version: version(), createdAt: stamp('createdAt'), updatedAt: stamp('updatedAt') }
  return { rules: { ...kept, insertSchema: insert ?? null, updateSchema: update ?? null }, problems }
}

function findNamed(table: TableInfo, name: string | null | undefined): ColumnInfo | undefined {
  if (name === null || name === undefined) return undefined
  return (
    table.columns.find((column) => column.name === name) ??
    table.columns.find((column) => foldName(column.name) === foldName(name))
  )
}

function unknownColumn(table: TableInfo, name: string): string {
  const [meant] = nearest(
    name,
    table.columns.map((column) => column.name),
  )
  return `names no column of "${table.name}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`
}

/** How the column is set, or what keeps it from being set. */
function stampRule(column: ColumnInfo): StampRule | string {
  if (isComputed(column)) return 'is a column that cannot be written'
  const present = column.defaultValue !== null && PRESENT.test(column.defaultValue)
  if (present) return { column: column.name, sql: `(${column.defaultValue})` }
  const kind = columnKind(column)
  const format = declaredDateFormat(column)
  if (kind === 'boolean' || kind === 'json' || kind === 'blob')
    return `is declared ${column.type}, which holds no dates`
  if (format !== 'number') return { column: column.name, sql: null }
  return 'holds numbers and does not say of what: give it a default such as unixepoch()'
}

function versionProblem(column: ColumnInfo): string | null {
  if (isComputed(column)) return 'is a column that cannot be written'
  if (column.primaryKeyPosition > 0) return 'is part of the primary key'
  const kind = columnKind(column)
  const counts = kind === 'number' || kind === 'bigint' || (kind === 'any' && column.type === '')
  return counts ? null : `must be a column of integers, and "${column.name}" is declared ${column.type}`
}

function isComputed({ generated, hidden }: ColumnInfo): boolean {
  return generated !== null || hidden
}

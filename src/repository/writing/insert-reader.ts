/** Rows to be inserted, with what the repository adds to them: a first version, the present moment. */
import type { SqlValue } from '../../sqlite/values.ts'
import { type RowData, RowReader } from '../row-data.ts'
import type { ColumnModel } from '../row-decoder.ts'
import type { TableModel } from '../table-model.ts'
import type { StampRule, TableRules } from './table-rules.ts'

/** The version of a row that has not been changed since it was made. */
const FIRST_VERSION = 1

interface Addition {
  readonly column: ColumnModel
  readonly value: () => SqlValue
}

export class InsertReader {
  readonly #reader: RowReader
  readonly #additions: readonly Addition[]
  /** The columns that were read last and what they became: rows of one shape keep sharing their array. */
  #columns: { readonly read: RowData['columns']; readonly completed: readonly ColumnModel[] } | null = null

  /** All rows read by one reader are made at the same moment. */
  constructor({ model, rules }: { readonly model: TableModel; readonly rules: TableRules }, subject: string) {
    this.#reader = new RowReader(model, subject)
    this.#additions = additionsOf(model, rules, new Date())
  }

  /** Like {@link RowReader.read}, completed. */
  read(data: unknown): RowData {
    return this.complete(this.#reader.read(data))
  }

  /** Adds what the row has no value for itself. */
  complete(row: RowData): RowData {
    if (this.#additions.length === 0) return row
    const missing = this.#additions.filter(({ column }) => !row.columns.includes(column))
    if (missing.length === 0) return row

    if (this.#columns?.read !== row.columns) {
      const completed = [...row.columns, ...missing.map(({ column }) => column)]
      this.#columns = { read: row.columns, completed }
    }
    return { columns: this.#columns.completed, values: [...row.values, ...missing.map(({ value }) => value())] }
  }
}

/** A column with a default of its own is left to it: that is where its form comes from. */
function additionsOf(model: TableModel, rules: TableRules, now: Date): Addition[] {
  const additions: Addition[] = []
  const version = rules.version === null ? null : model.column(rules.version)
  if (version !== null && version.info.defaultValue === null) {
    additions.push({ column: version, value: () => FIRST_VERSION })
  }
  for (const rule of [rules.createdAt, rules.updatedAt]) {
    const column = rule === null || rule.sql !== null ? null : model.column(rule.column)
    if (column !== null && !additions.some((addition) => addition.column === column)) {
      additions.push({ column, value: () => column.codec.stamp(now, column.path) })
    }
  }
  return additions
}

/** SQL that sets a column to the present moment, and what it binds. */
export function presentMoment(
  model: TableModel,
  rule: StampRule,
): { readonly sql: string; readonly bound: SqlValue[] } {
  const column = model.column(rule.column)
  if (rule.sql !== null) return { sql: `${column.sql} = ${rule.sql}`, bound: [] }
  return { sql: `${column.sql} = ?`, bound: [column.codec.stamp(new Date(), column.path)] }
}

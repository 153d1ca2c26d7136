/** What an UPDATE sets: the columns of a patch, and what the repository keeps by itself. */
import type { SqlValue } from '../../sqlite/values.ts'
import { refuse } from '../refusals.ts'
import type { RowData } from '../row-data.ts'
import type { ColumnModel } from '../row-decoder.ts'
import { presentMoment } from './insert-reader.ts'
import type { WriteContext } from './write-context.ts'

type Ruled = Pick<WriteContext, 'model' | 'rules'>

export interface Change {
  /** The columns that the caller changes, and to what; none where SQL computes it. */
  readonly data: RowData
  /** What stands behind SET. */
  readonly set: string
  readonly parameters: readonly SqlValue[]
}

/** The change that stores `data`; compiles dates, so it runs where their forms can be looked up. */
export function changeOf(ruled: Ruled, data: RowData): Change {
  return changeBy(ruled, data, { sql: data.columns.map(({ sql }) => `${sql} = ?`), bound: data.values })
}

/** A change whose columns SQL computes. */
export function changeBy(
  { model, rules }: Ruled,
  data: RowData,
  assignments: { readonly sql: readonly string[]; readonly bound: readonly SqlValue[] },
): Change {
  const set = [...assignments.sql]
  const parameters = [...assignments.bound]
  const { updatedAt } = rules
  if (updatedAt !== null && !data.columns.includes(model.column(updatedAt.column))) {
    const stamp = presentMoment(model, updatedAt)
    set.push(stamp.sql)
    parameters.push(...stamp.bound)
  }
  const version = versionOf({ model, rules })
  // A row from before the column was there has none, and counts from 0.
  if (version !== null) set.push(`${version.sql} = coalesce(${version.sql}, 0) + 1`)
  return { data, set: set.join(', '), parameters }
}

export function versionOf({ model, rules }: Ruled): ColumnModel | null {
  return rules.version === null ? null : model.column(rules.version)
}

/** @throws ValidationError when the data set the version, which counts by itself. */
export function refuseVersion(ruled: Ruled, data: RowData, method: string, advice: string): void {
  const version = versionOf(ruled)
  if (version !== null && data.columns.includes(version)) {
    throw refuse(version.path, `is the row's version, which ${method} counts by itself`, advice)
  }
}

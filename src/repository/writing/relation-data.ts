/** The data of a row taken apart: its own columns, and the rows of its relations that are made with it. */
import type { RelationInfo } from '../../schema/types.ts'
import { refuse } from '../refusals.ts'
import { isKnownShape, rowObject } from '../row-data.ts'
import { nameOf } from '../row-key.ts'
import type { TableModel } from '../table-model.ts'

export interface RelatedRows {
  readonly relation: RelationInfo
  readonly rows: readonly unknown[]
}

export interface TakenApart {
  /** Columns, as the caller spelled them. */
  readonly own: Record<string, unknown>
  readonly related: readonly RelatedRows[]
}

/**
 * A name that is a column's is the column. `undefined` and `null` in place of a relation's rows are no rows.
 *
 * @throws ColumnNotFoundError with the nearest columns and relations; ValidationError for rows of the wrong shape.
 */
export function takeApart(model: TableModel, data: unknown, subject: string): TakenApart {
  const row = rowObject(data, subject)
  if (isKnownShape(model, Object.keys(row))) return { own: row, related: [] }
  const related: RelatedRows[] = []
  const own: [string, unknown][] = []
  for (const key of Object.keys(row)) {
    const relation = model.has(key) ? undefined : model.table.relations.find(({ name }) => name === key)
    const value = row[key]
    if (relation === undefined) {
      model.columnBesideRelations(key)
      own.push([key, value])
    } else if (value !== undefined && value !== null) related.push({ relation, rows: rowsOf(model, relation, value) })
  }
  // Data without relations are passed on as they are: most are, and an instance of a class has more than its keys.
  return {
    own: related.length === 0 && own.length === Object.keys(row).length ? row : Object.fromEntries(own),
    related,
  }
}

/** Whether more than one row can stand behind the relation. */
export function isMany({ kind }: RelationInfo): boolean {
  return kind === 'hasMany' || kind === 'manyToMany'
}

function rowsOf({ table }: TableModel, relation: RelationInfo, value: unknown): readonly unknown[] {
  const path = `${table.name}.${relation.name}`
  if (!isMany(relation)) return [value]
  if (Array.isArray(value)) return value
  throw refuse(path, `must be an array of rows of "${relation.table}", got ${nameOf(value)}`)
}

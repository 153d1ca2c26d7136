/** Which rows of the other side belong to a row, as a condition. */
import type { RelationModel } from './relation-model.ts'

/** Spells one of our columns where the row stands, such as `"works"."id"`. */
export type OurColumn = (index: number) => string

const JOIN_TABLE = '§j'

/**
 * A condition on the other side's table, whose columns are spelt with `prefix`. The referenced key stands on the left of
 * every comparison, because a foreign key compares in its collation (https://sqlite.org/foreignkeys.html#fk_basics).
 */
export function membership(relation: RelationModel, ours: OurColumn, prefix = ''): string {
  const theirs = relation.targetColumns.map(({ sql }) => `${prefix}${sql}`)
  const { through } = relation
  if (through === null) {
    return theirs
      .map((their, index) => (relation.refers ? `${their} = ${ours(index)}` : `${ours(index)} = ${their}`))
      .join(' AND ')
  }
  const joined = through.columns.map((column, index) => `${ours(index)} = ${JOIN_TABLE}.${column}`).join(' AND ')
  const keys = through.targetColumns.map((column) => `${JOIN_TABLE}.${column}`).join(', ')
  const row = theirs.length === 1 ? theirs[0] : `(${theirs.join(', ')})`
  return `${row} IN (SELECT ${keys} FROM ${through.sql} AS ${JOIN_TABLE} WHERE ${joined})`
}

/**
 * Conditions on the rows of a relation, in a `where`: EXISTS, so that no row is found twice.
 *
 *     { artist: { name: 'Mira' } }, { artist: null }          the one row, none
 *     { comments: { some: {…}, every: {…}, none: {…} } }      at least one, all (or there is none), not one
 */
import { isPlainObject } from '../json-text.ts'
import type { Binding } from '../operators.ts'
import { refuse, refuseUndefined } from '../refusals.ts'
import { nameOf } from '../row-key.ts'
import type { Relation } from '../table-model.ts'
import { membership } from './membership.ts'

interface Filtering {
  readonly path: string
  /** Rows that do not meet the conditions are looked for. */
  readonly negated?: boolean
  readonly compileWhere: (binding: Binding, where: unknown, path: string) => string | null
}

const QUANTIFIERS: readonly string[] = ['some', 'every', 'none']

/** @throws ValidationError for anything but what stands above. */
export function compileRelationFilter(
  binding: Binding,
  relation: Relation,
  filter: unknown,
  filtering: Filtering,
): string {
  const { path } = filtering
  if (!relation.many) {
    if (filter === null) return `NOT ${exists(binding, relation, {}, filtering)}`
    return exists(binding, relation, filter, filtering)
  }
  const advice = 'Conditions stand under some, every or none: { some: { … } }.'
  if (!isPlainObject(filter)) throw refuse(path, `is a relation to many rows, got ${nameOf(filter)}`, advice)
  const names = Object.keys(filter)
  if (names.length === 0) throw refuse(path, 'has no condition', advice)
  const conditions = names.map((name) => {
    const at = { ...filtering, path: `${path}.${name}` }
    if (!QUANTIFIERS.includes(name)) throw refuse(at.path, 'is none of some, every, none', advice)
    if (filter[name] === undefined) throw refuseUndefined(at.path)
    const sql = exists(binding, relation, filter[name], { ...at, negated: name === 'every' })
    return name === 'some' ? sql : `NOT ${sql}`
  })
  return conditions.join(' AND ')
}

function exists(
  { model, parameters, alias: outer = model.sql }: Binding,
  relation: Relation,
  where: unknown,
  { path, compileWhere, negated = false }: Filtering,
): string {
  const alias = innerAlias(outer)
  const belongs = membership(relation, (index) => `${outer}.${relation.columns[index]?.sql}`)
  const condition = compileWhere({ model: relation.target, parameters, alias }, where, path)
  const holds = negated ? `(${condition ?? 'TRUE'}) IS NOT TRUE` : condition
  const also = holds === null ? '' : ` AND (${holds})`
  return `EXISTS (SELECT 1 FROM ${relation.target.sql} AS ${alias} WHERE ${belongs}${also})`
}

/** Another name than all those around it: a table may be related to itself. */
function innerAlias(outer: string): string {
  const depth = /^§f(\d+)$/.exec(outer)?.[1]
  return `§f${depth === undefined ? 1 : Number(depth) + 1}`
}

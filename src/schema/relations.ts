/**
 * Relations between tables, derived from foreign keys alone: facts in, names out.
 *
 * The *stem* of a key is its column without `_id` or `Id`; without that ending, and for several columns joined by `_`,
 * the column names themselves. Each relation takes the first of its names that is free:
 *
 *     belongsTo         the stem, if the key is one column ending in `_id`/`Id`: `author`
 *                       the referenced table: `users` · by the key's columns: `users_by_author_id`
 *     hasMany, hasOne   the referring table: `posts` · by the stem of its key: `posts_by_author`
 *                       by the key's columns: `posts_by_author_id`
 *     manyToMany        the other table: `tags` · through the join table: `tags_through_post_tags`
 *                       by the stem of our key: `users_by_follower` (before "through" when both keys refer to one table)
 *                       both: `tags_through_post_tags_by_post`
 *
 * Two relations of one sort that want the same name both go on to their next one, so that neither looks like the only
 * one. A name is taken when a column or an earlier relation has it; sorts come in the order above. When all are taken,
 * the last one is numbered (`_2`, `_3`, …), so no relation is lost. Names that differ only in case count as the same.
 */

import type { Naming } from '../config/types.ts'
import { foldName } from './naming.ts'
import { propertyName } from './property-names.ts'
import type { ForeignKeyInfo, RelationInfo, TableInfo } from './types.ts'

/** A table as introspection found it, before relations are known. */
export type TableFacts = Omit<TableInfo, 'relations'>

/** A relation that has no name yet, and the names it would like, best first. */
interface Claim {
  readonly relation: RelationInfo
  readonly names: readonly string[]
}

/** No claim has more names than this. */
const MOST_NAMES = 3

/** A foreign key that can be followed: both of its ends exist. */
interface Link {
  readonly from: TableFacts
  readonly to: TableFacts
  readonly key: ForeignKeyInfo
}

/**
 * The relations of every table that has any, by table name, in a fixed order: by declaration of the keys for
 * `belongsTo`, by name of the referring or joining table for the others.
 *
 * @param naming how the names are spelled; columns take names away as they are spelled themselves.
 * @example
 * findRelations(tables).get('posts') // [{ kind: 'belongsTo', name: 'author', table: 'users', … }]
 */
export function findRelations(
  tables: readonly TableFacts[],
  naming: Naming = 'stored',
): ReadonlyMap<string, readonly RelationInfo[]> {
  const spell = (name: string): string => propertyName(name, naming)
  const links = linksBetween(tables)
  const outgoing = Map.groupBy(links, ({ from }) => from.name)
  const incoming = Map.groupBy(links, ({ to }) => to.name)
  const joins = Map.groupBy(
    [...outgoing.values()].flatMap((keys) => joinsAmong(keys)),
    ([ours]) => ours.to.name,
  )

  const relations = new Map<string, RelationInfo[]>()
  for (const table of tables) {
    const sorts: Claim[][] = [
      (outgoing.get(table.name) ?? []).map(belongsTo),
      (incoming.get(table.name) ?? []).map(hasOneOrMany),
      (joins.get(table.name) ?? []).map(manyToMany),
    ]
    const taken = new Set(table.columns.map(({ name }) => foldName(spell(name))))
    const spelled = (claim: Claim): Claim => ({ ...claim, names: claim.names.map(spell) })
    const named = sorts.flatMap((claims) => settle(claims.map(spelled), taken))
    if (named.length > 0) relations.set(table.name, named)
  }
  return relations
}

/** Keys declared twice count once: the relation is the same. */
function linksBetween(tables: readonly TableFacts[]): Link[] {
  const byName = new Map(tables.map((table) => [table.name, table]))
  return tables.flatMap((from) => {
    const seen = new Set<string>()
    return from.foreignKeys.flatMap((key) => {
      const to = byName.get(key.referencedTable)
      const identity = JSON.stringify([key.columns, key.referencedTable, key.referencedColumns])
      if (to === undefined || key.referencedColumns.length === 0 || seen.has(identity)) return []
      seen.add(identity)
      return { from, to, key }
    })
  })
}

function belongsTo({ to, key }: Link): Claim {
  const stem = withoutSuffix(key.columns)
  const others = [to.name, `${to.name}_by_${key.columns.join('_')}`] as const
  return {
    relation: {
      kind: 'belongsTo',
      name: '',
      columns: key.columns,
      table: to.name,
      referencedColumns: key.referencedColumns,
    },
    names: stem === null ? others : [stem, ...others],
  }
}

function hasOneOrMany({ from, key }: Link): Claim {
  return {
    relation: {
      kind: uniqueKeys(from).some((unique) => isSubset(unique, key.columns)) ? 'hasOne' : 'hasMany',
      name: '',
      columns: key.referencedColumns,
      table: from.name,
      referencedColumns: key.columns,
    },
    names: [from.name, `${from.name}_by_${stemOf(key.columns)}`, `${from.name}_by_${key.columns.join('_')}`],
  }
}

function manyToMany([ours, theirs]: readonly [Link, Link]): Claim {
  const other = theirs.to.name
  const through = `${other}_through_${ours.from.name}`
  const by = `_by_${stemOf(ours.key.columns)}`
  const toOneTable = ours.to === theirs.to
  return {
    relation: {
      kind: 'manyToMany',
      name: '',
      columns: ours.key.referencedColumns,
      table: other,
      referencedColumns: theirs.key.referencedColumns,
      through: { table: ours.from.name, columns: ours.key.columns, otherColumns: theirs.key.columns },
    },
    names: toOneTable ? [other, other + by, through + by] : [other, through, through + by],
  }
}

/**
 * The pairs of keys that make a table a join table, each seen from both sides: together they are exactly the primary
 * key or a unique key of it. They may share columns (a tenant, say) but neither may contain the other.
 */
function joinsAmong(keys: readonly Link[]): (readonly [ours: Link, theirs: Link])[] {
  const [first] = keys
  if (first === undefined) return []
  const unique = uniqueKeys(first.from)
  return keys.flatMap((a, index) =>
    keys.slice(index + 1).flatMap((b) => {
      const [ours, theirs] = [a.key.columns, b.key.columns]
      if (isSubset(ours, theirs) || isSubset(theirs, ours)) return []
      const both = [...ours, ...theirs]
      const joins = unique.some((columns) => isSubset(columns, both) && isSubset(both, columns))
      return joins ? [[a, b] as const, [b, a] as const] : []
    }),
  )
}

/** Column sets that no two rows share: the primary key, and unique indexes without WHERE and without expressions. */
function uniqueKeys(table: TableFacts): string[][] {
  const indexes = table.indexes
    .filter(({ unique, partial, columns }) => unique && !partial && columns.every(({ name }) => name !== null))
    .map(({ columns }) => columns.flatMap(({ name }) => name ?? []))
  return table.primaryKey.length === 0 ? indexes : [[...table.primaryKey], ...indexes]
}

function isSubset(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((name) => outer.includes(name))
}

/** `author` for `author_id`, `authorId`, `authorID`; `null` where there is no such ending, or nothing before it. */
function withoutSuffix(columns: readonly string[]): string | null {
  const [column, ...more] = columns
  if (column === undefined || more.length > 0) return null
  return /^(.+)_id$/isu.exec(column)?.[1] ?? /^(.*[\p{Ll}\p{N}])I[dD]$/su.exec(column)?.[1] ?? null
}

function stemOf(columns: readonly string[]): string {
  return withoutSuffix(columns) ?? columns.join('_')
}

/** Gives each claim its name and marks it as taken. Keeps the order of the claims. */
function settle(claims: readonly Claim[], taken: Set<string>): RelationInfo[] {
  const names = new Map<Claim, string>()
  const take = (claim: Claim, name: string): void => {
    names.set(claim, name)
    taken.add(foldName(name))
  }

  let waiting = claims
  for (let round = 0; round < MOST_NAMES; round++) {
    const rivals = Map.groupBy(waiting, ({ names }) => foldName(names[round] ?? ''))
    for (const [wanted, [claim, ...others]] of rivals) {
      const name = claim?.names[round]
      if (claim !== undefined && name && others.length === 0 && !taken.has(wanted)) take(claim, name)
    }
    waiting = waiting.filter((claim) => !names.has(claim))
  }
  for (const claim of waiting) {
    const last = claim.names.at(-1) ?? ''
    let number = 2
    while (taken.has(foldName(`${last}_${number}`))) number++
    take(claim, `${last}_${number}`)
  }

  return claims.map((claim) => ({ ...claim.relation, name: names.get(claim) ?? '' }))
}

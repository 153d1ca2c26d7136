/** Relations by name, as `findWithRelations` and `loadRelationships` take them: `['artist', 'comments.user']`. */
import { isPlainObject } from '../json-text.ts'
import { refuse } from '../refusals.ts'
import { nameOf } from '../row-key.ts'

interface Tree {
  [name: string]: { with: Tree }
}

/**
 * The same as a `with`. An object is one already. A relation whose name has a dot in it can only be written as an object.
 *
 * @throws ValidationError for anything else.
 */
export function relationPaths(relations: unknown): Record<string, unknown> {
  if (isPlainObject(relations)) return relations
  if (!Array.isArray(relations)) {
    throw refuse('relations', `must be an array of names or an object as in with, got ${nameOf(relations)}`)
  }
  const tree: Tree = Object.create(null)
  for (const [index, path] of (relations as unknown[]).entries()) {
    if (typeof path !== 'string')
      throw refuse(`relations[${index}]`, `must be the name of a relation, got ${nameOf(path)}`)
    let level = tree
    for (const name of path.split('.')) {
      level[name] ??= { with: Object.create(null) }
      level = level[name].with
    }
  }
  return tree
}

/** `with` and `withCount` as a tree: every name looked up, every option checked, nothing compiled yet. */
import { checkOptions, selectedColumns, wholeNumber } from '../find-options.ts'
import { isPlainObject } from '../json-text.ts'
import { refuse } from '../refusals.ts'
import type { ColumnModel } from '../row-decoder.ts'
import { nameOf } from '../row-key.ts'
import type { Relation, TableModel } from '../table-model.ts'

/** How deep relations may be nested: more is a circle, or a result nobody can hold. */
export const MOST_DEPTH = 12
/** Relations in one call: SQLite joins at most 64 tables. */
export const MOST_RELATIONS = 48

/** Rows of one table that are to be loaded, with what is to be loaded for each. */
export interface LoadNode {
  readonly model: TableModel
  readonly columns: readonly ColumnModel[]
  readonly counts: readonly CountNode[]
  readonly relations: readonly RelatedNode[]
}

export interface RelatedNode extends LoadNode {
  readonly relation: Relation
  readonly path: string
  /** `where`, `orderBy` and `orderDirection` of a relation to many. */
  readonly options: Record<string, unknown>
  /** Rows at most for each row that they belong to; `null`: all. */
  readonly limit: number | null
  readonly offset: number
}

export interface CountNode {
  /** The property that it becomes. */
  readonly name: string
  readonly relation: Relation
  readonly where: unknown
  readonly path: string
}

const ONE_OPTIONS = ['select', 'with', 'withCount']
const MANY_OPTIONS = ['where', 'orderBy', 'orderDirection', 'limit', 'offset', ...ONE_OPTIONS]
const ANY_NUMBER = { min: 0, max: Number.MAX_SAFE_INTEGER }

/** Whether these options ask for more than the row itself. */
export function asksForRelations({ with: related, withCount }: Record<string, unknown>): boolean {
  return related !== undefined || withCount !== undefined
}

/**
 * @throws RelationshipNotFoundError for an unknown name.
 * @throws ValidationError for options that a relation does not have, too many relations, and too deep a tree.
 */
export function readTree(model: TableModel, options: Record<string, unknown>): LoadNode {
  return new TreeReader().node(model, options, { path: '', depth: 0 })
}

interface Place {
  /** Ends with a dot, unless it is empty. */
  readonly path: string
  readonly depth: number
}

class TreeReader {
  #relations = 0

  node(model: TableModel, options: Record<string, unknown>, place: Place): LoadNode {
    const node = {
      model,
      columns: selectedColumns(model, options.select, `${place.path}select`),
      counts: this.#counts(model, options.withCount, `${place.path}withCount`),
      relations: this.#related(model, options.with, { ...place, path: `${place.path}with` }),
    }
    for (const { name, path } of node.counts) {
      if (model.has(name) || model.relations.has(name)) {
        throw refuse(path, `would be the property "${name}", which the table has already`, 'Count with count({ … }).')
      }
    }
    return node
  }

  #related(model: TableModel, related: unknown, { path, depth }: Place): RelatedNode[] {
    if (related === undefined) return []
    if (!isPlainObject(related)) throw refuse(path, `must be an object of relations, got ${nameOf(related)}`)
    const nodes = new Map<Relation, RelatedNode>()
    for (const name of Object.keys(related)) {
      const relation = model.relations.get(name)
      const wanted = related[name]
      const at = `${path}.${name}`
      if (wanted === false || wanted === undefined) continue
      if (nodes.has(relation)) throw refuse(at, 'is the same relation as another name beside it')
      if (depth >= MOST_DEPTH) throw refuse(at, `is nested deeper than ${MOST_DEPTH} relations`)
      this.#count(at)
      nodes.set(relation, this.#relatedNode(relation, wanted, { path: at, depth: depth + 1 }))
    }
    return [...nodes.values()]
  }

  #relatedNode(relation: Relation, wanted: unknown, { path, depth }: Place): RelatedNode {
    if (wanted !== true && !isPlainObject(wanted)) {
      throw refuse(path, `must be true, false or an object of options, got ${nameOf(wanted)}`)
    }
    const given = wanted === true ? {} : wanted
    const misplaced = relation.many ? undefined : Object.keys(given).find((key) => isOnlyOfMany(key))
    if (misplaced !== undefined) {
      throw refuse(path, `brings one row, so it has no "${misplaced}"`, `Options: ${ONE_OPTIONS.join(', ')}.`)
    }
    const options = checkOptions(relation.target, path, given, relation.many ? MANY_OPTIONS : ONE_OPTIONS)
    return {
      ...this.node(relation.target, options, { path: `${path}.`, depth }),
      relation,
      path,
      options,
      limit:
        options.limit === undefined
          ? null
          : wholeNumber(options.limit, { name: `${path}.limit`, ...ANY_NUMBER, fallback: 0 }),
      offset: wholeNumber(options.offset, { name: `${path}.offset`, ...ANY_NUMBER, fallback: 0 }),
    }
  }

  #counts(model: TableModel, counts: unknown, path: string): CountNode[] {
    if (counts === undefined) return []
    const nodes = new Map<Relation, CountNode>()
    for (const [name, wanted, at] of countEntries(counts, path)) {
      const relation = model.relations.get(name)
      if (wanted === false || wanted === undefined) continue
      if (nodes.has(relation)) throw refuse(at, 'is the same relation as another name beside it')
      if (wanted !== true && !isPlainObject(wanted)) {
        throw refuse(at, `must be true, false or { where }, got ${nameOf(wanted)}`)
      }
      const { where } = wanted === true ? {} : checkOptions(relation.target, at, wanted, ['where'])
      this.#count(at)
      nodes.set(relation, { name: `${relation.name}Count`, relation, where, path: at })
    }
    return [...nodes.values()]
  }

  #count(path: string): void {
    if (++this.#relations > MOST_RELATIONS) throw refuse(path, `is one of more than ${MOST_RELATIONS} relations`)
  }
}

/** Name, options and path of each, from `['comments']` or `{ comments: true }`. */
function countEntries(counts: unknown, path: string): (readonly [name: string, wanted: unknown, path: string])[] {
  if (isPlainObject(counts)) return Object.keys(counts).map((name) => [name, counts[name], `${path}.${name}`])
  if (!Array.isArray(counts)) throw refuse(path, `must be an array or an object of relations, got ${nameOf(counts)}`)
  return counts.map((name: unknown, index) => {
    const at = `${path}[${index}]`
    if (typeof name !== 'string') throw refuse(at, `must be the name of a relation, got ${nameOf(name)}`)
    return [name, true, at]
  })
}

function isOnlyOfMany(option: string): boolean {
  return MANY_OPTIONS.includes(option) && !ONE_OPTIONS.includes(option)
}

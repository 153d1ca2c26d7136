/** One SELECT of a load while it is being compiled: a table inside, and around it the one row of each relation joined to it. */
import type { SqlValue } from '../../sqlite/values.ts'
import type { ColumnModel } from '../row-decoder.ts'
import type { Relation, TableModel } from '../table-model.ts'
import { compileWhere } from '../where.ts'
import type { Fragment } from './fragment.ts'
import { membership } from './membership.ts'
import type { CountNode, RelatedNode } from './read-tree.ts'

/** How the rows of one table are called in a segment. */
export interface Place {
  readonly column: (column: ColumnModel) => string
  /** Takes up a number of related rows and returns its place among the values that are shown. */
  readonly count: (count: CountNode) => number
}

/** A relation to many: a segment of its own. */
export interface Below {
  readonly node: RelatedNode
  readonly number: number
  /** The names of the keys that its rows are found by. */
  readonly keys: readonly string[]
}

export class Segment {
  readonly number: number
  readonly below: Below[] = []
  /** Values that are returned, and those that only the segments below need. */
  readonly shown = new Items('§')
  readonly keys = new Items('§k')
  readonly #base = new Items('§')
  #joins = ''
  #joined = 0

  constructor(number: number) {
    this.number = number
  }

  /** The segment's own table. Counts stand in the innermost SELECT, where the table has its own name. */
  own({ sql }: TableModel): Place {
    return {
      column: (column) => this.#inner(this.#base.add(column.sql)),
      count: (count) => this.showInner(countSql(count, sql)),
    }
  }

  /** Shows a value that the innermost SELECT gives. */
  showInner(fragment: Fragment): number {
    return this.shown.add(this.#inner(this.#base.addBinding(fragment)))
  }

  /** Joins the one row of a relation; `there` is shown as 1 where there is one. */
  join(relation: Relation, from: Place): { readonly place: Place; readonly there: number } {
    const alias = `§j${this.#joined++}`
    const ours = relation.columns.map((column) => from.column(column))
    const belongs = membership(relation, (index) => ours[index] as string, `${alias}.`)
    this.#joins += ` LEFT JOIN ${relation.target.sql} AS ${alias} ON ${belongs}`
    const place: Place = {
      column: (column) => `${alias}.${column.sql}`,
      count: (count) => this.shown.addBinding(countSql(count, alias)),
    }
    return { place, there: this.shown.add(`${alias}.${relation.targetColumns[0]?.sql} IS NOT NULL`) }
  }

  /** The SELECT as a whole; `parent` is the number of the row that a row belongs to. */
  source(parent: string, tail: Fragment): Fragment {
    const inner = [`${parent} AS §p`, ...this.#base.list()].join(', ')
    const outer = ['§p', ...this.shown.list(), ...this.keys.list()].join(', ')
    const number = this.below.length > 0 ? 'row_number() OVER () AS §n, ' : ''
    return {
      sql: `SELECT ${number}${outer} FROM (SELECT ${inner}${tail.sql}) AS §b${this.#joins}`,
      parameters: [...this.shown.parameters, ...this.#base.parameters, ...tail.parameters],
    }
  }

  #inner(place: number): string {
    return `§b.${this.#base.name(place)}`
  }
}

/** Expressions under numbered names. */
class Items {
  readonly #prefix: string
  readonly #expressions: string[] = []
  readonly #places = new Map<string, number>()
  readonly parameters: SqlValue[] = []

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** The place of an expression that binds nothing; the same for the same text. */
  add(expression: string): number {
    const place = this.#places.get(expression) ?? this.#expressions.push(expression) - 1
    this.#places.set(expression, place)
    return place
  }

  addBinding({ sql, parameters }: Fragment): number {
    this.parameters.push(...parameters)
    return this.#expressions.push(sql) - 1
  }

  name(place: number): string {
    return `${this.#prefix}${place}`
  }

  names(): string[] {
    return this.#expressions.map((_, place) => this.name(place))
  }

  list(): string[] {
    return this.#expressions.map((expression, place) => `${expression} AS ${this.name(place)}`)
  }
}

function countSql({ relation, where, path }: CountNode, ours: string): Fragment {
  const parameters: SqlValue[] = []
  const alias = '§f0'
  const belongs = membership(relation, (index) => `${ours}.${relation.columns[index]?.sql}`)
  const condition =
    where === undefined ? null : compileWhere({ model: relation.target, parameters, alias }, where, `${path}.where`)
  const also = condition === null ? '' : ` AND (${condition})`
  return { sql: `(SELECT count(*) FROM ${relation.target.sql} AS ${alias} WHERE ${belongs}${also})`, parameters }
}

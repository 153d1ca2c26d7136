/**
 * A tree of rows as one SELECT: one point in time, one trip, and values that SQLite hands over as they are stored.
 *
 * A relation to one row is a LEFT JOIN. Each relation to many is a *segment*: a SELECT of its own in one UNION ALL, whose
 * rows say by number which row they belong to.
 *
 *     WITH "§0" AS MATERIALIZED (SELECT row_number() OVER () AS "§n", NULL AS "§p", … FROM (works …) LEFT JOIN artists …)
 *     SELECT 0 AS s, "§p" AS p, "§n" AS n, … FROM "§0"
 *     UNION ALL
 *     SELECT 1, "§p", NULL, … FROM (SELECT "§0"."§n" AS "§p", … FROM "§0" CROSS JOIN comments WHERE …)
 *
 * Keys stay in SQL, so they need no place in the rows and compare as foreign keys do. CROSS JOIN makes SQLite begin with
 * the rows that are known (https://sqlite.org/optoverview.html#crossjoin). An ORDER BY inside has a LIMIT, without which
 * SQLite leaves it out where the text around it does not need it.
 */
import type { CallLimits, Row, Statement } from '../../engine/types.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { limitSql } from '../find-options.ts'
import { refuse } from '../operators.ts'
import { orderBySql, parseOrderBy } from '../order-by.ts'
import type { ColumnModel } from '../row-decoder.ts'
import { rowidName, type TableModel } from '../table-model.ts'
import { compileWhere } from '../where.ts'
import { assembleRows, type Loaded, type Slot } from './assemble-rows.ts'
import { membership } from './membership.ts'
import type { CountNode, LoadNode, RelatedNode } from './read-tree.ts'
import type { RelationModel } from './relation-model.ts'

/** A piece of SQL with what it binds. */
interface Fragment {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

/** The rows that all begins with. */
export interface Root {
  readonly node: LoadNode
  /** Everything from FROM on, its order included; the table is called by its own name there. */
  readonly tail: Fragment
  /** One more value for each row. */
  readonly extra?: Fragment
}

/** A SELECT, how its rows become objects, and how the engine may run it. */
export interface LoadSelection {
  readonly statement: Statement
  readonly read: CallLimits | undefined
  readonly assemble: (rows: readonly Row[]) => Promise<Loaded>
}

export function compileLoad(root: Root, read: CallLimits | undefined): LoadSelection {
  const compiler = new LoadCompiler()
  compiler.root(root)
  const { statement, slots } = compiler.finish()
  return { statement, read, assemble: (rows) => assembleRows(rows, slots) }
}

/** How the rows of one table are called in a segment. */
interface Place {
  readonly column: (column: ColumnModel) => string
  /** Takes up a number of related rows and returns its place among the values that are shown. */
  readonly count: (count: CountNode) => number
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

  get size(): number {
    return this.#expressions.length
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
    return `"${this.#prefix}${place}"`
  }

  list(): string[] {
    return this.#expressions.map((expression, place) => `${expression} AS ${this.name(place)}`)
  }
}

/** A relation to many of a segment: a segment of its own. */
interface Below {
  readonly node: RelatedNode
  readonly number: number
  /** The names of the keys that its rows are found by. */
  readonly keys: readonly string[]
}

/** A SELECT while it is being compiled: the table itself inside, what is joined to it around. */
class Segment {
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

  get numbered(): boolean {
    return this.below.length > 0
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
  join(relation: RelationModel, from: Place): { readonly place: Place; readonly there: number } {
    const alias = `"§j${this.#joined++}"`
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
    const inner = [`${parent} AS "§p"`, ...this.#base.list()].join(', ')
    const outer = ['"§p"', ...this.shown.list(), ...this.keys.list()].join(', ')
    const number = this.numbered ? 'row_number() OVER () AS "§n", ' : ''
    return {
      sql: `SELECT ${number}${outer} FROM (SELECT ${inner}${tail.sql}) AS "§b"${this.#joins}`,
      parameters: [...this.shown.parameters, ...this.#base.parameters, ...tail.parameters],
    }
  }

  #inner(place: number): string {
    return `"§b".${this.#base.name(place)}`
  }
}

/** One SELECT of the UNION ALL. */
interface Arm {
  readonly number: number
  readonly numbered: boolean
  readonly shown: number
  readonly from: Fragment
}

class LoadCompiler {
  readonly #ctes: Fragment[] = []
  readonly #arms: Arm[] = []
  readonly #slots: Slot[] = []

  root({ node, tail, extra }: Root): void {
    const segment = new Segment(this.#next())
    const slot = this.#slot(segment, node, segment.own(node.model))
    this.#slots[0] = extra === undefined ? slot : { ...slot, extra: keyOf(segment.showInner(extra)) }
    this.#close(segment, 'NULL', tail)
  }

  finish(): { readonly statement: Statement; readonly slots: readonly Slot[] } {
    const width = Math.max(...this.#arms.map(({ shown }) => shown))
    const ctes = join(this.#ctes, ', ')
    const arms = join(
      this.#arms.map((arm, index) => armFragment(arm, { width, named: index === 0 })),
      ' UNION ALL ',
    )
    const sql = this.#ctes.length === 0 ? arms.sql : `WITH ${ctes.sql} ${arms.sql}`
    return { statement: { sql, parameters: [...ctes.parameters, ...arms.parameters] }, slots: this.#slots }
  }

  #next(): number {
    return this.#slots.push(EMPTY_SLOT) - 1
  }

  /** Takes up what is wanted of one table of a segment, and of all that hangs on it. */
  #slot(segment: Segment, node: LoadNode, place: Place): Slot {
    const columns = node.columns.map((column) => {
      const key = keyOf(segment.shown.add(place.column(column)))
      return { name: column.name, key, decode: column.codec.decode }
    })
    const counts = node.counts.map((count) => ({ name: count.name, key: keyOf(place.count(count)) }))
    const ones: Slot['ones'][number][] = []
    const manys: Slot['manys'][number][] = []
    for (const child of node.relations) {
      const { relation } = child
      if (relation.joinable) {
        const { place: joined, there } = segment.join(relation, place)
        ones.push({ name: relation.name, there: keyOf(there), slot: this.#slot(segment, child, joined) })
      } else {
        const keys = relation.columns.map((column) => segment.keys.name(segment.keys.add(place.column(column))))
        const number = this.#next()
        segment.below.push({ node: child, number, keys })
        manys.push({ name: relation.name, segment: number, single: !relation.many })
      }
    }
    return { columns, counts, ones, manys, extra: null }
  }

  #close(segment: Segment, parent: string, tail: Fragment): void {
    const { number, numbered, shown, below } = segment
    const source = segment.source(parent, tail)
    const rows = `"§${number}"`
    if (numbered) this.#ctes.push({ sql: `${rows} AS MATERIALIZED (${source.sql})`, parameters: source.parameters })
    const from = numbered ? { sql: rows, parameters: [] } : { sql: `(${source.sql})`, parameters: source.parameters }
    this.#arms.push({ number, numbered, shown: shown.size, from })
    for (const one of below) this.#below(one, rows)
  }

  #below({ node, number, keys }: Below, parents: string): void {
    const segment = new Segment(number)
    this.#slots[number] = this.#slot(segment, node, segment.own(node.model))
    const belongs = membership(node.relation, (index) => `${parents}.${keys[index]}`)
    this.#close(segment, `${parents}."§n"`, relatedTail(node, parents, belongs))
  }
}

const EMPTY_SLOT: Slot = { columns: [], counts: [], ones: [], manys: [], extra: null }

/** The property of a row in which a value is returned. */
function keyOf(place: number): string {
  return `c${place}`
}

function countSql({ relation, where, path }: CountNode, ours: string): Fragment {
  const parameters: SqlValue[] = []
  const belongs = membership(relation, (index) => `${ours}.${relation.columns[index]?.sql}`)
  const binding = { model: relation.target, parameters, alias: '"§f0"' }
  const condition = where === undefined ? null : compileWhere(binding, where, `${path}.where`)
  const also = condition === null ? '' : ` AND (${condition})`
  return { sql: `(SELECT count(*) FROM ${relation.target.sql} AS "§f0" WHERE ${belongs}${also})`, parameters }
}

/** The rows that belong to those of `parents`; with a limit, as many for each of them. */
function relatedTail(node: RelatedNode, parents: string, belongs: string): Fragment {
  const { model, options, path, limit, offset } = node
  const parameters: SqlValue[] = []
  const where = options.where === undefined ? null : compileWhere({ model, parameters }, options.where, `${path}.where`)
  const matches = where === null ? belongs : `${belongs} AND (${where})`
  const ordered = options.orderBy !== undefined || options.orderDirection !== undefined
  const terms = ordered ? parseOrderBy(model, options.orderBy, options.orderDirection) : []
  const cut = limit !== null || offset > 0
  const order = orderBySql(model, { terms, total: cut })
  const from = ` FROM ${parents} CROSS JOIN ${model.sql} WHERE `
  const last = order === '' ? '' : `${order} LIMIT -1`
  if (!cut) return { sql: `${from}${matches}${last}`, parameters }

  const { here, there } = rowIdentity(model, path)
  const chosen = `SELECT ${there} FROM ${model.sql} WHERE ${matches}${order}${limitSql(limit, offset, parameters)}`
  return { sql: `${from}${here} IN (${chosen})${last}`, parameters }
}

/** What tells rows of a table apart, as seen beside other tables and alone. */
function rowIdentity(model: TableModel, path: string): { readonly here: string; readonly there: string } {
  const rowid = model.table.withoutRowid ? null : rowidName(model.table)
  const parts = rowid !== null ? [rowid] : model.key.map(({ sql }) => sql)
  if (parts.length === 0) throw refuse(path, 'cannot have a limit: nothing tells the rows of the table apart')
  const here = parts.map((part) => `${model.sql}.${part}`).join(', ')
  return { here: parts.length === 1 ? here : `(${here})`, there: parts.join(', ') }
}

/** `named`: the first SELECT of a UNION names the columns of all. */
function armFragment(
  { number, numbered, shown, from }: Arm,
  { width, named }: { readonly width: number; readonly named: boolean },
): Fragment {
  const as = (name: string): string => (named ? ` AS ${name}` : '')
  const values = [`${number}${as('s')}`, `"§p"${as('p')}`, `${numbered ? '"§n"' : 'NULL'}${as('n')}`]
  for (let place = 0; place < width; place++) {
    values.push(`${place < shown ? `"§${place}"` : 'NULL'}${as(keyOf(place))}`)
  }
  return { sql: `SELECT ${values.join(', ')} FROM ${from.sql}`, parameters: from.parameters }
}

function join(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    sql: fragments.map(({ sql }) => sql).join(separator),
    parameters: fragments.flatMap(({ parameters }) => parameters),
  }
}

/**
 * A tree of rows as one SELECT: one point in time, one trip, and values that SQLite hands over as they are stored.
 *
 * A relation to one row is a LEFT JOIN. Each relation to many is a *segment*: a SELECT of its own in one UNION ALL, whose
 * rows say by number which row they belong to.
 *
 *     WITH §0 AS MATERIALIZED (SELECT row_number() OVER () AS §n, … FROM (works …) LEFT JOIN artists …)
 *     SELECT §n * 2 + 0 AS k, … FROM §0
 *     UNION ALL
 *     SELECT §p * 2 + 1, … FROM (SELECT §0.§n AS §p, … FROM §0 CROSS JOIN comments WHERE …)
 *
 * Keys stay in SQL, so they need no place in the rows and compare as foreign keys do. CROSS JOIN makes SQLite begin with
 * the rows that are known (https://sqlite.org/optoverview.html#crossjoin). An ORDER BY inside has a LIMIT, without which
 * SQLite leaves it out where the text around it does not need it.
 *
 * Rejected: JSON aggregation, which rounds integers and reals and has no bytes; a statement a level inside a snapshot, which
 * takes a trip to a thread for each.
 */
import type { CallLimits, Row, Statement } from '../../engine/types.ts'
import { type Arm, armsOf, armsSql, type Source, widthOf } from './arms.ts'
import { assembleRows, type Field, type Loaded, type Slot } from './assemble-rows.ts'
import { type Fragment, joinFragments } from './fragment.ts'
import { membership } from './membership.ts'
import type { LoadNode } from './read-tree.ts'
import { relatedTail } from './related-tail.ts'
import { type Below, type Place, Segment } from './segment.ts'

/** The rows that all begins with. */
export interface Root {
  readonly node: LoadNode
  /** Everything from FROM on, with a LIMIT if it has an order; the table is called by its own name there. */
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
  return new LoadCompiler().compile(root, read)
}

const EMPTY_SLOT: Slot = { columns: [], counts: [], ones: [], manys: [], parent: null }

class LoadCompiler {
  readonly #ctes: Fragment[] = []
  readonly #sources: Source[] = []
  readonly #slots: Slot[] = []

  compile({ node, tail, extra }: Root, read: CallLimits | undefined): LoadSelection {
    const segment = new Segment(this.#next())
    this.#slots[0] = this.#slot(segment, node, segment.own(node.model))
    const extraField: Field | null = extra === undefined ? null : { place: segment.showInner(extra) }
    this.#close(segment, 'NULL', tail)

    const width = widthOf(this.#sources)
    const arms: readonly Arm[] = this.#sources.flatMap((source) => armsOf(source, width))
    const ctes = joinFragments(this.#ctes, ', ')
    const union = armsSql(arms, width)
    const sql = this.#ctes.length === 0 ? union.sql : `WITH ${ctes.sql} ${union.sql}`
    const layout = { arms, width, slots: this.#slots, extra: extraField }
    return {
      statement: { sql, parameters: [...ctes.parameters, ...union.parameters] },
      read,
      assemble: (rows) => assembleRows(rows, layout),
    }
  }

  #next(): number {
    return this.#slots.push(EMPTY_SLOT) - 1
  }

  /** Takes up what is wanted of one table of a segment, and of all that hangs on it. */
  #slot(segment: Segment, node: LoadNode, place: Place): Slot {
    const columns = node.columns.map((column) => ({
      name: column.name,
      place: segment.shown.add(place.column(column)),
      decode: column.codec.decode,
    }))
    const counts = node.counts.map((count) => ({ name: count.name, place: place.count(count) }))
    const ones: Slot['ones'][number][] = []
    const manys: Slot['manys'][number][] = []
    for (const child of node.relations) {
      const { relation } = child
      if (relation.joinable) {
        const { place: joined, there } = segment.join(relation, place)
        ones.push({ name: relation.name, place: there, slot: this.#slot(segment, child, joined) })
      } else {
        const keys = relation.columns.map((column) => segment.keys.name(segment.keys.add(place.column(column))))
        const number = this.#next()
        segment.below.push({ node: child, number, keys })
        manys.push({ name: relation.name, segment: number, single: !relation.many })
      }
    }
    return { columns, counts, ones, manys, parent: null }
  }

  #close(segment: Segment, parent: string, tail: Fragment): void {
    const { number, shown, below } = segment
    const kept = below.length > 0
    const source = segment.source(parent, tail)
    const rows = `§${number}`
    if (kept) this.#ctes.push({ sql: `${rows} AS MATERIALIZED (${source.sql})`, parameters: source.parameters })
    const from = kept ? { sql: rows, parameters: [] } : { ...source, sql: `(${source.sql})` }
    const values = shown.names()
    if (kept && number > 0) {
      // Rows that are kept are told by their own number.
      this.#slots[number] = { ...(this.#slots[number] as Slot), parent: values.length }
      values.push('§p')
    }
    this.#sources.push({ number, from, values, kept })
    for (const one of below) this.#below(one, rows)
  }

  #below({ node, number, keys }: Below, parents: string): void {
    const segment = new Segment(number)
    this.#slots[number] = this.#slot(segment, node, segment.own(node.model))
    const belongs = membership(node.relation, (index) => `${parents}.${keys[index]}`)
    this.#close(segment, `${parents}.§n`, relatedTail(node, parents, belongs))
  }
}

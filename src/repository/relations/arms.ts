/**
 * The SELECTs of the UNION ALL that a load is. All have the same number of columns, and each value costs, NULLs too: so
 * the width is that of the segments with the most rows, those at the ends of the tree, and a segment above them that is
 * wider is returned in several *parts*, one SELECT each.
 */
import { type Fragment, joinFragments } from './fragment.ts'

/** Narrower rows cost more by their number than they save. */
const LEAST_WIDTH = 8
/** SQLite unites at most 500 SELECTs (https://sqlite.org/limits.html#max_compound_select). */
const MOST_PARTS = 8

/** A segment whose SQL is known. */
export interface Source {
  readonly number: number
  /** What is selected from: the SELECT itself, or the name under which its rows are kept for the segments below. */
  readonly from: Fragment
  /** The names of the values that are returned. */
  readonly values: readonly string[]
  /** Its rows are numbered, for the segments below. */
  readonly kept: boolean
}

export interface Arm {
  readonly segment: number
  readonly part: number
  /** After the last part of a row the row is complete. */
  readonly last: boolean
  readonly kept: boolean
  readonly values: readonly string[]
  readonly from: Fragment
}

export function widthOf(sources: readonly Source[]): number {
  const ends = Math.max(...sources.filter(({ kept }) => !kept).map(({ values }) => values.length))
  const widest = Math.max(...sources.map(({ values }) => values.length))
  return Math.min(widest, Math.max(ends, LEAST_WIDTH, Math.ceil(widest / MOST_PARTS)))
}

export function armsOf({ number, from, values, kept }: Source, width: number): Arm[] {
  const parts = Math.max(1, Math.ceil(values.length / width))
  return Array.from({ length: parts }, (_, part) => ({
    segment: number,
    part,
    last: part === parts - 1,
    kept,
    values: values.slice(part * width, (part + 1) * width),
    from,
  }))
}

/**
 * `k` says which arm a row is of, and which row it is, where it is kept, or which it belongs to: number × arms + arm. No
 * row is told by its place in the result: without an ORDER BY SQLite may return a SELECT in any order.
 */
export function armsSql(arms: readonly Arm[], width: number): Fragment {
  const [only, ...others] = arms
  if (only !== undefined && others.length === 0) return armSql(only, { code: null, width, named: true })
  const fragments = arms.map((arm, index) => {
    const code = `${arm.kept ? '§n' : '§p'} * ${arms.length} + ${index}`
    return armSql(arm, { code, width, named: index === 0 })
  })
  return joinFragments(fragments, ' UNION ALL ')
}

interface ArmShape {
  /** `null`: there is one arm only. */
  readonly code: string | null
  readonly width: number
  /** The first SELECT of a UNION names the columns of all. */
  readonly named: boolean
}

function armSql({ values, from }: Arm, { code, width, named }: ArmShape): Fragment {
  const list = code === null ? [] : [named ? `${code} AS k` : code]
  for (let place = 0; place < width; place++) {
    const value = values[place] ?? 'NULL'
    list.push(named ? `${value} AS ${keyOf(place)}` : value)
  }
  return { sql: `SELECT ${list.join(', ')} FROM ${from.sql}`, parameters: from.parameters }
}

/** The property of a row in which a value is returned. */
export function keyOf(place: number): string {
  return `c${place}`
}

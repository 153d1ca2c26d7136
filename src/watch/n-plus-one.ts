/**
 * Finds the place in the code that asks the same thing again and again, each time with another value, where one query
 * would do: N reads for the N rows of a list, beside the one that read the list.
 *
 * Counted are reads that look rows up, with the same fingerprint, in one flow, with less than a second between two of
 * them, each with other values. When there are enough of them it is looked up where they were called, and those from one place are counted
 * together. Writes, batches and streams are not counted, nor what the package does for itself.
 */
import type { Origin } from '../engine/thread/origin.ts'
import { fingerprint, looksUp } from '../sqlite/fingerprint.ts'
import type { Call, Flow } from './flow.ts'
import type { NPlusOneEvent } from './types.ts'

/**
 * What is further apart (ms), from an answer to the next call, is no loop over a list: a worker that takes one piece of work
 * after another, a timer.
 */
const LONGEST_GAP_MS = 1_000
/** Statements of one flow that are counted at a time. */
const MOST_STATEMENTS = 100

export interface Read {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** How many it returned. */
  readonly rows: number
  readonly call: Call
  readonly startMs: number
  readonly endMs: number
}

/** What is to be told of; the suggestion is made from it. */
export type Finding = Omit<NPlusOneEvent, 'suggestion'> & {
  /** The last read before them that returned several rows: most likely the list. */
  readonly list: string | null
}

interface Tally {
  /** Whether it is a read of the kind that is counted. */
  readonly counts: boolean
  lastMs: number
  /** Values seen so far, up to the threshold; from there on, those of the last read. */
  readonly values: Set<string>
  /** Calls whose place has not been looked up: taking one down is cheap, reading it is not. */
  readonly origins: Origin[]
  readonly places: Map<string, { count: number; told: number }>
  readonly list: string | null
}

interface FlowRecord {
  readonly tallies: Map<string, Tally>
  list: string | null
}

export class NPlusOneDetector {
  readonly #threshold: number
  readonly #flows = new WeakMap<Flow, FlowRecord>()

  constructor(threshold: number) {
    this.#threshold = threshold
  }

  /** Takes down a read that was answered; returns what has come to light with it, mostly nothing. */
  record({ sql, parameters, rows, call, startMs, endMs }: Read): Finding | null {
    const flow = this.#recordOf(call.flow)
    const statement = fingerprint(sql)
    const tally = tallyOf(flow, statement, startMs)
    if (rows > 1 && tally.values.size === 0) flow.list = sql
    if (!tally.counts || !this.#isNew(tally, `${sql} ${parameters.map(String).join('\0')}`)) return null
    tally.lastMs = endMs
    tally.origins.push(call.origin)
    if (tally.origins.length < this.#threshold) return null
    return this.#lookUp(tally, sql)
  }

  #recordOf(flow: Flow): FlowRecord {
    let record = this.#flows.get(flow)
    if (record === undefined) {
      record = { tallies: new Map(), list: null }
      this.#flows.set(flow, record)
    }
    return record
  }

  /** Whether these values were not there before; beyond the threshold it is enough that they differ from the last ones. */
  #isNew({ values }: Tally, text: string): boolean {
    if (values.has(text)) return false
    if (values.size >= this.#threshold) values.clear()
    values.add(text)
    return true
  }

  /** Counts the calls since the last look by where they were made. */
  #lookUp({ origins, places, list }: Tally, sql: string): Finding | null {
    for (const origin of origins.splice(0)) {
      const name = origin()
      if (name === undefined) continue
      const place = places.get(name) ?? { count: 0, told: 0 }
      place.count++
      places.set(name, place)
    }
    for (const [origin, place] of places) {
      if (place.count < Math.max(this.#threshold, 2 * place.told)) continue
      place.told = place.count
      return { sql, count: place.count, origin, list }
    }
    return null
  }
}

function tallyOf(flow: FlowRecord, statement: string, startMs: number): Tally {
  const { tallies } = flow
  const known = tallies.get(statement)
  if (known !== undefined && startMs - known.lastMs <= LONGEST_GAP_MS) return known
  if (tallies.size >= MOST_STATEMENTS) tallies.clear()
  const counts = looksUp(statement)
  const made = { counts, lastMs: startMs, values: new Set<string>(), origins: [], places: new Map(), list: flow.list }
  tallies.set(statement, made)
  return made
}

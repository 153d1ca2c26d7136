/**
 * What is known of each statement by its shape, in bounded memory:
 *
 *     text ──fingerprint, remembered for the texts used last──▶ shape ──▶ its record
 *                                   more than MOST_SHAPES: the tenth used least recently goes into `other`
 *
 * A text that is used again and again costs one look into a map. One that is new each time, because values are written into
 * it, costs its fingerprint.
 */
import { hash } from 'node:crypto'
import { fingerprint, readsOnly, withoutValues } from '../../sqlite/fingerprint.ts'
import { Histogram } from './histogram.ts'
import type { StatementMetrics } from './types.ts'

/** A program has some dozens; more come from texts that are put together at run time. */
export const MOST_SHAPES = 500
/** Texts whose shape is remembered. */
const MOST_TEXTS = 2_000
/** A longer text is a statement with many values: its shape is in its beginning, and it is too large to be kept. */
const LONGEST_TEXT = 4_096
const OTHER = 'other'

export class StatementRecord {
  readonly id: string
  readonly fingerprint: string
  readonly kind: 'read' | 'write'
  /** As it was sent first, for SQLite to explain; never shown. `null` where it is too long. */
  readonly sample: string | null
  calls = 0
  errors = 0
  rows = 0
  changes = 0
  totalMs = 0
  runningMs = 0
  slow = 0
  /** When it ran last, to the second (ms since 1970), and in which order. */
  lastAt = 0
  lastUse = 0
  readonly durations = new Histogram()
  /** The first one's text for people, without its values. */
  readonly text: string
  /** What {@link sample} was planned as when somebody asked last. */
  plan: readonly string[] | null = null

  constructor(shape: Pick<StatementRecord, 'id' | 'fingerprint' | 'kind' | 'sample' | 'text'>) {
    this.id = shape.id
    this.fingerprint = shape.fingerprint
    this.kind = shape.kind
    this.sample = shape.sample
    this.text = shape.text
  }

  add(other: StatementRecord): void {
    this.calls += other.calls
    this.errors += other.errors
    this.rows += other.rows
    this.changes += other.changes
    this.totalMs += other.totalMs
    this.runningMs += other.runningMs
    this.slow += other.slow
    this.lastAt = Math.max(this.lastAt, other.lastAt)
    this.lastUse = Math.max(this.lastUse, other.lastUse)
    this.durations.add(other.durations)
  }
}

export class StatementRecords {
  readonly #byText = new Map<string, StatementRecord>()
  readonly #byShape = new Map<string, StatementRecord>()
  #lastText = ''
  #last: StatementRecord | null = null

  get size(): number {
    return this.#byShape.size
  }

  /** The record of a statement's shape; made when there is none. */
  of(sql: string): StatementRecord {
    if (sql === this.#lastText && this.#last !== null) return this.#last
    const record = this.#byText.get(sql) ?? this.#ofNewText(sql)
    this.#lastText = sql
    this.#last = record
    return record
  }

  byId(id: string): StatementRecord | null {
    for (const record of this.#byShape.values()) if (record.id === id) return record
    return null
  }

  /** Those that took the most time together, the first first. */
  top(most: number): StatementRecord[] {
    return [...this.#byShape.values()].sort((a, b) => b.totalMs - a.totalMs).slice(0, most)
  }

  #ofNewText(sql: string): StatementRecord {
    const known = sql.length <= LONGEST_TEXT
    const shape = shapeOf(sql)
    let record = this.#byShape.get(shape)
    if (record === undefined) {
      if (this.#byShape.size >= MOST_SHAPES) this.#fold()
      const kind = kindOf(sql)
      const text = withoutValues(sql.slice(0, LONGEST_TEXT))
      record = new StatementRecord({ id: idOf(shape), fingerprint: shape, kind, sample: known ? sql : null, text })
      this.#byShape.set(shape, record)
    }
    if (known) {
      if (this.#byText.size >= MOST_TEXTS) this.#byText.clear()
      this.#byText.set(sql, record)
    }
    return record
  }

  /** Counts a tenth of them together, those used least recently, so that a look at all of them is rare. */
  #fold(): void {
    const other = this.#byShape.get(OTHER) ?? new StatementRecord(OTHERS)
    this.#byShape.delete(OTHER)
    const oldest = [...this.#byShape.values()].sort((a, b) => a.lastUse - b.lastUse).slice(0, MOST_SHAPES / 10)
    for (const record of oldest) {
      other.add(record)
      this.#byShape.delete(record.fingerprint)
    }
    this.#byShape.set(OTHER, other)
    // Texts lead to records that are no longer counted.
    this.#byText.clear()
    this.#last = null
  }
}

const OTHERS = { id: OTHER, fingerprint: OTHER, kind: 'read', sample: null, text: OTHER } as const

/** The fingerprint, of a long text that of its beginning. */
export function shapeOf(sql: string): string {
  return sql.length <= LONGEST_TEXT ? fingerprint(sql) : `${fingerprint(sql.slice(0, LONGEST_TEXT))} …`
}

/** The same in every process. */
function idOf(shape: string): string {
  return hash('sha256', shape).slice(0, 12)
}

/** What was refused before it reached SQLite may be no statement at all. */
function kindOf(sql: string): 'read' | 'write' {
  try {
    return readsOnly(sql) ? 'read' : 'write'
  } catch {
    return 'read'
  }
}

export function statementMetrics(record: StatementRecord): StatementMetrics {
  const { id, fingerprint: shape, kind, calls, errors, rows, changes, totalMs, runningMs, durations, slow } = record
  const lastAt = new Date(record.lastAt).toISOString()
  const latency = durations.latency()
  return { id, fingerprint: shape, kind, calls, errors, rows, changes, totalMs, runningMs, latency, slow, lastAt }
}

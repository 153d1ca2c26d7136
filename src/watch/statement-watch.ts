/**
 * Sees every statement that users send: counts it in the engine's record, keeps the slow ones, and turns it into events and
 * spans while somebody wants those. Statements that alter the schema are noticed, so that everything follows it.
 */
import type { EngineRecord } from '../engine/metrics/engine-record.ts'
import type { StatementCounter } from '../engine/recorded-engine.ts'
import { originOfCall } from '../engine/thread/origin.ts'
import type { ResultSet, Statement } from '../engine/types.ts'
import { NoormmeError } from '../errors.ts'
import type { SchemaInfo } from '../schema/types.ts'
import { isSchemaStatement, readsOnly } from '../sqlite/fingerprint.ts'
import type { Events } from './events.ts'
import { type Call, currentCall, enterCall } from './flow.ts'
import { NPlusOneDetector } from './n-plus-one.ts'
import { describeParameters } from './parameters.ts'
import { suggestJoin } from './suggest-join.ts'
import type { Telemetry } from './telemetry.ts'
import type { QueryEvent } from './types.ts'

export type Scope = QueryEvent['scope']

/**
 * Reading where a call came from takes longer than a short statement, and a database that is overloaded has nothing but slow
 * ones: without a listener only so often (ms).
 */
const ORIGIN_EVERY_MS = 10

export interface StatementWatchOptions {
  readonly events: Events
  /** `performance.slowQueryThreshold` (ms) */
  readonly slowQueryThreshold: number
  /** `performance.nPlusOneThreshold` */
  readonly nPlusOneThreshold: number
  /** `monitoring.nPlusOne`: look for them although nobody listens. */
  readonly nPlusOne: boolean
  /** `monitoring.recordValues` */
  readonly recordValues: boolean
  readonly schema: () => SchemaInfo | null
  /** Reads the schema again if it has changed; never rejects. */
  readonly followSchema: () => Promise<void>
}

/** A statement that is under way. */
export interface Watched {
  readonly startMs: number
  readonly scope: Scope
  readonly call: Call | undefined
  /** What a span of it belongs to. */
  readonly parent: unknown
}

export class StatementWatch {
  readonly #options: StatementWatchOptions
  readonly #nPlusOne: NPlusOneDetector
  /** Of the engine; `null` while there is none. */
  record: EngineRecord | null = null
  /** Where spans go; `null` without `monitoring.openTelemetry`. */
  telemetry: Telemetry | null = null
  #originAtMs = 0
  /** Transactions that are open, and whether something in one of them may have altered the schema. */
  #open = 0
  #altered = false

  constructor(options: StatementWatchOptions) {
    this.#options = options
    this.#nPlusOne = new NPlusOneDetector(options.nPlusOneThreshold)
  }

  /** Whether somebody wants to know of every statement. */
  get active(): boolean {
    return this.telemetry !== null || this.#placed || this.#options.events.has('query')
  }

  /** Whether calls have to be told apart by where they come from, which costs more than a point read. */
  get #placed(): boolean {
    return this.#options.nPlusOne || this.#options.events.has('nPlusOne')
  }

  /** A user's code makes a call and is still on the stack. */
  enter(): void {
    if (this.#placed) enterCall()
  }

  begin(scope: Scope): Watched {
    const parent = this.telemetry?.parent()
    return { startMs: performance.now(), scope, call: this.#placed ? currentCall() : undefined, parent }
  }

  /** For statements of which nobody wants to know but the record. `scope`: what a call made now is part of. */
  counter(scope: () => Scope): StatementCounter {
    const watched = (durationMs: number): Watched => {
      return { startMs: performance.now() - durationMs, scope: scope(), call: undefined, parent: undefined }
    }
    const { slowQueryThreshold } = this.#options
    return {
      answered: (statement, result, durationMs) => {
        const { rows, changes, ms = 0 } = result
        const answer = { sql: statement.sql, rows: rows.length, changes, duration: durationMs, running: ms }
        this.record?.answered(answer)
        return durationMs >= slowQueryThreshold
      },
      slow: (statement, result, durationMs) => {
        for (const event of eventsOf(scope(), [statement], [result], durationMs)) {
          this.#wasSlow(watched(durationMs), statement, event)
        }
      },
      failed: (statement, error, durationMs) => this.failed(watched(durationMs), [statement], error),
    }
  }

  /** Statements were answered together: one, or those of a batch. */
  answered(watched: Watched, statements: readonly Statement[], results: readonly ResultSet[]): void {
    const nowMs = performance.now()
    for (const [index, event] of eventsOf(watched.scope, statements, results, nowMs - watched.startMs).entries()) {
      this.record?.answered({ ...event, running: event.running ?? 0 })
      this.#tell(watched, statements[index] as Statement, event)
    }
    if (watched.call !== undefined && statements.length === 1) {
      this.#countRead(watched, statements[0], results[0], nowMs)
    }
  }

  /** A stream has ended, or was left. */
  streamed(watched: Watched, statement: Statement, { duration, rows }: { duration: number; rows: number }): void {
    const { sql } = statement
    this.record?.answered({ sql, rows, changes: 0, duration, running: 0 })
    this.#tell(watched, statement, { ...UNKNOWN, sql, kind: 'read', duration, rows, scope: watched.scope })
  }

  failed(watched: Watched, statements: readonly Statement[], reason: unknown): void {
    const error = reason instanceof NoormmeError ? reason.code : 'unknown'
    const duration = performance.now() - watched.startMs
    this.record?.failed(statements, error)
    const { scope } = watched
    for (const statement of statements) {
      const { sql } = statement
      // What was refused before it reached SQLite may be no statement at all.
      const kind = error === 'NOORMME_REFUSED' || readsOnly(sql) ? 'read' : 'write'
      this.#tell(watched, statement, { ...UNKNOWN, sql, kind, duration, scope, error })
    }
  }

  /** After statements have succeeded: lets everything follow the schema if they altered it. */
  async follow(scope: Scope, statements: readonly Statement[]): Promise<void> {
    if (!statements.some(({ sql }) => isSchemaStatement(sql))) return
    // Until its transaction commits nobody else sees it.
    if (scope === 'transaction') this.#altered = true
    else await this.#options.followSchema()
  }

  /** The schema was read inside a transaction, which may be rolled back. */
  readInside(): void {
    this.#altered = true
  }

  transactionBegan(): void {
    this.#open++
  }

  async transactionEnded(): Promise<void> {
    this.#open--
    if (!this.#altered) return
    // Others may have it still before them.
    this.#altered = this.#open > 0
    await this.#options.followSchema()
  }

  #tell(watched: Watched, statement: Statement, event: QueryEvent): void {
    const { events, slowQueryThreshold } = this.#options
    if (events.has('query')) events.emit('query', event)
    this.telemetry?.ended(event, watched)
    if (event.duration >= slowQueryThreshold) this.#wasSlow(watched, statement, event)
  }

  #wasSlow(watched: Watched, { sql, parameters = [] }: Statement, event: QueryEvent): void {
    const { events, slowQueryThreshold: threshold, recordValues } = this.#options
    const listened = events.has('slowQuery')
    const origin = this.#originOf(watched, listened)
    const at = new Date().toISOString()
    const described = describeParameters(parameters, { values: recordValues })
    this.record?.wasSlow(sql, { ...event, at, origin, parameters: described })
    if (listened) events.emit('slowQuery', { ...event, threshold, origin })
  }

  /** Whoever awaits this call is still to be seen. */
  #originOf({ call }: Watched, listened: boolean): string | null {
    const nowMs = performance.now()
    if (!listened && nowMs - this.#originAtMs < ORIGIN_EVERY_MS) return null
    this.#originAtMs = nowMs
    return (call?.origin ?? originOfCall())() ?? null
  }

  #countRead(
    { call, startMs }: Watched,
    statement: Statement | undefined,
    result: ResultSet | undefined,
    endMs: number,
  ): void {
    const { events, schema } = this.#options
    if (call === undefined || statement === undefined || result === undefined) return
    const { sql, parameters = [] } = statement
    if (!readsOnly(sql)) return
    const finding = this.#nPlusOne.record({ sql, parameters, rows: result.rows.length, call, startMs, endMs })
    if (finding === null) return
    const { list, ...found } = finding
    const event = { ...found, suggestion: suggestJoin(sql, list, schema()) }
    this.record?.suspected({ ...event, at: new Date().toISOString() })
    if (events.has('nPlusOne')) events.emit('nPlusOne', event)
  }
}

/** Of statements that were answered together after so long. */
function eventsOf(
  scope: Scope,
  statements: readonly Statement[],
  results: readonly ResultSet[],
  together: number,
): QueryEvent[] {
  const known = results.every(({ ms }) => ms !== undefined)
  const waited = Math.max(0, together - results.reduce((sum, { ms = 0 }) => sum + ms, 0))
  return statements.map(({ sql }, index) => {
    const { rows = [], changes = 0, connection = null, ms = null } = results[index] ?? {}
    const running = known ? ms : null
    return {
      sql,
      kind: readsOnly(sql) ? 'read' : 'write',
      duration: running === null ? together : waited + running,
      running,
      waited: running === null ? null : waited,
      rows: rows.length,
      changes,
      connection,
      scope,
      error: null,
    }
  })
}

const UNKNOWN = { running: null, waited: null, rows: 0, changes: 0, connection: null, error: null }

/**
 * Turns what happens to statements into events, while somebody listens; otherwise only statements that alter the schema
 * are noticed, so that everything follows it.
 */
import { originOfCall } from '../engine/thread/origin.ts'
import type { ResultSet, Statement } from '../engine/types.ts'
import { NoormmeError } from '../errors.ts'
import type { SchemaInfo } from '../schema/types.ts'
import { isSchemaStatement, readsOnly } from '../sqlite/fingerprint.ts'
import type { Events } from './events.ts'
import { type Call, currentCall, enterCall } from './flow.ts'
import { NPlusOneDetector } from './n-plus-one.ts'
import { suggestJoin } from './suggest-join.ts'
import type { QueryEvent } from './types.ts'

export type Scope = QueryEvent['scope']

export interface StatementWatchOptions {
  readonly events: Events
  /** `performance.slowQueryThreshold` (ms) */
  readonly slowQueryThreshold: number
  /** `performance.nPlusOneThreshold` */
  readonly nPlusOneThreshold: number
  readonly schema: () => SchemaInfo | null
  /** Reads the schema again if it has changed; never rejects. */
  readonly followSchema: () => Promise<void>
}

/** A statement that is under way. */
export interface Watched {
  readonly startMs: number
  readonly scope: Scope
  readonly call: Call | undefined
}

export class StatementWatch {
  readonly #options: StatementWatchOptions
  readonly #nPlusOne: NPlusOneDetector
  /** Whether statements have to be looked at. */
  active = false
  /** Whether calls have to be told apart by where they come from, which costs more than a point read. */
  #placed = false
  /** Transactions that are open, and whether something in one of them may have altered the schema. */
  #open = 0
  #altered = false

  constructor(options: StatementWatchOptions) {
    this.#options = options
    this.#nPlusOne = new NPlusOneDetector(options.nPlusOneThreshold)
  }

  /** To be called when listeners have come or gone. */
  refresh(): void {
    const { events } = this.#options
    this.#placed = events.has('nPlusOne')
    this.active = this.#placed || events.has('query') || events.has('slowQuery')
  }

  /** A user's code makes a call and is still on the stack. */
  enter(): void {
    if (this.#placed) enterCall()
  }

  begin(scope: Scope): Watched {
    return { startMs: performance.now(), scope, call: this.#placed ? currentCall() : undefined }
  }

  /** Statements were answered together: one, or those of a batch. */
  answered(watched: Watched, statements: readonly Statement[], results: readonly ResultSet[]): void {
    if (!this.active) return
    const nowMs = performance.now()
    const together = nowMs - watched.startMs
    if (this.#tells(together)) this.#tellAll(watched, statements, results, together)
    if (watched.call !== undefined && statements.length === 1)
      this.#countRead(watched, statements[0], results[0], nowMs)
  }

  /** Whether somebody wants to know of statements that took so long together. */
  #tells(together: number): boolean {
    const { events, slowQueryThreshold } = this.#options
    return events.has('query') || together >= slowQueryThreshold
  }

  #tellAll(watched: Watched, statements: readonly Statement[], results: readonly ResultSet[], together: number): void {
    const known = results.every(({ ms }) => ms !== undefined)
    const waited = Math.max(0, together - results.reduce((sum, { ms = 0 }) => sum + ms, 0))
    for (const [index, { sql }] of statements.entries()) {
      const { rows = [], changes = 0, connection = null, ms = null } = results[index] ?? {}
      const running = known ? ms : null
      this.#tell(watched, {
        sql,
        kind: readsOnly(sql) ? 'read' : 'write',
        duration: running === null ? together : waited + running,
        running,
        waited: running === null ? null : waited,
        rows: rows.length,
        changes,
        connection,
        scope: watched.scope,
        error: null,
      })
    }
  }

  /** A stream has ended, or was left. */
  streamed(watched: Watched, { sql }: Statement, { duration, rows }: { duration: number; rows: number }): void {
    if (this.active) this.#tell(watched, { ...UNKNOWN, sql, kind: 'read', duration, rows, scope: watched.scope })
  }

  failed(watched: Watched, statements: readonly Statement[], reason: unknown): void {
    if (!this.active) return
    const error = reason instanceof NoormmeError ? reason.code : 'unknown'
    const duration = performance.now() - watched.startMs
    const { scope } = watched
    for (const { sql } of statements) {
      // What was refused before it reached SQLite may be no statement at all.
      const kind = error === 'NOORMME_REFUSED' || readsOnly(sql) ? 'read' : 'write'
      this.#tell(watched, { ...UNKNOWN, sql, kind, duration, scope, error })
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

  #tell(watched: Watched, event: QueryEvent): void {
    const { events, slowQueryThreshold: threshold } = this.#options
    events.emit('query', event)
    if (event.duration < threshold || !events.has('slowQuery')) return
    // Whoever awaits this call is still to be seen, and only a slow one is worth the look.
    const origin = (watched.call?.origin ?? originOfCall())() ?? null
    events.emit('slowQuery', { ...event, threshold, origin })
  }

  #countRead(
    { call, startMs }: Watched,
    statement: Statement | undefined,
    result: ResultSet | undefined,
    endMs: number,
  ): void {
    const { events, schema } = this.#options
    if (!events.has('nPlusOne') || call === undefined || statement === undefined || result === undefined) return
    const { sql, parameters = [] } = statement
    if (!readsOnly(sql)) return
    const finding = this.#nPlusOne.record({ sql, parameters, rows: result.rows.length, call, startMs, endMs })
    if (finding === null) return
    const { list, ...found } = finding
    events.emit('nPlusOne', { ...found, suggestion: suggestJoin(sql, list, schema()) })
  }
}

const UNKNOWN = { running: null, waited: null, rows: 0, changes: 0, connection: null, error: null }

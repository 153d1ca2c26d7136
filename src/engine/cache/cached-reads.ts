/**
 * Reads that may be answered with the rows of an earlier one. All that is kept belongs to one version of the database:
 *
 *     look ──same version──▶ kept rows are what a read would return now
 *       └────another one───▶ everything is forgotten
 *
 * A look (`PRAGMA data_version` on the inline connection, 2 µs) sees every commit of any other connection: of our writer,
 * and of other processes. It is made *before* a read is begun, and the rows are kept under what it saw. Had anything been
 * committed since, before, during or after the read, then the next look sees another version, so it does not matter which
 * of the two states the read has seen. Nobody looks at a version after a read: that could be newer than its rows.
 *
 * Reads that run at the same time share one by the same rule: whoever looks and sees the version that it was begun under
 * would read the same rows, or sees what comes later as well as it would.
 *
 * What is learned of a text is what its last run came to, and is forgotten with the schema, which views are part of:
 *
 *     short   run inline in less time than a kept result saves: not looked up, only timed
 *     never   not repeatable (`sqlite/repeatable.ts`)
 *     kept    repeatable, and not too large
 */
import type { SqlValue } from '../../sqlite/values.ts'
import type { CallLimit } from '../thread/call-limit.ts'
import { orLetGo } from '../thread/let-go.ts'
import type { WireStatement } from '../thread/protocol.ts'
import type { CacheStats, ResultSet, Row } from '../types.ts'
import { cacheKey } from './cache-key.ts'
import { KeptRows } from './kept-rows.ts'
import { type CacheBounds, ResultCache } from './result-cache.ts'

/** Milliseconds: a kept result is found in some 4 µs, keeping it costs some 10; below this little is left of the gain. */
const SHORT_MS = 0.02
/** Texts that are remembered; all are forgotten together. */
const MAX_TEXTS = 2000

/** The connection that looks. */
export interface Looking {
  dataVersion(): number
  schemaVersion(): number
  isRepeatable(sql: string, parameters: readonly SqlValue[]): boolean
}

/** The event loop's time, which inline reads share: thousands of hits in a row must let a timer fire as well. */
export interface Turns {
  readonly free: boolean
  spend(ms: number): void
  defer(work: () => void): void
}

/** `null` when the statement writes. The result of an inline read is there at once. */
export type Reading = ResultSet | null | Promise<ResultSet | null>

/** A read that is under way, for others that want the same. */
interface Shared {
  readonly version: number
  /** `null` when its rows are not to be had: it failed, or they are too many. */
  readonly kept: Promise<KeptRows | null>
}

interface Wanted {
  readonly statement: WireStatement
  readonly key: string
  /** What was seen before the read was begun. */
  readonly version: number
}

export class CachedReads {
  readonly #connection: () => Looking
  readonly #turns: Turns
  readonly #bounds: CacheBounds
  readonly #results: ResultCache
  readonly #texts = new Map<string, 'short' | 'never' | 'kept'>()
  readonly #shared = new Map<string, Shared>()
  #version: number | null = null
  #schemaVersion: number | null = null
  #hits = 0
  #misses = 0
  #invalidations = 0
  #closed = false

  constructor(connection: () => Looking, turns: Turns, bounds: CacheBounds) {
    this.#connection = connection
    this.#turns = turns
    this.#bounds = bounds
    this.#results = new ResultCache(bounds)
  }

  /** The result of a read: a kept one, that of one that is under way, or what `run` returns. */
  read(statement: WireStatement, limit: CallLimit | null, run: () => Reading): Reading {
    const known = this.#texts.get(statement.sql)
    if (known === 'never') return run()
    if (known === 'short') return this.#timed(statement.sql, run)
    const key = cacheKey(statement)
    if (key === null) return run()
    return this.#inTurn(() => this.#lookUp(statement, key, limit, run))
  }

  stats(): CacheStats {
    return {
      entries: this.#results.entries,
      bytes: this.#results.bytes,
      maxEntries: this.#bounds.maxEntries,
      maxBytes: this.#bounds.maxBytes,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#results.evictions,
      invalidations: this.#invalidations,
    }
  }

  /** Nothing is kept from now on, and the connection is not asked again. */
  close(): void {
    this.#closed = true
    this.#results.clear()
  }

  #lookUp(statement: WireStatement, key: string, limit: CallLimit | null, run: () => Reading): Reading {
    const { version, rows } = this.#spending(() => {
      const now = this.#look()
      return { version: now, rows: now === null ? undefined : this.#results.get(key)?.copy() }
    })
    if (version === null) return run()
    if (rows !== undefined) {
      this.#hits++
      return keptResult(rows)
    }
    const shared = this.#shared.get(key)
    return shared?.version === version
      ? this.#wait(shared, limit, run)
      : this.#readAndKeep({ statement, key, version }, run)
  }

  #readAndKeep(wanted: Wanted, run: () => Reading): Reading {
    const { sql } = wanted.statement
    // What is known to be kept may be waited for. For anything else that could take twice as long.
    const mayShare = this.#texts.get(sql) === 'kept'
    this.#misses++
    const reading = this.#timed(sql, run)
    if (!(reading instanceof Promise)) {
      if (this.#texts.get(sql) !== 'short') this.#keep(wanted, reading)
      return reading
    }
    // Before the rows are handed to a caller, who may change them.
    const settled = reading.then((result) => ({ result, kept: this.#keep(wanted, result) }))
    if (mayShare) this.#share(wanted, settled)
    return settled.then(({ result }) => result)
  }

  /** The version of the database as it is now, or `null` when that cannot be told: the read itself will say why. */
  #look(): number | null {
    if (this.#closed) return null
    try {
      const connection = this.#connection()
      const version = connection.dataVersion()
      if (version === this.#version) return version
      const schemaVersion = connection.schemaVersion()
      if (schemaVersion !== this.#schemaVersion) this.#texts.clear()
      if (this.#results.entries > 0) this.#invalidations++
      this.#results.clear()
      this.#version = version
      this.#schemaVersion = schemaVersion
      return version
    } catch {
      return null
    }
  }

  /** Runs it, and learns whether the text is short: a read on a thread never is. */
  #timed(sql: string, run: () => Reading): Reading {
    const reading = run()
    const ms = reading instanceof Promise ? undefined : reading?.ms
    if (ms !== undefined && ms < SHORT_MS) this.#learn(sql, 'short')
    else if (this.#texts.get(sql) === 'short') this.#texts.delete(sql)
    return reading
  }

  #share({ key, version }: Wanted, settled: Promise<{ readonly kept: KeptRows | null }>): void {
    const kept = settled.then(
      (result) => result.kept,
      () => null,
    )
    const shared: Shared = { version, kept }
    this.#shared.set(key, shared)
    void kept.then(() => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key)
    })
  }

  /** When it comes to nothing, each of those that waited reads for itself, as if there had been nothing to wait for. */
  async #wait(shared: Shared, limit: CallLimit | null, run: () => Reading): Promise<ResultSet | null> {
    const kept = await orLetGo(shared.kept, { limit, letGo: () => {} })
    if (kept === null) {
      this.#misses++
      return run()
    }
    this.#hits++
    return this.#inTurn(() => keptResult(this.#spending(() => kept.copy())))
  }

  #keep({ statement, key, version }: Wanted, result: ResultSet | null): KeptRows | null {
    if (result === null || this.#closed) return null
    const kept = KeptRows.of(result.rows, this.#results.maxResultBytes)
    if (kept === null) {
      this.#texts.delete(statement.sql)
      return null
    }
    if (!this.#repeatable(statement)) return null
    if (version === this.#version) this.#results.set(key, kept)
    return kept
  }

  /** By the schema as it is now: where that is newer than the rows, the next look forgets both. */
  #repeatable({ sql, parameters }: WireStatement): boolean {
    const known = this.#texts.get(sql)
    if (known === 'kept') return true
    try {
      const repeatable = this.#connection().isRepeatable(sql, parameters)
      this.#learn(sql, repeatable ? 'kept' : 'never')
      return repeatable
    } catch {
      return false
    }
  }

  /** Runs `work` at once when this turn of the event loop has time left, else in a later one. */
  #inTurn<T>(work: () => T | Promise<T>): T | Promise<T> {
    if (this.#turns.free) return work()
    return new Promise((resolve, reject) => {
      this.#turns.defer(() => {
        try {
          resolve(work())
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  #spending<T>(work: () => T): T {
    const began = performance.now()
    const result = work()
    this.#turns.spend(performance.now() - began)
    return result
  }

  #learn(sql: string, what: 'short' | 'never' | 'kept'): void {
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear()
    this.#texts.set(sql, what)
  }
}

/** No connection ran it. */
function keptResult(rows: Row[]): ResultSet {
  return { rows, changes: 0, lastInsertRowid: null }
}

/**
 * Keeps prepared statements by their text, the most recently used ones: preparing costs about five times a point read.
 * The driver finalises a statement when it is garbage-collected, so dropping it from the map is enough.
 */

/** Statements kept per connection; each holds a few kilobytes of SQLite's memory. */
export const STATEMENT_CACHE_SIZE = 500

export class StatementCache<Entry> {
  readonly #entries = new Map<string, Entry>()
  readonly #limit: number

  constructor(limit: number = STATEMENT_CACHE_SIZE) {
    this.#limit = limit
  }

  /** The entry for `sql`, made by `prepare` when there is none. */
  get(sql: string, prepare: (sql: string) => Entry): Entry {
    const known = this.#entries.get(sql)
    if (known !== undefined) {
      if (this.#entries.size >= this.#limit) {
        this.#entries.delete(sql)
        this.#entries.set(sql, known)
      }
      return known
    }
    const entry = prepare(sql)
    if (this.#entries.size >= this.#limit) {
      const oldest = this.#entries.keys().next()
      if (oldest.done !== true) this.#entries.delete(oldest.value)
    }
    this.#entries.set(sql, entry)
    return entry
  }

  clear(): void {
    this.#entries.clear()
  }
}

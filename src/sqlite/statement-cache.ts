/**
 * Keeps prepared statements by their text, the most recently used ones: preparing costs about five times a point read.
 * Bounded by number and by length of text together, because a text of a megabyte costs several to prepare.
 * The driver finalises a statement when it is garbage-collected, so dropping it from the map is enough.
 */

/** Statements kept per connection; each holds a few kilobytes of SQLite's memory. */
export const STATEMENT_CACHE_SIZE = 500
/** Characters of all kept texts together. */
export const STATEMENT_CACHE_CHARACTERS = 2 ** 20

export class StatementCache<Entry> {
  readonly #entries = new Map<string, Entry>()
  readonly #limit: number
  #characters = 0

  constructor(limit: number = STATEMENT_CACHE_SIZE) {
    this.#limit = limit
  }

  /** The entry for `sql`, made by `prepare` when there is none. */
  get(sql: string, prepare: (sql: string) => Entry): Entry {
    const known = this.#entries.get(sql)
    if (known !== undefined) {
      if (this.#entries.size > this.#limit / 2) {
        this.#entries.delete(sql)
        this.#entries.set(sql, known)
      }
      return known
    }
    const entry = prepare(sql)
    this.#entries.set(sql, entry)
    this.#characters += sql.length
    this.#evict()
    return entry
  }

  clear(): void {
    this.#entries.clear()
    this.#characters = 0
  }

  /** The newest entry stays, however long its text is. */
  #evict(): void {
    for (const sql of this.#entries.keys()) {
      const fits = this.#entries.size <= this.#limit && this.#characters <= STATEMENT_CACHE_CHARACTERS
      if (fits || this.#entries.size === 1) return
      this.#entries.delete(sql)
      this.#characters -= sql.length
    }
  }
}

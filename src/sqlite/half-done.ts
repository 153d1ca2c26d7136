/**
 * Statements that can fail and still leave rows: the conflict resolution FAIL keeps what was written before the row that
 * failed (https://sqlite.org/lang_conflict.html). It may stand in the statement, in a constraint of a table or in a
 * trigger, as `RAISE(FAIL)`. Every other failing statement undoes itself.
 */
import type BetterSqlite3 from 'better-sqlite3'

const FAIL = /\bfail\b/i

export class HalfDone {
  readonly #definitions: BetterSqlite3.Statement
  #schema = { version: -1, fails: false }

  constructor(database: BetterSqlite3.Database) {
    this.#definitions = database.prepare("SELECT sql FROM main.sqlite_schema WHERE sql LIKE '%fail%'").pluck()
  }

  /** Whether `sql` may stop half-way while the schema has this version. A mere mention of the word costs a savepoint. */
  possible(sql: string, version: number): boolean {
    if (this.#schema.version !== version) {
      const definitions = this.#definitions.all() as string[]
      this.#schema = { version, fails: definitions.some((definition) => FAIL.test(definition)) }
    }
    return this.#schema.fails || FAIL.test(sql)
  }
}

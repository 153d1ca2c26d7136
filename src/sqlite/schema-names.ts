/** What the schema says about names that SQLite puts into messages. Asked only after an error. */
import type BetterSqlite3 from 'better-sqlite3'

export class SchemaNames {
  readonly #database: BetterSqlite3.Database

  constructor(database: BetterSqlite3.Database) {
    this.#database = database
  }

  /** Tables and views, SQLite's own left out. */
  tables(): readonly string[] {
    return this.#database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
      )
      .pluck()
      .all() as string[]
  }

  /** Columns of a table or view; empty when there is none of this name. */
  columnsOf(table: string): readonly string[] {
    return this.#database.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck().all(table) as string[]
  }

  /** Whether a trigger has this sentence as a literal: its author's own words, not something computed from a value. */
  triggerSays(sentence: string): boolean {
    const literal = `'${sentence.replaceAll("'", "''")}'`
    return (
      this.#database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND instr(sql, ?)").get(literal) !==
      undefined
    )
  }
}

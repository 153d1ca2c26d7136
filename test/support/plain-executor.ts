/** The smallest executor: one better-sqlite3 connection, so that layers above the engine can be tested without it. */
import type Database from 'better-sqlite3'
import type { Executor, ResultSet, Row } from '../../src/engine/types.ts'
import { fromDriver, toDriver, toSqlValues } from '../../src/sqlite/values.ts'

/**
 * Runs each statement at once on the given connection, which stays the caller's to close.
 *
 * @example
 * const schema = await introspect(plainExecutor(new Database('app.db')))
 */
export function plainExecutor(database: Database.Database): Pick<Executor, 'execute'> {
  return {
    async execute({ sql, parameters = [] }): Promise<ResultSet> {
      const statement = database.prepare(sql).safeIntegers(true)
      const values = toSqlValues(parameters).map(toDriver)
      if (!statement.reader) {
        const { changes, lastInsertRowid } = statement.run(...values)
        return { rows: [], changes, lastInsertRowid: inserts(sql) && changes > 0 ? exact(lastInsertRowid) : null }
      }
      const columns = statement.columns().map(({ name }) => name)
      const rows = (statement.raw(true).all(...values) as unknown[][]).map((row) => toRow(columns, row))
      if (statement.readonly) return { rows, changes: 0, lastInsertRowid: null }
      const [changes, rowid] = database.prepare('SELECT changes(), last_insert_rowid()').raw().get() as [number, number]
      return { rows, changes, lastInsertRowid: inserts(sql) && changes > 0 ? rowid : null }
    },
  }
}

function toRow(columns: readonly string[], values: readonly unknown[]): Row {
  return Object.fromEntries(columns.map((column, index) => [column, fromDriver(values[index])]))
}

function inserts(sql: string): boolean {
  return /^\s*(?:with\b[\s\S]*\binsert|insert|replace)\b/i.test(sql)
}

function exact(rowid: number | bigint): number | bigint {
  return Number.isSafeInteger(Number(rowid)) ? Number(rowid) : rowid
}

/** Looks at a file with SQLite alone, as whoever comes after a crash would. */
import BetterSqlite3 from 'better-sqlite3'
import { type Judgement, judge, type Part, READ_UNITS } from './units.ts'

/** What was found; `damage` when SQLite calls the file damaged. */
export type Sight = { readonly damage: string } | { readonly damage: null; readonly judgement: Judgement }

/** Opens the file, lets SQLite recover it, checks it whole and reads its units. */
export function lookAtUnits(path: string): Sight {
  let database: BetterSqlite3.Database | undefined
  try {
    database = new BetterSqlite3(path)
    // Nothing that this connection does has to last.
    database.pragma('synchronous = OFF')
    const verdict = String(database.pragma('integrity_check(1)', { simple: true }))
    if (verdict !== 'ok') return { damage: verdict }
    const exists = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'parts'").get() !== undefined
    const rows = exists ? (database.prepare(READ_UNITS).all() as Part[]) : []
    return { damage: null, judgement: judge(rows) }
  } catch (error) {
    return { damage: error instanceof Error ? error.message : String(error) }
  } finally {
    database?.close()
  }
}

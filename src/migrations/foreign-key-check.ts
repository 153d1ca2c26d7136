/**
 * Rows whose foreign key leads nowhere, by `PRAGMA foreign_key_check`: found before and after a migration, so that what
 * was broken before is nobody's fault now.
 */
import type { Executor } from '../engine/types.ts'
import { isNoormmeError } from '../errors.ts'

export interface Violations {
  /** How often each (table, row, parent) is violated. */
  readonly counts: ReadonlyMap<string, number>
  /** Tables whose keys SQLite cannot follow: they refer to columns that are not unique. */
  readonly uncheckable: ReadonlySet<string>
}

export interface NewViolation {
  readonly table: string
  readonly reason: string
}

/** One table after the other, because one whose keys are declared wrongly would hide all the rest. */
export async function findViolations(executor: Pick<Executor, 'execute'>): Promise<Violations> {
  const counts = new Map<string, number>()
  const uncheckable = new Set<string>()
  const tables = await executor.execute({
    sql: "SELECT DISTINCT t.name AS name FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) WHERE t.type = 'table'",
  })
  for (const { name } of tables.rows) {
    const table = String(name)
    try {
      const { rows } = await executor.execute({
        sql: 'SELECT rowid AS "row", parent FROM pragma_foreign_key_check(?)',
        parameters: [table],
      })
      for (const { row, parent } of rows) {
        const key = JSON.stringify([table, String(row), parent])
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    } catch (error) {
      if (!isNoormmeError(error, 'NOORMME_STATEMENT')) throw error
      uncheckable.add(table)
    }
  }
  return { counts, uncheckable }
}

/** The first violation that was not there before, with how many there are of its kind; `null` when there is none. */
export function newViolation(before: Violations, after: Violations): NewViolation | null {
  const table = [...after.uncheckable].find((name) => !before.uncheckable.has(name))
  if (table !== undefined) {
    const reason = `the foreign keys of "${table}" cannot be followed: they have to refer to a primary key or to unique columns`
    return { table, reason }
  }
  const added = [...after.counts].flatMap(([key, count]) => {
    const [table, , parent] = JSON.parse(key) as [string, string, string]
    const more = count - (before.counts.get(key) ?? 0)
    return more > 0 && !before.uncheckable.has(table) ? [{ table, parent, more }] : []
  })
  const [first] = added
  if (first === undefined) return null
  const rows = added
    .filter(({ table, parent }) => table === first.table && parent === first.parent)
    .reduce((sum, { more }) => sum + more, 0)
  const subject = rows === 1 ? '1 row of' : `${rows} rows of`
  return {
    table: first.table,
    reason: `it leaves ${subject} "${first.table}" that refer to no row of "${first.parent}"`,
  }
}

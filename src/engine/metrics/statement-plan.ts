/** How SQLite would run a statement that was recorded. */
import { parameterCount } from '../../sqlite/parameters.ts'
import type { Executor } from '../types.ts'
import type { EngineRecord } from './engine-record.ts'

/** What is explained is not run, so nothing is bound. Whoever knows it reads it; nobody is rejected. */
export async function statementPlan(
  executor: Pick<Executor, 'execute'>,
  record: EngineRecord | null,
  id: string,
): Promise<readonly string[] | null> {
  const statement = record?.statements.byId(id) ?? null
  if (statement?.sample == null) return null
  const parameters = new Array<null>(parameterCount(statement.sample)).fill(null)
  const explain = { sql: `EXPLAIN QUERY PLAN ${statement.sample}`, parameters }
  const rows = await executor.execute(explain).then(
    (result) => result.rows,
    () => null,
  )
  statement.plan = rows === null ? null : indented(rows)
  return statement.plan
}

/** A line a step, two blanks for each step it is part of. */
function indented(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  const depths = new Map<unknown, number>([[0, 0]])
  return rows.map(({ id, parent, detail }) => {
    const depth = depths.get(parent) ?? 0
    depths.set(id, depth + 1)
    return `${'  '.repeat(depth)}${String(detail)}`
  })
}

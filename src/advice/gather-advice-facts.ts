/** The part of advice that looks: two reading statements through the executor, neither of which reads a user's table. */
import { totalmem } from 'node:os'
import type { EngineStats, Executor } from '../engine/types.ts'
import { introspect } from '../schema/introspect.ts'
import type { AdviceFacts, AdviceSettings } from './types.ts'

const STORAGE = `
SELECT
  (SELECT page_size FROM pragma_page_size) AS pageSize,
  (SELECT page_count FROM pragma_page_count) AS pageCount,
  (SELECT freelist_count FROM pragma_freelist_count) AS freePages,
  EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'sqlite_stat1') AS hasStatistics,
  (SELECT json_group_array(name) FROM main.sqlite_schema) AS names`

/**
 * Gathers what {@link adviseOptimizations} needs, and changes nothing.
 *
 * @param memoryBytes default: the machine's memory, or what the container may use of it.
 * @throws what the executor throws; never answers with a part of the facts.
 * @example
 * const settings = { enableWALMode: true, readers: 4 }
 * const advice = adviseOptimizations(await gatherAdviceFacts(engine, engine.stats(), settings))
 */
export async function gatherAdviceFacts(
  executor: Pick<Executor, 'execute'>,
  stats: EngineStats,
  { enableWALMode, readers }: AdviceSettings,
  memoryBytes: number = usableMemory(),
): Promise<AdviceFacts> {
  const schema = await introspect(executor)
  const { rows } = await executor.execute({ sql: STORAGE })
  const row = rows[0] ?? {}
  return {
    settings: { enableWALMode, readers },
    stats,
    schema,
    storage: {
      pageSize: Number(row.pageSize),
      pageCount: Number(row.pageCount),
      freePages: Number(row.freePages),
      hasStatistics: row.hasStatistics === 1,
      names: JSON.parse(String(row.names)),
    },
    memoryBytes,
  }
}

/** A container's limit is 0 where there is none, and may be beyond what the machine has. */
function usableMemory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

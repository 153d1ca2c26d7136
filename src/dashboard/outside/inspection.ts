/** A look into a file with clean hands: what its schema is, who uses it, what could be better. */
import { adviseOptimizations } from '../../advice/advise-optimizations.ts'
import { gatherAdviceFacts } from '../../advice/gather-advice-facts.ts'
import type { Recommendation } from '../../advice/types.ts'
import { NOTHING_AT_WORK } from '../../engine/engine-stats.ts'
import type { EngineStats } from '../../engine/types.ts'
import { introspect } from '../../schema/introspect.ts'
import type { SchemaInfo } from '../../schema/types.ts'
import { type FileFacts, readFileFacts } from '../../sqlite/file-facts.ts'
import type { FileUser } from '../../sqlite/file-users.ts'
import { openReadOnly } from '../../sqlite/read-only-file.ts'
import { readSizes, type Sizes } from '../table-sizes.ts'

/** Bytes: reading the header of every page of a larger file would take seconds, in which nothing else is done. */
export const MEASURED_BYTES = 256 * 2 ** 20

export interface Inspection {
  /** How long it took to open the file and read its schema (ms). */
  readonly ms: number
  readonly journalMode: 'wal' | 'delete'
  readonly facts: FileFacts
  readonly schema: SchemaInfo
  readonly users: readonly FileUser[]
  readonly recommendations: readonly Recommendation[]
}

/** @throws what opening or reading the file throws. */
export async function inspect(path: string): Promise<Inspection> {
  const start = performance.now()
  using file = openReadOnly(path)
  const advice = await gatherAdviceFacts(file, { ...NO_ENGINE, path }, { enableWALMode: true, readers: 0 })
  const ms = performance.now() - start
  return {
    ms,
    journalMode: file.journalMode,
    facts: await readFileFacts(file),
    schema: advice.schema,
    users: file.users,
    recommendations: adviseOptimizations(advice).recommendations,
  }
}

export async function measure(path: string): Promise<{ readonly schema: SchemaInfo; readonly sizes: Sizes }> {
  using file = openReadOnly(path)
  const reader = { execute: (sql: string) => file.execute({ sql }) }
  const sizes = await readSizes(reader, { measure: file.sizes.database <= MEASURED_BYTES })
  return { schema: await introspect(file), sizes }
}

/** Advice about connections needs connections, and here are none. */
const NO_ENGINE: EngineStats = {
  path: '',
  sqliteVersion: '',
  native: { loaded: false, reason: null },
  ...NOTHING_AT_WORK,
}

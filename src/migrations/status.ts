/** Where a database stands against a folder of migrations. Only looks. */
import type { Executor } from '../engine/types.ts'
import { type RecordedMigration, readHistory } from './history.ts'
import { type MigrationDrift, planMigrations } from './plan.ts'
import { readMigrationFolder } from './read-folder.ts'

export interface MigrationStatus {
  /** What the database has had, in the order of applying. */
  readonly applied: readonly RecordedMigration[]
  /** File names of what it has not had, in the order in which they would be applied. */
  readonly pending: readonly string[]
  /** Where folder and history disagree: as long as this is not empty, `migrate` refuses. */
  readonly drift: readonly MigrationDrift[]
}

/**
 * Compares the folder with what the database remembers.
 *
 * @example
 * const { pending } = await migrationStatus(engine, 'migrations')
 *
 * @throws MigrationError for a folder that is missing or holds what cannot be a migration; drift is an answer, no error.
 */
export async function migrationStatus(executor: Pick<Executor, 'execute'>, folder: string): Promise<MigrationStatus> {
  const files = await readMigrationFolder(folder)
  const applied = (await readHistory(executor)) ?? []
  const { pending, drift } = planMigrations(files, applied)
  return { applied, pending: pending.map(({ name }) => name), drift }
}

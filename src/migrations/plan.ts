/** What remains to be applied, and where folder and history disagree: a pure function over both. */
import type { RecordedMigration } from './history.ts'
import { type MigrationFile, migrationNumber } from './read-folder.ts'

/** A place where the folder is not what the database remembers. */
export interface MigrationDrift {
  /** File name of the migration. */
  readonly name: string
  /**
   * `changed`: the file is not what was applied. `missing`: it was applied, and there is no such file. `late`: it was
   * not applied, and one with a greater number was.
   */
  readonly kind: 'changed' | 'missing' | 'late'
  /** What is the matter, as a sentence without its subject. */
  readonly reason: string
  /** What to do, as a sentence. */
  readonly advice: string
}

export interface MigrationPlan {
  /** To be applied, in this order. */
  readonly pending: readonly MigrationFile[]
  readonly drift: readonly MigrationDrift[]
}

/** `files` in order; `history` in any. */
export function planMigrations(files: readonly MigrationFile[], history: readonly RecordedMigration[]): MigrationPlan {
  const applied = new Map(history.map((entry) => [entry.name, entry]))
  const pending = files.filter(({ name }) => !applied.has(name))
  const last = history.reduce<{ number: bigint; name: string } | null>((greatest, { name }) => {
    const number = migrationNumber(name)
    return number === null || (greatest !== null && number < greatest.number) ? greatest : { number, name }
  }, null)
  return {
    pending,
    drift: [
      ...history.flatMap((entry) => missing(entry, files) ?? []),
      ...files.flatMap((file) => changed(file, applied.get(file.name)) ?? []),
      ...pending.flatMap((file) => (last === null || file.number > last.number ? [] : late(file, last.name))),
    ],
  }
}

function missing(
  { name, checksum, appliedAt }: RecordedMigration,
  files: readonly MigrationFile[],
): MigrationDrift | null {
  if (files.some((file) => file.name === name)) return null
  const renamed = files.find((file) => file.checksum === checksum)
  const number = migrationNumber(name)
  const isNewer = number !== null && files.every((file) => file.number < number)
  const advice = isNewer
    ? 'The database is ahead of this folder: use the version of the application that migrated it, or restore a backup from before.'
    : 'Put the file back as it was, or give the folder that belongs to this database.'
  return {
    name,
    kind: 'missing',
    reason: `was applied on ${appliedAt} and is not in the folder`,
    advice: renamed === undefined ? advice : `${renamed.name} has its content: give it its old name back.`,
  }
}

function changed(file: MigrationFile, entry: RecordedMigration | undefined): MigrationDrift | null {
  if (entry === undefined || entry.checksum === file.checksum) return null
  return {
    name: file.name,
    kind: 'changed',
    reason: `was changed after it had been applied on ${entry.appliedAt}`,
    advice: 'Put its text back, and write the change as a new migration.',
  }
}

function late(file: MigrationFile, last: string): MigrationDrift {
  return {
    name: file.name,
    kind: 'late',
    reason: `has not been applied, and comes before ${last}, which has`,
    advice: 'Give it a number after the last applied one, so that every database gets the same order.',
  }
}

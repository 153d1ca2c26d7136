/** The table that records which migrations a database has had. It is made with the first migration, never by looking. */
import type { Executor } from '../engine/types.ts'

/** A migration that has been applied, as the database remembers it. */
export interface RecordedMigration {
  /** Its file name: `0001_users.sql`. */
  readonly name: string
  /** SHA-256 of its text when it was applied. */
  readonly checksum: string
  /** ISO-8601, UTC. */
  readonly appliedAt: string
  readonly durationMs: number
}

/** Name of the table. */
export const MIGRATIONS_TABLE = 'noormme_migrations'

/** What it records, in the order of applying; `null` when the database has no such table. Only looks. */
export async function readHistory(executor: Pick<Executor, 'execute'>): Promise<RecordedMigration[] | null> {
  const { rows: found } = await executor.execute({
    sql: 'SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ? COLLATE NOCASE',
    parameters: ['table', MIGRATIONS_TABLE],
  })
  if (found.length === 0) return null
  const { rows } = await executor.execute({
    sql: `SELECT name, checksum, applied_at, duration_ms FROM ${MIGRATIONS_TABLE} ORDER BY applied_at, rowid`,
  })
  return rows.map((row) => ({
    name: String(row.name),
    checksum: String(row.checksum),
    appliedAt: String(row.applied_at),
    durationMs: Number(row.duration_ms),
  }))
}

/** Adds an entry; makes the table when there is none. */
export async function recordMigration(
  executor: Pick<Executor, 'execute'>,
  migration: RecordedMigration,
): Promise<void> {
  await executor.execute({
    sql: `CREATE TABLE IF NOT EXISTS ${MIGRATIONS_TABLE} (
  name TEXT NOT NULL PRIMARY KEY,
  checksum TEXT NOT NULL,
  applied_at TEXT NOT NULL,
  duration_ms REAL NOT NULL
)`,
  })
  await executor.execute({
    sql: `INSERT INTO ${MIGRATIONS_TABLE} (name, checksum, applied_at, duration_ms) VALUES (?, ?, ?, ?)`,
    parameters: [migration.name, migration.checksum, migration.appliedAt, migration.durationMs],
  })
}

/** Database files in every state in which somebody may look at one, each titled with the protection that it needs. */
import { chmodSync, unlinkSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type DatabaseHolder, holdDatabase } from './database-holder.ts'

/** `users` has a row, so that a log holds more than the schema. */
export const SCHEMA = [
  'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)',
  'CREATE TABLE noormme_migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL, duration_ms REAL NOT NULL)',
  "INSERT INTO users VALUES (1, 'x')",
]
/** More than the two pages that the holder caches: some of it reaches the file before the commit that never comes. */
export const UNFINISHED = [
  'CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, randomblob(500) AS b FROM n',
  "BEGIN; UPDATE filler SET b = zeroblob(500); UPDATE users SET name = 'never'",
]

export interface Kind {
  readonly title: string
  /** Makes `app.db` in `folder`; answers with the process that has it open, if one has. */
  readonly make: (path: string, folder: string) => Promise<DatabaseHolder | null>
}

export async function finished(path: string, mode: 'WAL' | 'DELETE'): Promise<null> {
  const database = new Database(path)
  database.pragma(`journal_mode = ${mode}`)
  for (const statement of SCHEMA) database.exec(statement)
  database.close()
  return null
}

export async function crashed(path: string, mode: 'WAL' | 'DELETE', ...more: readonly string[]): Promise<null> {
  const holder = await holdDatabase(path, mode, ...SCHEMA, ...more)
  await holder.kill()
  return null
}

export const KINDS: readonly Kind[] = [
  { title: 'a DELETE-mode file (nothing converts it)', make: (path) => finished(path, 'DELETE') },
  {
    title: 'a tidy WAL file (opened as immutable, or -wal and -shm would appear)',
    make: (path) => finished(path, 'WAL'),
  },
  {
    title: 'a WAL file with a leftover log (index mapped read-only, or recovery would rewrite -shm)',
    make: (path) => crashed(path, 'WAL'),
  },
  {
    title: 'a WAL file with a leftover log and no index (copied, or -shm would appear)',
    make: async (path) => {
      await crashed(path, 'WAL')
      unlinkSync(`${path}-shm`)
      return null
    },
  },
  {
    title: 'a file with a journal to roll back (copied, or it could not be read at all)',
    make: (path) => crashed(path, 'DELETE', ...UNFINISHED),
  },
  {
    title: 'a read-only file (opened as immutable)',
    make: async (path) => {
      await finished(path, 'WAL')
      chmodSync(path, 0o444)
      return null
    },
  },
  {
    title: 'a file in a read-only folder (opened as immutable, or -shm could not be made)',
    make: async (path, folder) => {
      await finished(path, 'WAL')
      chmodSync(folder, 0o555)
      return null
    },
  },
  {
    title: 'a live WAL file (index mapped read-only, or a read mark would be written)',
    make: (path) => holdDatabase(path, 'WAL', ...SCHEMA),
  },
  { title: 'a live DELETE-mode file', make: (path) => holdDatabase(path, 'DELETE', ...SCHEMA) },
]

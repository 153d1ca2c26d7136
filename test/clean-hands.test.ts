/**
 * What only looks leaves listing, bytes and times of every file as they were. Each kind of file names in its title the
 * protection that it needs; the controls at the end show that an ordinary read-only connection lacks them.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DatabaseHolder, holdDatabase } from './support/database-holder.ts'
import { snapshotOf } from './support/folder-snapshot.ts'
import { runCli } from './support/run-cli.ts'

/** `users` has a row, so that a log holds more than the schema. */
const SCHEMA = [
  'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)',
  'CREATE TABLE noormme_migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL, duration_ms REAL NOT NULL)',
  "INSERT INTO users VALUES (1, 'x')",
]
/** More than the two pages that the holder caches: some of it reaches the file before the commit that never comes. */
const UNFINISHED = [
  'CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, randomblob(500) AS b FROM n',
  "BEGIN; UPDATE filler SET b = zeroblob(500); UPDATE users SET name = 'never'",
]

interface Kind {
  readonly title: string
  /** Makes `app.db` in `folder`; answers with the process that has it open, if one has. */
  readonly make: (path: string, folder: string) => Promise<DatabaseHolder | null>
}

async function finished(path: string, mode: 'WAL' | 'DELETE'): Promise<null> {
  const database = new Database(path)
  database.pragma(`journal_mode = ${mode}`)
  for (const statement of SCHEMA) database.exec(statement)
  database.close()
  return null
}

async function crashed(path: string, mode: 'WAL' | 'DELETE', ...more: readonly string[]): Promise<null> {
  const holder = await holdDatabase(path, mode, ...SCHEMA, ...more)
  await holder.kill()
  return null
}

const KINDS: readonly Kind[] = [
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

const COMMANDS = [
  { verb: 'inspect', args: ['inspect', 'app.db'], code: 0, shows: 'users' },
  { verb: 'inspect of a table', args: ['inspect', 'app.db', 'users'], code: 0, shows: 'name' },
  { verb: 'status', args: ['status', 'app.db', '--dir', '../migrations'], code: 0, shows: '1 pending' },
  {
    verb: 'migrate status',
    args: ['migrate', 'status', 'app.db', '--dir', '../migrations'],
    code: 1,
    shows: 'pending',
  },
]

describe.each(KINDS)('$title', ({ make }) => {
  let root: string
  let folder: string
  let temporary: string
  let holder: DatabaseHolder | null

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'noormme-hands-'))
    folder = join(root, 'data')
    temporary = join(root, 'tmp')
    for (const each of [folder, temporary, join(root, 'migrations')]) mkdirSync(each)
    writeFileSync(join(root, 'migrations', '0001_a.sql'), 'SELECT 1')
    holder = await make(join(folder, 'app.db'), folder)
  })
  afterEach(async () => {
    await holder?.kill()
    chmodSync(folder, 0o755)
    rmSync(root, { recursive: true })
  })

  it.each(COMMANDS)('is left as it was by noormme $verb', async ({ args, code, shows }) => {
    const before = snapshotOf(folder)

    const outcome = await runCli(args, { cwd: folder, env: { TMPDIR: temporary } })

    expect(outcome).toMatchObject({ code, stderr: '' })
    expect(outcome.stdout).toContain(shows)
    expect(snapshotOf(folder)).toEqual(before)
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('an ordinary read-only connection, for comparison,', () => {
  it.each([
    ['leaves files beside a tidy WAL file', (path: string) => finished(path, 'WAL')],
    ['rewrites the index of a leftover log', (path: string) => crashed(path, 'WAL')],
    ['writes its read mark into a live index', (path: string) => holdDatabase(path, 'WAL', ...SCHEMA)],
  ])('%s', async (_, make) => {
    const folder = mkdtempSync(join(tmpdir(), 'noormme-hands-'))
    const path = join(folder, 'app.db')
    const holder = await make(path)
    const before = snapshotOf(folder)

    const ordinary = new Database(path, { readonly: true })
    ordinary.prepare('SELECT count(*) FROM users').get()
    ordinary.close()

    expect(snapshotOf(folder)).not.toEqual(before)
    await holder?.kill()
    rmSync(folder, { recursive: true })
  })

  it('cannot read a file whose journal has to be rolled back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'noormme-hands-'))
    const path = join(folder, 'app.db')
    await crashed(path, 'DELETE', ...UNFINISHED)

    const ordinary = new Database(path, { readonly: true })
    expect(() => ordinary.prepare('SELECT count(*) FROM users').get()).toThrow()
    ordinary.close()
    rmSync(folder, { recursive: true })
  })
})

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { holdDatabase } from '../../test/support/database-holder.ts'
import { snapshotOf } from '../../test/support/folder-snapshot.ts'
import { isNoormmeError } from '../errors.ts'
import { introspect } from '../schema/introspect.ts'
import { readFileFacts } from './file-facts.ts'
import { journalModeOf } from './journal-mode.ts'
import { openReadOnly } from './read-only-file.ts'

// As the command line does; read when the driver is loaded, with the first database.
process.env.SQLITE_USE_URI = '1'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noormme-look-'))
  path = join(folder, 'app.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

function make(file: string, mode: 'WAL' | 'DELETE', ...statements: readonly string[]): void {
  const database = new Database(file)
  database.pragma(`journal_mode = ${mode}`)
  for (const statement of statements) database.exec(statement)
  database.close()
}

function written(text: string): string {
  writeFileSync(path, text)
  return path
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return isNoormmeError(error) ? error.code : `not of the catalogue: ${error}`
  }
  return 'nothing was thrown'
}

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)'
const ROWS = "INSERT INTO users VALUES (1, 'x'), (9007199254740993, NULL)"

describe('opening', () => {
  it.each([
    ['a file that does not exist', () => path, 'NOORMME_CONNECTION'],
    ['a file in a folder that does not exist', () => join(folder, 'no', 'app.db'), 'NOORMME_CONNECTION'],
    ['a folder', () => folder, 'NOORMME_CONNECTION'],
    ['an empty path', () => '', 'NOORMME_CONNECTION'],
    ['a path with a NUL character', () => `${path}\0`, 'NOORMME_CONNECTION'],
    [':memory:', () => ':memory:', 'NOORMME_CONNECTION'],
    ['a text file', () => written('no database, and longer than a header is'.repeat(50)), 'NOORMME_NOT_A_DATABASE'],
    ['a short text file', () => written('x'), 'NOORMME_NOT_A_DATABASE'],
  ])('refuses %s, and makes nothing', (_, given, code) => {
    const target = given()
    const before = snapshotOf(folder)

    expect(codeOf(() => openReadOnly(target))).toBe(code)
    expect(snapshotOf(folder)).toEqual(before)
  })

  it('refuses a damaged schema instead of showing an empty one', async () => {
    make(path, 'DELETE', USERS)
    const damaged = new Database(path)
    damaged.unsafeMode(true)
    damaged.pragma('writable_schema = ON')
    damaged.exec("UPDATE sqlite_schema SET sql = 'CREATE TABLE users (' WHERE name = 'users'")
    damaged.close()

    expect(codeOf(() => openReadOnly(path))).toBe('NOORMME_CORRUPT')
  })

  it('reads an empty file as a database without tables', async () => {
    writeFileSync(path, '')
    using file = openReadOnly(path)

    expect((await introspect(file)).tables).toEqual([])
    expect(file.journalMode).toBe('delete')
    expect(readdirSync(folder)).toEqual(['app.db'])
  })

  it.each([
    'a b.db',
    'what?.db',
    '50%41.db',
    '#1.db',
    'ä ß 漢 🗄.db',
    'a&mode=memory.db',
    'it\'s "this".db',
    ' blanks .db',
    'back\\slash.db',
    'line\nend.db',
  ])('opens %j, and no other file', async (name) => {
    for (const mode of ['DELETE', 'WAL'] as const) {
      const own = mkdtempSync(join(folder, 'own-'))
      make(path, mode, USERS)
      // Not made under its name: the driver trims what it is given.
      copyFileSync(path, join(own, name))

      using file = openReadOnly(join(own, name))

      expect((await introspect(file)).tables.map((table) => table.name)).toEqual(['users'])
      expect(readdirSync(own)).toEqual([name])
      unlinkSync(path)
    }
  })

  it('follows a symbolic link to where the log is', async () => {
    await (await holdDatabase(path, 'WAL', USERS)).kill()
    mkdirSync(join(folder, 'links'))
    symlinkSync(path, join(folder, 'links', 'link.db'))

    using file = openReadOnly(join(folder, 'links', 'link.db'))

    expect(file.path).toBe(path)
    expect((await introspect(file)).tables).toHaveLength(1)
  })
})

describe('reading', () => {
  it('gives exact values, and takes parameters', async () => {
    make(path, 'WAL', USERS, ROWS)
    using file = openReadOnly(path)

    const { rows } = await file.execute({ sql: 'SELECT * FROM users WHERE id > ? ORDER BY id', parameters: [0] })

    expect(rows).toEqual([
      { id: 1, name: 'x' },
      { id: 9007199254740993n, name: null },
    ])
  })

  it.each(['DELETE', 'WAL'] as const)('refuses to write to a %s file, and to its copy', async (mode) => {
    const holder = await holdDatabase(path, mode, USERS, "INSERT INTO users VALUES (1, 'x')")
    await holder.kill()
    if (mode === 'WAL') unlinkSync(`${path}-shm`)
    using file = openReadOnly(path)

    await expect(file.execute({ sql: 'DELETE FROM users' })).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
    await expect(file.execute({ sql: 'DELETE FROM users RETURNING id' })).rejects.toMatchObject({
      code: 'NOORMME_REFUSED',
    })
    await expect(file.execute({ sql: 'COMMIT' })).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
  })

  it('sees one point in time while another process writes', async () => {
    await using _live = await holdDatabase(path, 'WAL', USERS)
    using file = openReadOnly(path)
    // In a process of its own: one of this process would share the index that is mapped read-only.
    await using _writer = await holdDatabase(path, 'WAL', ROWS)

    expect((await file.execute({ sql: 'SELECT count(*) AS n FROM users' })).rows).toEqual([{ n: 0 }])
    using later = openReadOnly(path)
    expect((await later.execute({ sql: 'SELECT count(*) AS n FROM users' })).rows).toEqual([{ n: 2 }])
  })

  it('says so when another process begins to write to a file that nobody had open', async () => {
    make(path, 'WAL', USERS)
    using file = openReadOnly(path)
    expect(file.way).toBe('immutable')

    make(path, 'WAL', ROWS)

    await expect(file.execute({ sql: 'SELECT * FROM users' })).rejects.toMatchObject({ code: 'NOORMME_CONNECTION' })
  })

  it('can be closed twice, and refuses reads then', async () => {
    make(path, 'WAL', USERS)
    const file = openReadOnly(path)
    file.close()
    file.close()

    await expect(file.execute({ sql: 'SELECT 1' })).rejects.toThrow()
  })
})

describe('facts', () => {
  it('names the way, the mode, the sizes and what is in a leftover log', async () => {
    await (await holdDatabase(path, 'WAL', USERS, ROWS)).kill()
    using file = openReadOnly(path)

    expect(file).toMatchObject({ way: 'shared', journalMode: 'wal', inUse: false, users: [] })
    // A page of the schema and one of the table for each commit that touched them, as SQLite counts frames.
    expect(file.log).toEqual({
      bytes: file.sizes.wal,
      frames: ((file.sizes.wal ?? 0) - 32) / (4096 + 24),
      checkpointed: 0,
    })
    expect(file.log?.frames).toBeGreaterThan(0)
    expect(await readFileFacts(file)).toMatchObject({
      pageSize: 4096,
      freelistCount: 0,
      encoding: 'UTF-8',
      userVersion: 0,
    })
  })

  it('counts the frames of the present generation, and those that are checkpointed', async () => {
    await using holder = await holdDatabase(
      path,
      'WAL',
      'CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT i, randomblob(500) AS b FROM n',
      'PRAGMA wal_checkpoint(RESTART)',
      "INSERT INTO filler VALUES (1, 'x')",
      'PRAGMA wal_checkpoint(PASSIVE)',
    )
    using file = openReadOnly(path)

    const framesInFile = ((file.sizes.wal ?? 0) - 32) / (4096 + 24)
    expect(file.log?.frames).toBeLessThan(framesInFile)
    expect(file.log?.frames).toBeGreaterThan(0)
    expect(file.log?.checkpointed).toBe(file.log?.frames)
    expect(file.users).toEqual([{ pid: holder.pid, name: expect.stringContaining('node') }])
  })

  it('finds the process that has a DELETE-mode file open without any lock', async () => {
    await using holder = await holdDatabase(path, 'DELETE', USERS)
    using file = openReadOnly(path)

    expect(file).toMatchObject({ way: 'direct', inUse: true })
    expect(file.users.map(({ pid }) => pid)).toEqual([holder.pid])
  })

  it('knows the journal mode without opening anything', () => {
    expect(journalModeOf(path)).toBeNull()
    make(path, 'WAL', USERS)
    expect(journalModeOf(path)).toBe('wal')
    make(path, 'DELETE', USERS.replace('users', 'others'))
    expect(journalModeOf(path)).toBe('delete')
    writeFileSync(path, '')
    expect(journalModeOf(path)).toBeNull()
  })
})

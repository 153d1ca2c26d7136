/** Against a real engine on real files; better-sqlite3 looks at the result on a connection of its own. */
import { existsSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineOptions } from '../../test/support/engine-options.ts'
import { type OpenRepositories, openRepositories } from '../../test/support/open-repositories.ts'
import { openEngine } from '../engine/engine.ts'
import type { Engine } from '../engine/types.ts'
import { isNoormmeError, type NoormmeError } from '../errors.ts'
import { migrate } from './migrate.ts'
import { migrationStatus } from './status.ts'

let folder: string
let db: OpenRepositories

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noormme-migrations-'))
  db = await openRepositories()
})
afterEach(async () => {
  await db[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const write = (name: string, sql: string | Uint8Array): void => writeFileSync(join(folder, name), sql)
const up = () => migrate(db.engine, folder)

/** What another program finds in the file. */
function seen(sql: string): unknown[] {
  const witness = new Database(db.path, { readonly: true })
  try {
    return witness.prepare(sql).pluck().all()
  } finally {
    witness.close()
  }
}
const tables = (): unknown[] =>
  seen("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'noormme_migrations' ORDER BY name")

async function refusal(attempt: Promise<unknown>): Promise<NoormmeError> {
  try {
    await attempt
  } catch (error) {
    if (isNoormmeError(error)) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('applying', () => {
  it('applies every file once, in the order of its numbers, and says what it did', async () => {
    write('10_c.sql', 'CREATE TABLE c (id INTEGER); INSERT INTO c VALUES (1)')
    write('2_b.sql', 'CREATE TABLE b AS SELECT * FROM a;')
    write('0001_a.sql', 'CREATE TABLE a (id INTEGER);')

    const first = await up()
    const second = await up()

    expect(first.applied.map(({ name, statements }) => [name, statements])).toEqual([
      ['0001_a.sql', 1],
      ['2_b.sql', 1],
      ['10_c.sql', 2],
    ])
    expect(first.skipped).toBe(0)
    expect(second).toEqual({ applied: [], skipped: 3 })
    expect(tables()).toEqual(['a', 'b', 'c'])
  })

  it('records name, checksum, time and duration', async () => {
    write('0001_a.sql', 'CREATE TABLE a (id INTEGER)')

    const { applied } = await up()

    const witness = new Database(db.path, { readonly: true })
    const rows = witness.prepare('SELECT * FROM noormme_migrations').all() as Record<string, unknown>[]
    witness.close()
    expect(rows).toEqual([
      {
        name: '0001_a.sql',
        checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
        applied_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        duration_ms: applied[0]?.durationMs,
      },
    ])
  })

  it('lets SQLite find the end of each statement: triggers, semicolons in strings and comments', async () => {
    write(
      '0001_a.sql',
      `CREATE TABLE a (t TEXT); -- a comment; with a semicolon
/* another; one */
CREATE TRIGGER twice AFTER INSERT ON a WHEN new.t = ';' BEGIN
  INSERT INTO a VALUES (CASE WHEN 1 THEN 'x;y' END);
  INSERT INTO a VALUES ('end');
END;
INSERT INTO a VALUES (';');
`,
    )

    expect((await up()).applied[0]?.statements).toBe(3)
    expect(seen('SELECT t FROM a ORDER BY rowid')).toEqual([';', 'x;y', 'end'])
  })

  it('accepts an empty file, a file of comments, a byte order mark and any line ending', async () => {
    write('0001_empty.sql', '')
    write('0002_comments.sql', '-- nothing\n/* at all */ ;\n')
    write(
      '0003_mark.sql',
      '\uFEFFCREATE TABLE a (id INTEGER);\r\nCREATE TABLE b (id INTEGER);\rCREATE TABLE c (id INTEGER);',
    )

    expect((await up()).applied.map(({ statements }) => statements)).toEqual([0, 0, 3])
    expect(tables()).toEqual(['a', 'b', 'c'])
  })

  it('applies a file that sets user_version, application_id and defer_foreign_keys', async () => {
    write('0001_a.sql', 'PRAGMA user_version = 7; PRAGMA application_id = 4711; PRAGMA defer_foreign_keys = ON;')

    await up()

    expect(seen('PRAGMA user_version')).toEqual([7])
    expect(seen('PRAGMA application_id')).toEqual([4711])
  })

  it('writes nothing when there is nothing to apply', async () => {
    expect(await up()).toEqual({ applied: [], skipped: 0 })
    expect(seen('SELECT name FROM sqlite_schema')).toEqual([])
    expect(db.engine.stats().counters).toMatchObject({ writes: 0, transactions: 0 })
  })

  it('ends no migration for the time it takes', async () => {
    const engine = await openImpatient(join(folder, 'impatient.db'))
    const long = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)'
    write('0001_slow.sql', `CREATE TABLE a AS ${long} SELECT i FROM n`)

    const { applied } = await migrate(engine, folder).finally(() => engine.close())

    expect(applied).toHaveLength(1)
  })
})

/** An engine whose transactions are over after a millisecond. */
function openImpatient(path: string): Promise<Engine> {
  return openEngine(engineOptions(path, { transactionTimeoutMs: 1 }))
}

describe('failing', () => {
  it('leaves nothing of the failing file, keeps those before it, and never comes to those after it', async () => {
    write('0001_a.sql', 'CREATE TABLE a (id INTEGER);')
    write(
      '0002_b.sql',
      "CREATE TABLE b (id INTEGER);\nINSERT INTO b VALUES (1);\n\n  INSERT INTO nowhere\n  VALUES ('x');\nCREATE TABLE later (id INTEGER);",
    )
    write('0003_c.sql', 'CREATE TABLE c (id INTEGER);')

    const error = await refusal(up())

    expect(error.code).toBe('NOORMME_MIGRATION')
    expect(error.context).toMatchObject({
      file: '0002_b.sql',
      line: 4,
      statement: "INSERT INTO nowhere\n  VALUES ('x');",
    })
    expect(error.message).toBe(
      '0002_b.sql:4: no table or view named "nowhere" in: INSERT INTO nowhere VALUES (\'x\'); (applied before it: 0001_a.sql)',
    )
    expect(tables()).toEqual(['a'])

    write('0002_b.sql', 'CREATE TABLE b (id INTEGER);')
    expect((await up()).applied.map(({ name }) => name)).toEqual(['0002_b.sql', '0003_c.sql'])
  })

  it('counts lines by any line ending, behind a byte order mark', async () => {
    write('0001_a.sql', '\uFEFFCREATE TABLE a (id INTEGER);\r\n\r\nSELEC 1;')

    expect((await refusal(up())).context).toMatchObject({ line: 3, statement: 'SELEC 1;' })
    expect(tables()).toEqual([])
  })

  it.each([
    'BEGIN',
    'COMMIT',
    'END',
    'ROLLBACK',
    'SAVEPOINT a',
    "ATTACH 'other.db' AS other",
    'PRAGMA foreign_keys = OFF',
    'PRAGMA journal_mode = DELETE',
    'PRAGMA synchronous = 0',
  ])('refuses %s with its line, and undoes what came before', async (statement) => {
    write('0001_a.sql', `CREATE TABLE a (id INTEGER);\n${statement};\nCREATE TABLE b (id INTEGER);`)

    const error = await refusal(up())

    expect(error.context).toMatchObject({ file: '0001_a.sql', line: 2, statement: `${statement};` })
    expect(error.message).toContain('is refused here')
    expect(tables()).toEqual([])
    expect(seen('PRAGMA journal_mode')).toEqual(['wal'])
  })

  it('undoes everything when the script makes SQLite itself roll back', async () => {
    write(
      '0001_a.sql',
      'CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1);\nINSERT OR ROLLBACK INTO a VALUES (1);\nCREATE TABLE b (id INTEGER);',
    )

    expect((await refusal(up())).context).toMatchObject({ line: 2 })
    expect(tables()).toEqual([])
  })

  it.each([
    ['a folder that does not exist', () => rmSync(folder, { recursive: true }), 'there is no such folder'],
    [
      'a number given twice',
      () => ['0001_a.sql', '1_b.sql'].map((name) => write(name, '')),
      'it has the same number as 0001_a.sql',
    ],
    ['a name without a number', () => write('users.sql', ''), 'its name is not that of a migration'],
    ['an ending in capitals', () => write('0001_a.SQL', ''), 'its name is not that of a migration'],
    ['a text that is not UTF-8', () => write('0001_a.sql', Buffer.from([0x2d, 0x2d, 0xff])), 'it is not UTF-8'],
    [
      'a NUL character',
      () => write('0001_a.sql', 'CREATE TABLE a (id INTEGER);\n\0DROP TABLE a'),
      'it has a NUL character',
    ],
    [
      'a section for reverting',
      () => write('0001_a.sql', 'CREATE TABLE a (id INTEGER);\n-- Down\nDROP TABLE a;'),
      'a section for reverting',
    ],
  ])('refuses %s before anything is applied', async (_, given, reason) => {
    write('0000_first.sql', 'CREATE TABLE first (id INTEGER)')
    given()

    const error = await refusal(up())

    expect(error.code).toBe('NOORMME_MIGRATION')
    expect(error.message).toContain(reason)
    expect(tables()).toEqual([])
    if (!existsSync(folder)) folder = mkdtempSync(join(tmpdir(), 'noormme-migrations-'))
  })

  it('leaves other files of the folder alone', async () => {
    write('0001_a.sql', 'CREATE TABLE a (id INTEGER)')
    for (const name of ['README.md', '.0002_b.sql.swp', '._0001_a.sql', 'schema.json']) write(name, 'no SQL')

    expect((await up()).applied).toHaveLength(1)
  })
})

describe('drift', () => {
  beforeEach(async () => {
    write('0001_a.sql', 'CREATE TABLE a (id INTEGER);\n')
    write('0003_c.sql', 'CREATE TABLE c (id INTEGER);\n')
    await up()
  })

  it.each([
    [
      'changed',
      '0001_a.sql',
      () => write('0001_a.sql', 'CREATE TABLE a (id TEXT);\n'),
      'was changed after it had been applied',
    ],
    ['missing', '0001_a.sql', () => unlinkSync(join(folder, '0001_a.sql')), 'is not in the folder'],
    ['late', '0002_b.sql', () => write('0002_b.sql', 'CREATE TABLE b (id INTEGER)'), 'comes before 0003_c.sql'],
  ])('refuses a migration that is %s, by name, and applies nothing', async (kind, name, given, reason) => {
    write('0004_d.sql', 'CREATE TABLE d (id INTEGER)')
    given()

    const error = await refusal(up())

    expect(error.code).toBe('NOORMME_MIGRATION')
    expect(error.context).toMatchObject({ file: name })
    expect(error.message).toContain(reason)
    expect(tables()).toEqual(['a', 'c'])
    expect((await migrationStatus(db.engine, folder)).drift).toMatchObject([{ kind, name }])
  })

  it('is none when only line endings or a byte order mark differ', async () => {
    write('0001_a.sql', '\uFEFFCREATE TABLE a (id INTEGER);\r\n')

    expect(await up()).toEqual({ applied: [], skipped: 2 })
  })

  it('names the new name of a renamed file, and says when the database is ahead of the folder', async () => {
    unlinkSync(join(folder, '0003_c.sql'))
    expect((await refusal(up())).hint).toContain('ahead of this folder')

    write('0003_see.sql', 'CREATE TABLE c (id INTEGER);\n')
    expect((await refusal(up())).hint).toContain('0003_see.sql has its content')
  })
})

describe('foreign keys', () => {
  beforeEach(async () => {
    write(
      '0001_a.sql',
      `CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parents (id) ON DELETE CASCADE);
CREATE TABLE loose (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parents (id));
INSERT INTO parents VALUES (1, 'x'), (2, 'y'); INSERT INTO children VALUES (1, 1), (2, 1), (3, 2);`,
    )
    await up()
  })

  it('aborts a migration that leaves a foreign key leading nowhere, naming the table', async () => {
    write(
      '0002_b.sql',
      'CREATE TABLE more (parent_id INTEGER);\nINSERT INTO more VALUES (9), (9);\nALTER TABLE more RENAME TO old; CREATE TABLE strict_more (parent_id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED); INSERT INTO strict_more SELECT parent_id FROM old;',
    )

    const error = await refusal(up())

    expect(error.message).toBe('0002_b.sql: it leaves 2 rows of "strict_more" that refer to no row of "parents"')
    expect(tables()).toEqual(['children', 'loose', 'parents'])
  })

  it('does not blame a migration for what was broken before it', async () => {
    const outsider = new Database(db.path)
    outsider.pragma('foreign_keys = OFF')
    outsider.exec('INSERT INTO loose VALUES (1, 77)')
    outsider.close()

    write('0002_b.sql', 'CREATE TABLE b (id INTEGER)')
    expect((await up()).applied).toHaveLength(1)

    write(
      '0003_c.sql',
      'CREATE TABLE c (parent_id INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED); INSERT INTO c VALUES (5)',
    )
    expect((await refusal(up())).message).toContain('1 row of "c"')
  })

  it('names the table whose new keys can never be followed', async () => {
    write('0002_b.sql', 'CREATE TABLE b (name TEXT REFERENCES parents (name))')

    expect((await refusal(up())).message).toContain('the foreign keys of "b" cannot be followed')
  })
})

describe('status', () => {
  it('tells applied, pending and drift without writing', async () => {
    write('0001_a.sql', 'CREATE TABLE a (id INTEGER)')
    await up()
    write('0002_b.sql', 'CREATE TABLE b (id INTEGER)')

    const status = await migrationStatus(db.engine, folder)

    expect(status.applied).toMatchObject([{ name: '0001_a.sql' }])
    expect(status.pending).toEqual(['0002_b.sql'])
    expect(status.drift).toEqual([])
    expect(tables()).toEqual(['a'])
  })

  it('makes no history table', async () => {
    write('0001_a.sql', '')

    expect((await migrationStatus(db.engine, folder)).pending).toEqual(['0001_a.sql'])
    expect(seen('SELECT name FROM sqlite_schema')).toEqual([])
  })
})

it('says which files of the same call were applied before the one that failed, and stay', async () => {
  write('0001_a.sql', 'CREATE TABLE a (v);')
  write('0002_b.sql', 'CREATE TABLE b (v);')
  write('0003_c.sql', 'CREATE TABLE a (v);')

  await expect(up()).rejects.toMatchObject({
    code: 'NOORMME_MIGRATION',
    message: expect.stringContaining('(applied before it: 0001_a.sql, 0002_b.sql)'),
    context: { file: '0003_c.sql', line: 1, applied: ['0001_a.sql', '0002_b.sql'] },
  })

  expect(tables()).toEqual(['a', 'b'])
})

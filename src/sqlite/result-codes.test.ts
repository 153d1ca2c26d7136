import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openConnection, thrownBy } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import {
  BusyError,
  CheckConstraintError,
  ColumnNotFoundError,
  ConstraintError,
  CorruptionError,
  DiskFullError,
  ForeignKeyConstraintError,
  NoormmeError,
  NotNullConstraintError,
  ReadOnlyError,
  StatementError,
  TableNotFoundError,
  UniqueConstraintError,
} from '../errors.ts'
import type { Connection } from './connection.ts'
import type { SqlValue } from './values.ts'

async function withSchema(...statements: readonly string[]): Promise<Connection> {
  const connection = await openConnection()
  for (const sql of statements) connection.write(sql, [])
  return connection
}

const failure = (connection: Connection, sql: string, ...parameters: SqlValue[]): NoormmeError => {
  const error = thrownBy(() => connection.write(sql, parameters))
  expect(error).toBeInstanceOf(NoormmeError)
  return error as NoormmeError
}

describe('constraints', () => {
  test.each<[string, string, string, object]>([
    ['one column', 'CREATE TABLE t (a UNIQUE)', 'INSERT INTO t VALUES (1), (1)', { table: 't', columns: ['a'] }],
    [
      'several columns',
      'CREATE TABLE t (a, b, UNIQUE (a, b))',
      'INSERT INTO t VALUES (1, 2), (1, 2)',
      { table: 't', columns: ['a', 'b'] },
    ],
    [
      'a primary key',
      'CREATE TABLE t (k TEXT PRIMARY KEY) WITHOUT ROWID',
      "INSERT INTO t VALUES ('a'), ('a')",
      { table: 't', columns: ['k'] },
    ],
    [
      'an integer primary key',
      'CREATE TABLE t (id INTEGER PRIMARY KEY)',
      'INSERT INTO t VALUES (1), (1)',
      { table: 't', columns: ['id'] },
    ],
    [
      'the rowid',
      'CREATE TABLE t (a)',
      'INSERT INTO t (rowid, a) VALUES (1, 1), (1, 2)',
      { table: 't', columns: ['rowid'] },
    ],
    [
      'a unique index',
      'CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a)',
      'INSERT INTO t VALUES (1), (1)',
      { table: 't', columns: ['a'] },
    ],
    [
      'an index of expressions',
      `CREATE TABLE t (a); CREATE UNIQUE INDEX "i's" ON t (lower(a))`,
      "INSERT INTO t VALUES ('a'), ('A')",
      { columns: [], constraint: "i's" },
    ],
    [
      'names with dots',
      'CREATE TABLE "a" (x); CREATE TABLE "a.b" ("c.d" UNIQUE)',
      'INSERT INTO "a.b" VALUES (1), (1)',
      { table: 'a.b', columns: ['c.d'] },
    ],
    [
      'names with commas, quotes and spaces',
      'CREATE TABLE "t, ""t" ("a, b", "c d", UNIQUE ("a, b", "c d"))',
      'INSERT INTO "t, ""t" VALUES (1, 2), (1, 2)',
      { table: 't, "t', columns: ['a, b', 'c d'] },
    ],
  ])('a row that exists is told by %s', async (_name, schema, sql, facts) => {
    const connection = await withSchema(...schema.split('; '))

    const error = failure(connection, sql)

    expect(error).toBeInstanceOf(UniqueConstraintError)
    expect(error.context).toMatchObject(facts)
    expect(error.sqliteCode).toMatch(/^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)$/)
  })

  test('a missing value names table and column', async () => {
    const connection = await withSchema('CREATE TABLE "my.t" ("a.b" NOT NULL)')

    const error = failure(connection, 'INSERT INTO "my.t" VALUES (?)', null)

    expect(error).toBeInstanceOf(NotNullConstraintError)
    expect(error.context).toMatchObject({ table: 'my.t', columns: ['a.b'] })
  })

  test.each([
    ['CREATE TABLE t (a CHECK (a > 0))', 'a > 0'],
    ['CREATE TABLE t (a, CONSTRAINT positive CHECK (a > 0))', 'positive'],
    [`CREATE TABLE t (a CHECK (a NOT IN (-1, ': failed: ')))`, "a NOT IN (-1, ': failed: ')"],
  ])('a refused CHECK of %s is named', async (schema, constraint) => {
    const error = failure(await withSchema(schema), 'INSERT INTO t VALUES (?)', -1)

    expect(error).toBeInstanceOf(CheckConstraintError)
    expect(error.context.constraint).toBe(constraint)
  })

  test('a foreign key fails at once, or at COMMIT when it is deferred', async () => {
    const connection = await withSchema(
      'CREATE TABLE p (id INTEGER PRIMARY KEY)',
      'CREATE TABLE c (p REFERENCES p)',
      'CREATE TABLE d (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)',
    )
    expect(failure(connection, 'INSERT INTO c VALUES (1)')).toBeInstanceOf(ForeignKeyConstraintError)

    connection.control('BEGIN')
    connection.write('INSERT INTO d VALUES (1)', [])
    expect(thrownBy(() => connection.control('COMMIT'))).toBeInstanceOf(ForeignKeyConstraintError)
    expect(connection.inTransaction).toBe(true)
    connection.control('ROLLBACK')
  })

  test('a trigger’s own sentence is passed on, a computed one is not', async () => {
    const connection = await withSchema(
      'CREATE TABLE t (a)',
      `CREATE TRIGGER fixed BEFORE INSERT ON t WHEN NEW.a = 1 BEGIN SELECT RAISE(ABORT, 'it''s "sold" out'); END`,
      `CREATE TRIGGER computed BEFORE INSERT ON t WHEN NEW.a <> 1 BEGIN SELECT RAISE(ABORT, 'bad value ' || NEW.a); END`,
    )

    const fixed = failure(connection, 'INSERT INTO t VALUES (?)', 1)
    const computed = failure(connection, 'INSERT INTO t VALUES (?)', 'MARKER')

    expect(fixed).toBeInstanceOf(ConstraintError)
    expect(fixed.context.reason).toBe('it\'s "sold" out')
    expect(computed).toBeInstanceOf(ConstraintError)
    expect(inspect(computed)).not.toContain('MARKER')
  })

  test('RAISE(ROLLBACK) ends the transaction, and that can be seen', async () => {
    const connection = await withSchema(
      'CREATE TABLE t (a)',
      "CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
    )
    connection.control('BEGIN')

    expect(failure(connection, 'INSERT INTO t VALUES (1)')).toBeInstanceOf(ConstraintError)
    expect(connection.inTransaction).toBe(false)
  })

  test('a value of the wrong type in a STRICT table names the column', async () => {
    const error = failure(await withSchema('CREATE TABLE t (a INTEGER) STRICT'), 'INSERT INTO t VALUES (?)', 'MARKER')

    expect(error).toBeInstanceOf(ConstraintError)
    expect(error.sqliteCode).toBe('SQLITE_CONSTRAINT_DATATYPE')
    expect(error.message).toContain('cannot store TEXT value in INTEGER column t.a')
  })

  test('text for a rowid, and text for a LIMIT, are told as such', async () => {
    const connection = await withSchema('CREATE TABLE t (id INTEGER PRIMARY KEY)')

    for (const sql of ['INSERT INTO t VALUES (?)', 'SELECT * FROM t LIMIT ?']) {
      const error = failure(connection, sql, 'MARKER')
      expect(error).toBeInstanceOf(ConstraintError)
      expect(error.message).toContain('a rowid, a LIMIT or an OFFSET must be an integer')
    }
  })
})

describe('the file', () => {
  test('a reading connection cannot write', async () => {
    const { path } = await withSchema('CREATE TABLE t (a)')
    const reader = await openConnection({ path, role: 'reader' })

    expect(failure(reader, 'INSERT INTO t VALUES (1)')).toBeInstanceOf(ReadOnlyError)
    expect(failure(reader, 'CREATE TABLE u (a)')).toBeInstanceOf(ReadOnlyError)
  })

  test('a lock of another connection is busy, and may be tried again', async () => {
    const connection = await withSchema('CREATE TABLE t (a)')
    const other = new BetterSqlite3(connection.path)
    other.exec('BEGIN IMMEDIATE')

    const error = failure(connection, 'INSERT INTO t VALUES (1)')

    expect(error).toBeInstanceOf(BusyError)
    expect(error.retryable).toBe(true)
    other.close()
    connection.write('INSERT INTO t VALUES (1)', [])
  })

  test('a snapshot that is too old to write is busy as well', async () => {
    const connection = await withSchema('CREATE TABLE t (a)')
    const other = new BetterSqlite3(connection.path)
    connection.control('BEGIN')
    connection.objects('SELECT * FROM t', [])
    other.exec('INSERT INTO t VALUES (1)')

    const error = failure(connection, 'INSERT INTO t VALUES (2)')

    expect(error).toBeInstanceOf(BusyError)
    expect(error.sqliteCode).toBe('SQLITE_BUSY_SNAPSHOT')
    connection.control('ROLLBACK')
    other.close()
  })

  test('no space left is told as such', async () => {
    const connection = await withSchema('CREATE TABLE t (a)')
    connection.pragma('max_page_count = 3')

    expect(failure(connection, 'INSERT INTO t VALUES (?)', new Uint8Array(100_000))).toBeInstanceOf(DiskFullError)
    connection.write('INSERT INTO t VALUES (1)', [])
  })

  test('a damaged page is found as corruption', async () => {
    const folder = tempFolder()
    const source = new BetterSqlite3(join(folder, 'source.db'))
    source.exec('CREATE TABLE t (a); CREATE TABLE u (a)')
    const fill = source.prepare('INSERT INTO t VALUES (?)')
    for (let index = 0; index < 2000; index++) fill.run(`row ${index}`)
    const pageSize = source.pragma('page_size', { simple: true }) as number
    const root = source.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 't'").pluck().get() as number
    source.close()
    const path = join(folder, 'damaged.db')
    copyFileSync(join(folder, 'source.db'), path)
    const bytes = readFileSync(path)
    bytes.fill(0xff, (root - 1) * pageSize, root * pageSize)
    writeFileSync(path, bytes)
    const connection = await openConnection({ path })

    expect(failure(connection, 'SELECT count(*) FROM t')).toBeInstanceOf(CorruptionError)
    expect(connection.objects('SELECT count(*) AS n FROM u', [])).toEqual([{ n: 0 }])
  })
})

test.each([
  ['SELEKT 1', 'near "SELEKT": syntax error'],
  ['SELECT nowhere', 'no such column: nowhere'],
  ['SELECT nowhere()', 'no such function: nowhere'],
  ['SELECT 1; SELECT 2', 'more than one statement'],
  ['', 'no statements'],
  ['-- nothing', 'no statements'],
  ["SELECT 'unterminated", 'unrecognized token'],
  ['DELETE FROM t\0 WHERE 1', 'NUL'],
  ["SELECT '\ud800'", 'surrogate'],
  [`SELECT ${Array.from({ length: 32_767 }, () => '?').join()}`, 'too many SQL variables'],
])('%j is a StatementError that says why', async (sql, reason) => {
  const connection = await openConnection()

  const error = failure(connection, sql)

  expect(error).toBeInstanceOf(StatementError)
  expect(error.context.reason).toContain(reason)
})

test('a table that vanished under a kept statement is named, because the statement names it itself', async () => {
  const connection = await withSchema('CREATE TABLE t (a)')
  connection.objects('SELECT * FROM t', [])
  connection.write('DROP TABLE t', [])

  const error = failure(connection, 'SELECT * FROM t')
  expect(error).toBeInstanceOf(TableNotFoundError)
  expect(error.context).toMatchObject({ table: 't' })
})

describe('what is missing', () => {
  const SCHEMA = [
    'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, "odd ""name" TEXT)',
    'CREATE TABLE orders (id INTEGER)',
    'CREATE VIEW broken AS SELECT * FROM gone',
    'CREATE VIEW mails AS SELECT email FROM users',
  ]

  test.each([
    ['SELECT * FROM usres', { table: 'usres', nearest: ['users'] }],
    ['SELECT * FROM main.usres', { table: 'usres', nearest: ['users'] }],
    ['INSERT INTO nowhere VALUES (1)', { table: 'nowhere', nearest: [] }],
    ['ALTER TABLE usres ADD COLUMN a', { table: 'usres', nearest: ['users'] }],
  ])('%s names the table and the nearest one', async (sql, facts) => {
    const connection = await withSchema(...SCHEMA)

    const error = failure(connection, sql)

    expect(error).toBeInstanceOf(TableNotFoundError)
    expect(error.context).toEqual({ ...facts, sql })
    expect(error.sqliteCode).toBe('SQLITE_ERROR')
  })

  test.each([
    ['SELECT emial FROM users', 'users', 'emial', ['email']],
    ['SELECT u.emial FROM users u WHERE id = ?', 'users', 'emial', ['email']],
    ['SELECT "emial" FROM users', 'users', 'emial', ['email']],
    ['SELECT emial FROM mails', 'mails', 'emial', ['email']],
    ['INSERT INTO users (id, emial) VALUES (1, 2)', 'users', 'emial', ['email']],
    ['UPDATE users SET emial = 1', 'users', 'emial', ['email']],
    ['DELETE FROM users WHERE emial = 1', 'users', 'emial', ['email']],
    ['ALTER TABLE users DROP COLUMN emial', 'users', 'emial', ['email']],
    ['SELECT "odd ""nam" FROM users', 'users', 'odd "nam', ['odd "name']],
  ])('%s names the column and the nearest one', async (sql, table, column, nearest) => {
    const connection = await withSchema(...SCHEMA)

    const error = failure(connection, sql)

    expect(error).toBeInstanceOf(ColumnNotFoundError)
    expect(error.context).toEqual({ table, column, nearest, sql })
  })

  test.each([
    'SELECT nope FROM users JOIN orders USING (id)',
    'SELECT nope FROM (SELECT 1)',
    'SELECT nope FROM users WHERE id IN (SELECT id FROM orders)',
    'WITH c AS (SELECT 1 AS a) SELECT nope FROM c',
    'SELECT * FROM broken',
    'SELECT nope(1) FROM users',
  ])('%s leaves open which table is meant, or lacks something else', async (sql) => {
    const connection = await withSchema(...SCHEMA)

    expect(failure(connection, sql)).toBeInstanceOf(StatementError)
  })
})

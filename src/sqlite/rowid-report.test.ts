import { beforeEach, describe, expect, test } from 'vitest'
import { openConnection } from '../../test/support/open-connection.ts'
import type { Connection } from './connection.ts'
import { insertTarget } from './rowid-report.ts'
import type { SqlValue } from './values.ts'

let connection: Connection
const run = (sql: string, ...parameters: SqlValue[]): { changes: number; lastInsertRowid: number | bigint | null } => {
  const { changes, lastInsertRowid } = connection.write(sql, parameters)
  return { changes, lastInsertRowid }
}
/** A neighbour's insert, whose rowid nobody else may report. */
const neighbour = (): void => {
  expect(run('INSERT INTO neighbour VALUES (NULL)').lastInsertRowid).toBe(
    run('SELECT 1').lastInsertRowid ?? lastNeighbour(),
  )
}
const lastNeighbour = (): SqlValue => connection.write('SELECT max(id) FROM neighbour', []).rows[0]?.[0] ?? null

beforeEach(async () => {
  connection = await openConnection()
  for (const sql of [
    'CREATE TABLE neighbour (id INTEGER PRIMARY KEY AUTOINCREMENT)',
    'INSERT INTO neighbour VALUES (4711)',
    'CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE)',
    'CREATE TABLE "odd ""name.t" (a)',
    'CREATE TABLE keyed (k TEXT PRIMARY KEY, v) WITHOUT ROWID',
    'CREATE VIRTUAL TABLE words USING fts5(text)',
    'CREATE VIEW v AS SELECT a FROM t',
    'CREATE TRIGGER v_insert INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (NEW.a); END',
    'CREATE TABLE logged (id INTEGER PRIMARY KEY, a)',
    'CREATE TRIGGER logged_insert AFTER INSERT ON logged BEGIN INSERT INTO t (id, a) VALUES (900 + NEW.id, NEW.a); END',
    "CREATE TRIGGER logged_ignore BEFORE INSERT ON logged WHEN NEW.a = 'ignored' BEGIN SELECT RAISE(IGNORE); END",
  ]) {
    connection.write(sql, [])
  }
})

const CASES: [name: string, sql: string, changes: number, rowid: number | null][] = [
  ['a plain insert', "INSERT INTO t (id, a) VALUES (7, 'x')", 1, 7],
  ['several rows', "INSERT INTO t (id, a) VALUES (7, 'x'), (9, 'y')", 2, 9],
  ['INSERT … SELECT', 'INSERT INTO t (id, a) SELECT 11, 1 UNION ALL SELECT 12, 2', 2, 12],
  ['INSERT … SELECT of nothing', 'INSERT INTO t (id, a) SELECT 11, 1 WHERE 0', 0, null],
  ['WITH … INSERT', 'WITH n(x) AS (SELECT 21) INSERT INTO t (id) SELECT x FROM n', 1, 21],
  [
    'WITH … that contains a SELECT of replace()',
    "WITH n(x) AS (SELECT replace('a', 'a', 'b')) INSERT INTO t (id, a) SELECT 22, x FROM n",
    1,
    22,
  ],
  ['a schema-qualified name', 'INSERT INTO main.t (id) VALUES (31)', 1, 31],
  ['a quoted name', 'INSERT INTO "T" (id) VALUES (32)', 1, 32],
  ['a bracketed, qualified name', 'INSERT OR REPLACE INTO [main].[t] (id) VALUES (33)', 1, 33],
  ['a name with quotes and a dot', 'INSERT INTO "odd ""name.t" (rowid, a) VALUES (34, 1)', 1, 34],
  ['a comment between the words', 'INSERT/* */INTO -- \n t(id) VALUES (35)', 1, 35],
  ['REPLACE of an existing row', "REPLACE INTO t (id, a) VALUES (1, 'new')", 1, 1],
  ['INSERT OR IGNORE that ignores', "INSERT OR IGNORE INTO t (id, a) VALUES (1, 'again')", 0, null],
  ['an upsert that inserts', "INSERT INTO t (id, a) VALUES (41, 'x') ON CONFLICT (id) DO UPDATE SET a = 'y'", 1, 41],
  ['an upsert that updates', "INSERT INTO t (id, a) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET a = 'y'", 1, null],
  ['an upsert that does nothing', "INSERT INTO t (id, a) VALUES (1, 'x') ON CONFLICT DO NOTHING", 0, null],
  ['a table without rowid', "INSERT INTO keyed VALUES ('a', 1)", 1, null],
  ['a table without rowid, replaced', "REPLACE INTO keyed VALUES ('k', 2)", 1, null],
  ['a full-text table', "INSERT INTO words (rowid, text) VALUES (51, 'hello')", 1, 51],
  ['a view with INSTEAD OF', 'INSERT INTO v VALUES (61)', 0, null],
  ['a table whose trigger inserts elsewhere', 'INSERT INTO logged (id, a) VALUES (71, 1)', 1, 71],
  ['a table whose trigger ignores the row', "INSERT INTO logged (id, a) VALUES (72, 'ignored')", 0, null],
  ['an update', 'UPDATE t SET a = 2 WHERE id = 1', 1, null],
  ['an update of a column named replace', 'UPDATE t SET a = replace(a, 1, 2) WHERE id = 1', 1, null],
  ['a delete', 'DELETE FROM t WHERE id = 1', 1, null],
  ['a table', 'CREATE TABLE other (a)', 0, null],
  ['a trigger', 'CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END', 0, null],
  ['a read', 'SELECT 1', 0, null],
]

describe.each([false, true])('inside a transaction: %s', (inside) => {
  test.each(CASES)('%s reports its own rowid or none', (_name, sql, changes, rowid) => {
    run("INSERT INTO t (id, a) VALUES (1, 'first')")
    run("INSERT INTO keyed VALUES ('k', 1)")
    if (inside) connection.control('BEGIN IMMEDIATE')
    run('INSERT INTO neighbour VALUES (NULL)')

    expect(run(sql)).toEqual({ changes, lastInsertRowid: rowid })

    run('INSERT INTO neighbour VALUES (NULL)')
    if (inside) connection.control('COMMIT')
  })

  test.each(
    CASES.filter(([, sql]) => /^(insert|replace|with|update|delete)/i.test(sql) && !/INTO (v|words) /.test(sql)),
  )('%s reports the same with RETURNING', (_name, sql, changes, rowid) => {
    run("INSERT INTO t (id, a) VALUES (1, 'first')")
    run("INSERT INTO keyed VALUES ('k', 1)")
    if (inside) connection.control('BEGIN IMMEDIATE')
    run('INSERT INTO neighbour VALUES (NULL)')

    expect(run(`${sql} RETURNING 1`)).toEqual({ changes, lastInsertRowid: rowid })
    if (inside) connection.control('COMMIT')
  })
})

test('the same statement again, interleaved with a neighbour, never reports the neighbour’s rowid', () => {
  const upsert = 'INSERT INTO t (id, a) VALUES (?, 1) ON CONFLICT DO UPDATE SET a = a + 1'
  const ignore = 'INSERT OR IGNORE INTO t (id) VALUES (?)'

  const reported = [5, 5, 6, 5].flatMap((id) => {
    neighbour()
    const first = run(upsert, id).lastInsertRowid
    neighbour()
    return [first, run(ignore, id).lastInsertRowid]
  })

  expect(reported).toEqual([5, null, null, null, 6, null, null, null])
})

test('a table that is rebuilt without rowid stops reporting one, though the statement is kept', () => {
  expect(run("INSERT INTO t (id, a) VALUES (3, 'x')").lastInsertRowid).toBe(3)
  run('DROP VIEW v')
  run('DROP TRIGGER logged_insert')
  run('DROP TABLE t')
  run('CREATE TABLE t (id INTEGER PRIMARY KEY, a) WITHOUT ROWID')
  run('INSERT INTO neighbour VALUES (NULL)')

  expect(run("INSERT INTO t (id, a) VALUES (3, 'x')")).toEqual({ changes: 1, lastInsertRowid: null })
})

describe('a statement that asks for last_insert_rowid()', () => {
  const firstValue = (sql: string): SqlValue => connection.write(sql, []).rows[0]?.[0] ?? null

  test('is given what SQLite would give, after a statement that inserted none', () => {
    connection.control('BEGIN')
    run('INSERT INTO t (id, a) VALUES (5, 5)')
    run("INSERT INTO keyed VALUES ('a', 1), ('b', 2), ('c', 3)")

    expect(connection.write('SELECT changes(), last_insert_rowid()', []).rows).toEqual([[3, 5]])
    run("INSERT INTO keyed VALUES ('d', 1)")
    run('INSERT INTO t (id) VALUES (5) ON CONFLICT DO NOTHING')
    expect(connection.write('SELECT changes(), last_insert_rowid()', []).rows).toEqual([[0, 5]])
    expect([...connection.iterate('SELECT last_insert_rowid()', [])]).toEqual([[5]])
    connection.control('COMMIT')
  })

  test('stores the neighbour’s rowid when it inserts elsewhere itself', () => {
    connection.control('BEGIN')
    run('INSERT INTO t (id, a) VALUES (5, 5)')
    run("INSERT INTO words (rowid, text) VALUES (last_insert_rowid(), 'five')")
    run("INSERT INTO keyed VALUES ('five', last_insert_rowid())")

    expect(firstValue('SELECT rowid FROM words')).toBe(5)
    expect(firstValue("SELECT v FROM keyed WHERE k = 'five'")).toBe(5)
    connection.control('COMMIT')
  })

  test('reports its own rowid when that is a new one, and no other', () => {
    run('INSERT INTO t (id, a) VALUES (5, 5)')

    expect(run("INSERT INTO words (rowid, text) VALUES (last_insert_rowid() + 1, 'six')").lastInsertRowid).toBe(6)
    expect(run("INSERT INTO keyed VALUES ('six', last_insert_rowid())").lastInsertRowid).toBe(null)
  })

  test('may stand in a trigger', () => {
    run('CREATE TABLE audit (a)')
    run('CREATE TRIGGER keyed_insert AFTER INSERT ON keyed BEGIN INSERT INTO audit VALUES (last_insert_rowid()); END')
    run('INSERT INTO t (id, a) VALUES (5, 5)')

    expect(run("INSERT INTO keyed VALUES ('x', 1)").lastInsertRowid).toBe(null)
    expect(firstValue('SELECT a FROM audit')).toBe(5)
  })
})

test.each([
  ['INSERT INTO t VALUES (1)', 't', false],
  ['insert or replace into "a ""b" values (1)', 'a "b', false],
  ['INSERT INTO main.[x y] VALUES (1)', 'x y', false],
  ['REPLACE INTO t VALUES (1)', 't', false],
  ['WITH a AS (INSERT) INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING', 't', true],
])('the target of %j is read off its head', (sql, table, upsert) => {
  expect(insertTarget(sql)).toEqual({ table, upsert })
})

test.each([
  'SELECT 1',
  'UPDATE t SET a = 1',
  'DELETE FROM t',
  'WITH a AS (SELECT 1) SELECT replace(1, 2, 3)',
  'DROP TABLE t',
  'CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END',
  '',
])('%j inserts nothing', (sql) => {
  expect(insertTarget(sql)).toBe(null)
})

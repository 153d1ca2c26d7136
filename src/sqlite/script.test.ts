import { expect, test } from 'vitest'
import { openConnection } from '../../test/support/open-connection.ts'
import { RefusedError, StatementError, TableNotFoundError, UniqueConstraintError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { runScript, type ScriptOutcome } from './script.ts'

async function run(script: string): Promise<{ connection: Connection; outcome: ScriptOutcome }> {
  const connection = await openConnection()
  connection.control('BEGIN')
  const outcome = runScript(connection, script)
  connection.control('COMMIT')
  return { connection, outcome }
}

const rows = (connection: Connection, sql: string): unknown[] => connection.arrays(sql, []).rows

test.each([
  ['several statements', "CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO t VALUES ('a;b')", 3],
  ['no final semicolon', 'CREATE TABLE t (a)', 1],
  ['only semicolons and comments', ';;/* a; */;-- b;\n;', 0],
  ['nothing', '', 0],
  ['only a byte order mark', '\uFEFF', 0],
  ['a byte order mark first', '\uFEFFCREATE TABLE t (a);', 1],
  ['CRLF', 'CREATE TABLE t (a);\r\n-- one; two\r\nINSERT INTO t VALUES (1);\r\n', 2],
  ['a comment at the end', 'CREATE TABLE t (a); -- the end', 1],
  ['an unterminated comment at the end', 'CREATE TABLE t (a); /* the end;', 1],
  [
    'semicolons in names, strings and comments',
    'CREATE TABLE "a;b" ("c;d" DEFAULT \';\', [e;f], `g;h`) /* ; */; INSERT INTO "a;b" DEFAULT VALUES',
    2,
  ],
  [
    'statements that need what came before',
    'CREATE TABLE t (a); CREATE INDEX i ON t (a); ALTER TABLE t RENAME TO u; ALTER TABLE u ADD COLUMN b; INSERT INTO u (a, b) VALUES (1, 2); CREATE VIEW v AS SELECT b FROM u; DROP VIEW v',
    7,
  ],
  ['a read', 'SELECT 1; SELECT 2', 2],
  [
    'PRAGMAs that belong to the file or the transaction',
    'PRAGMA user_version = 3; PRAGMA application_id = 4; PRAGMA defer_foreign_keys = ON; PRAGMA foreign_key_check;',
    4,
  ],
])('%s', async (_name, script, statements) => {
  const { outcome } = await run(script)

  expect(outcome).toEqual({ statements, failure: null })
})

test('triggers with CASE … END, several statements and odd names are taken whole', async () => {
  const { connection, outcome } = await run(`
    CREATE TABLE t (a, "end;");
    CREATE TABLE log (what);
    CREATE TRIGGER one AFTER INSERT ON t BEGIN
      INSERT INTO log VALUES (CASE WHEN NEW.a > 1 THEN 'many;' ELSE 'one' END);
      UPDATE t SET "end;" = CASE a WHEN 1 THEN 'END;' END WHERE rowid = NEW.rowid; -- END;
      SELECT CASE WHEN NEW.a = 3 THEN RAISE(ABORT, 'no; three') END;
    END;
    CREATE TRIGGER [two;] AFTER DELETE ON t BEGIN DELETE FROM log; END;
    INSERT INTO t (a) VALUES (1);
    INSERT INTO t (a) VALUES (2)`)

  expect(outcome).toEqual({ statements: 6, failure: null })
  expect(rows(connection, 'SELECT what FROM log')).toEqual([['one'], ['many;']])
  expect(rows(connection, "SELECT name FROM sqlite_schema WHERE type = 'trigger'")).toEqual([['one'], ['two;']])
})

test.each([
  ['a syntax error', 'CREATE TABLE t (a);\n  SELEKT 1;\nSELECT 2;', 'SELEKT 1;', StatementError, 1],
  [
    'an unknown table',
    'SELECT 1; /* é😀 */ INSERT INTO nowhere VALUES (1); SELECT 2',
    'INSERT INTO nowhere VALUES (1);',
    TableNotFoundError,
    1,
  ],
  [
    'an unknown table in a text that mentions incomplete input',
    "INSERT INTO nowhere VALUES ('incomplete input'); SELECT 2;",
    "INSERT INTO nowhere VALUES ('incomplete input');",
    TableNotFoundError,
    0,
  ],
  [
    'a constraint',
    'CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1);\r\nINSERT INTO t VALUES (1)',
    'INSERT INTO t VALUES (1)',
    UniqueConstraintError,
    2,
  ],
  [
    'a trigger without end',
    'CREATE TABLE t (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; SELECT 2;',
    'CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; SELECT 2;',
    StatementError,
    1,
  ],
  ['a COMMIT', 'CREATE TABLE t (a); commit; SELECT 1', 'commit;', RefusedError, 1],
  [
    'a PRAGMA that sets',
    'SELECT 1; PRAGMA foreign_keys = OFF; SELECT 1',
    'PRAGMA foreign_keys = OFF;',
    RefusedError,
    1,
  ],
  [
    'a temporary trigger',
    'CREATE TABLE t (a); CREATE TEMP TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END; SELECT 1',
    'CREATE TEMP TRIGGER r AFTER INSERT ON t BEGIN SELECT 1;',
    RefusedError,
    1,
  ],
  ['an ATTACH', "ATTACH 'x' AS y", "ATTACH 'x' AS y", RefusedError, 0],
  [
    'a NUL',
    'CREATE TABLE t (a); DELETE FROM t\0 WHERE a = 1; SELECT 1',
    'DELETE FROM t\0 WHERE a = 1;',
    StatementError,
    1,
  ],
])('%s stops the script, and is named with its place', async (_name, script, statement, errorClass, before) => {
  const { outcome } = await run(script)

  expect(outcome.statements).toBe(before)
  expect(outcome.failure?.statement).toBe(statement)
  expect(script.slice(outcome.failure?.offset)).toMatch(statement)
  expect(outcome.failure?.offset).toBe(script.lastIndexOf(statement))
  expect(outcome.failure?.error).toBeInstanceOf(errorClass)
})

test('a refused statement in the middle leaves the transaction open and the connection as it was', async () => {
  const connection = await openConnection()
  connection.control('BEGIN')

  runScript(connection, 'CREATE TABLE t (a); ROLLBACK; PRAGMA foreign_keys = OFF')

  expect(connection.inTransaction).toBe(true)
  expect(connection.pragma('foreign_keys')).toBe(1)
  connection.control('ROLLBACK')
  expect(rows(connection, "SELECT name FROM sqlite_schema WHERE name = 't'")).toEqual([])
})

test('five thousand statements are run in order', async () => {
  const inserts = Array.from({ length: 5000 }, (_, index) => `INSERT INTO t VALUES (${index}, 'a;b'); -- ${index};\n`)
  const { connection, outcome } = await run(`CREATE TABLE t (a, b);${inserts.join('')}`)

  expect(outcome).toEqual({ statements: 5001, failure: null })
  expect(rows(connection, 'SELECT count(*), sum(a), max(rowid - a) FROM t')).toEqual([[5000, 12497500, 1]])
})

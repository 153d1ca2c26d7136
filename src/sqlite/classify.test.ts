import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { RefusedError } from '../errors.ts'
import { classify } from './classify.ts'

/** Every state of a connection that a statement might change without being a write. */
function stateOf(database: BetterSqlite3.Database): unknown {
  const names = [
    'foreign_keys',
    'journal_mode',
    'synchronous',
    'cache_size',
    'temp_store',
    'query_only',
    'user_version',
    'busy_timeout',
    'recursive_triggers',
    'secure_delete',
    'wal_autocheckpoint',
    'locking_mode',
    'case_sensitive_like',
  ]
  return {
    pragmas: names.map((name) => database.pragma(name, { simple: true })),
    databases: database.prepare("SELECT name, file FROM pragma_database_list WHERE name <> 'temp'").all(),
    temporary: database.prepare('SELECT name FROM sqlite_temp_schema').all(),
    schema: database.prepare('SELECT name FROM sqlite_schema').all(),
    inTransaction: database.inTransaction,
  }
}

/** Sends what `classify` lets through, as a connection would. */
function send(database: BetterSqlite3.Database, sql: string): void {
  classify(sql)
  const statement = database.prepare(sql)
  if (statement.reader) statement.all()
  else statement.run()
}

const REFUSED = [
  'BEGIN',
  'begin immediate',
  'COMMIT',
  'END TRANSACTION',
  'ROLLBACK',
  'SAVEPOINT a',
  'RELEASE a',
  "ATTACH ':memory:' AS other",
  'DETACH other',
  ';;BEGIN',
  '/* a */ -- b\n BEGIN',
  '\uFEFFBEGIN',
  'CREATE TEMP TABLE x (a)',
  'create temporary view x as select 1',
  'CREATE TABLE temp.x (a)',
  'CREATE TABLE "temp".x (a)',
  "CREATE TABLE 'TEMP'.x (a)",
  'CREATE TABLE [temp] . x (a)',
  'CREATE TABLE IF NOT EXISTS temp/* */.x (a)',
  'CREATE UNIQUE INDEX IF NOT EXISTS temp.i ON t (a)',
  'CREATE VIRTUAL TABLE temp.x USING fts5(a)',
  'CREATE VIRTUAL TABLE IF NOT EXISTS `temp`.x USING fts5(a)',
  'CREATE VIEW temp.v AS SELECT 1',
  'PRAGMA foreign_keys = OFF',
  'pragma foreign_keys=off',
  'PRAGMA foreign_keys(0)',
  'PRAGMA main.foreign_keys(0)',
  'PRAGMA "main"."foreign_keys" = 0',
  "PRAGMA 'foreign_keys' = 0",
  'PRAGMA [foreign_keys] = 0',
  'PRAGMA `foreign_keys` = 0',
  'PRAGMA/**/foreign_keys/**/=/**/0',
  'PRAGMA foreign_keys -- comment\n = 0',
  ' ; PRAGMA foreign_keys = 0',
  'EXPLAIN PRAGMA foreign_keys = 0',
  'EXPLAIN QUERY PLAN PRAGMA foreign_keys = 0',
  'explain /* */ query plan pragma main.foreign_keys(0);',
  'EXPLAIN BEGIN',
  'PRAGMA journal_mode = DELETE',
  'PRAGMA synchronous = 0',
  'PRAGMA cache_size = 1',
  'PRAGMA temp_store = 1',
  'PRAGMA query_only = 1',
  'PRAGMA user_version = 7',
  'PRAGMA recursive_triggers = 0',
  'PRAGMA writable_schema = 1',
  'PRAGMA case_sensitive_like = 1',
  'PRAGMA locking_mode = EXCLUSIVE',
  'PRAGMA optimize',
  'PRAGMA wal_checkpoint',
  'PRAGMA incremental_vacuum',
  'PRAGMA shrink_memory',
  'PRAGMA constructor = 1',
  'SELECT * FROM pragma_optimize(0x10012)',
  'SELECT * FROM "PRAGMA_optimize" WHERE arg = 0x10012',
  'CREATE VIEW v AS SELECT * FROM [pragma_optimize]',
  "SELECT fts3_tokenizer('own', ?)",
  `SELECT "fts3_tokenizer"('own', ?)`,
  'DROP TABLE noormme_rowid',
  'INSERT INTO temp."Noormme_ROWID" VALUES (1)',
  "VACUUM INTO '/tmp/copy.db'",
  "VACUUM main INTO 'copy.db'",
]

test.each(REFUSED)('%j is refused, and nothing happened', (sql) => {
  const database = new BetterSqlite3(':memory:')
  database.exec('CREATE TABLE t (a); CREATE INDEX t_a ON t (a); INSERT INTO t VALUES (1), (2)')
  const before = stateOf(database)

  let refusal: unknown
  try {
    send(database, sql)
  } catch (error) {
    refusal = error
  }

  expect(refusal).toBeInstanceOf(RefusedError)
  expect((refusal as RefusedError).hint).toMatch(/^\S.*\.$/)
  expect(stateOf(database)).toEqual(before)
})

test('without the refusal, EXPLAIN and a table-valued PRAGMA would have acted', () => {
  const database = new BetterSqlite3(':memory:')
  database.exec('CREATE TABLE t (a); CREATE INDEX t_a ON t (a); INSERT INTO t VALUES (1), (2)')

  database.prepare('EXPLAIN PRAGMA foreign_keys = OFF')
  database.prepare('SELECT * FROM pragma_optimize(0x10012)').all()

  expect(database.pragma('foreign_keys', { simple: true })).toBe(0)
  expect(
    database.prepare("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'").pluck().get(),
  ).toBeGreaterThan(0)
})

test.each([
  'table_info(t)',
  'table_xinfo(t)',
  'table_list',
  'index_list(t)',
  'index_info(t_a)',
  'index_xinfo = t_a',
  'foreign_key_list(t)',
  'foreign_key_check',
  'foreign_key_check(t)',
  'integrity_check',
  'integrity_check(10)',
  'quick_check',
  'collation_list',
  'compile_options',
  'database_list',
  'function_list',
  'module_list',
  'pragma_list',
  'foreign_keys',
  'main.journal_mode',
  'user_version;',
  'page_count',
  'page_size -- why',
  'data_version',
  'schema_version',
  'freelist_count',
  'encoding',
  'auto_vacuum',
  'synchronous',
  'cache_size',
  'temp_store',
  'busy_timeout',
  'mmap_size',
  'wal_autocheckpoint',
])('PRAGMA %s only reads: it is let through and changes nothing', (text) => {
  const database = new BetterSqlite3(':memory:')
  database.exec('CREATE TABLE t (a); CREATE INDEX t_a ON t (a)')
  const before = stateOf(database)

  send(database, `PRAGMA ${text}`)

  expect(classify(`PRAGMA ${text}`).kind).toBe('read')
  expect(stateOf(database)).toEqual(before)
})

test('no table-valued PRAGMA that is let through changes anything', () => {
  const database = new BetterSqlite3(':memory:')
  database.exec('CREATE TABLE t (a); CREATE INDEX t_a ON t (a); INSERT INTO t VALUES (1), (2)')
  const before = stateOf(database)
  const names = database
    .prepare('SELECT name FROM pragma_module_list WHERE name LIKE ?')
    .pluck()
    .all('pragma_%') as string[]
  const all = database.prepare('SELECT name FROM pragma_pragma_list').pluck().all() as string[]
  let ran = 0

  for (const name of new Set([...names, ...all.map((pragma) => `pragma_${pragma}`)])) {
    for (const call of [name, `${name}(0)`, `${name}('delete')`, `${name}(0, 'main')`, `${name}('main')`]) {
      try {
        send(database, `SELECT * FROM ${call}`)
        ran++
      } catch {
        // Refused, or no such table-valued PRAGMA, or no such argument: it did not run.
      }
    }
  }

  expect(ran).toBeGreaterThan(20)
  expect(stateOf(database)).toEqual(before)
})

describe('what is let through', () => {
  test.each([
    ['SELECT 1', 'read'],
    ['  select 1;', 'read'],
    ['VALUES (1)', 'read'],
    ['WITH a AS (SELECT 1) SELECT * FROM a', 'read'],
    ['EXPLAIN DELETE FROM t', 'read'],
    ['EXPLAIN QUERY PLAN UPDATE t SET a = 1', 'read'],
    ['INSERT INTO t VALUES (1)', 'write'],
    [';insert into t values (1)', 'write'],
    ['REPLACE INTO t VALUES (1)', 'write'],
    ['UPDATE t SET a = 1', 'write'],
    ['DELETE FROM t', 'write'],
    ['CREATE TABLE temp (a)', 'write'],
    ['CREATE TABLE main.temp (a)', 'write'],
    ['CREATE TABLE "temp.x" (a)', 'write'],
    ['CREATE VIEW v AS SELECT temp.a FROM t AS temp', 'write'],
    ['CREATE INDEX i ON temp (a)', 'write'],
    ['DROP TABLE t', 'write'],
    ['ALTER TABLE t ADD COLUMN b', 'write'],
    ['REINDEX', 'write'],
    ['ANALYZE', 'write'],
    ['VACUUM', 'alone'],
    ['vacuum main', 'alone'],
    ['', 'read'],
  ] as const)('%j is a %s', (sql, kind) => {
    expect(classify(sql).kind).toBe(kind)
  })
})

test.each([
  ['SELECT changes()', true],
  ['SELECT LAST_INSERT_ROWID ( )', true],
  ['SELECT total_changes/* */()', true],
  ['SELECT "changes"(), 1', true],
  ['SELECT [last_insert_rowid]()', true],
  ['INSERT INTO t VALUES (last_insert_rowid())', true],
  ["SELECT 'changes()'", false],
  ['SELECT 1 -- changes()', false],
  ['SELECT /* last_insert_rowid() */ 1', false],
  ['SELECT changes FROM t', false],
  ['SELECT "changes", (1) FROM t', false],
  ['SELECT my_changes() FROM t', false],
  ["SELECT 'changes' (1)", false],
  ['CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO u VALUES (last_insert_rowid()); END', false],
  ['CREATE VIEW v AS SELECT changes()', false],
  ['CREATE TABLE u AS SELECT changes()', true],
])('%j asks the connection: %s', (sql, asks) => {
  expect(classify(sql).asksConnection).toBe(asks)
})

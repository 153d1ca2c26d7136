import { describe, expect, test } from 'vitest'
import {
  fingerprint,
  isSchemaStatement,
  looksUp,
  lookupOf,
  readsOnly,
  summaryOf,
  tableRead,
  withoutValues,
} from './fingerprint.ts'

test.each([
  ['SELECT * FROM t WHERE a = 1', 'SELECT * FROM t WHERE a = ?'],
  ["select *\n  from t -- why\n where a='it''s' and b = :b", 'select * from t where a = ? and b = ?'],
  ['SELECT * FROM t WHERE a IN (1, 2, ?) LIMIT 10;', 'SELECT * FROM t WHERE a IN ( ? ) LIMIT ?'],
  ['SELECT "a?", [b 1] FROM "1"', 'SELECT "a?" , [b 1] FROM "1"'],
  ['', ''],
])('%j has the fingerprint %j', (sql, expected) => {
  expect(fingerprint(sql)).toBe(expected)
})

test('lists of any length are one statement', () => {
  const list = (count: number) => `SELECT * FROM t WHERE a IN (${Array.from({ length: count }, () => '?').join(', ')})`

  expect(new Set([1, 2, 500].map((count) => fingerprint(list(count)))).size).toBe(1)
})

test.each([
  ['CREATE TABLE t (a)', true],
  ['  create index i on t (a)', true],
  ['-- first\n/* then */ DROP VIEW v', true],
  ['\talter table t add column b', true],
  ['DELETE FROM t', false],
  ["INSERT INTO t VALUES ('CREATE TABLE')", false],
  ['-- CREATE TABLE t\nSELECT 1', false],
  ['ANALYZE', false],
  ['VACUUM', false],
  ['', false],
])('whether %j alters the schema: %s', (sql, expected) => {
  expect(isSchemaStatement(sql)).toBe(expected)
})

test.each([
  ['SELECT 1', true],
  ['WITH a AS (SELECT 1) SELECT * FROM a', true],
  ['WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', false],
  ['WITH a AS (SELECT replace(b, 1, 2) FROM c) SELECT * FROM a', true],
  ['INSERT INTO t VALUES (1)', false],
  ['PRAGMA table_info(t)', true],
  ['VACUUM', false],
])('whether %j only reads: %s', (sql, expected) => {
  expect(readsOnly(sql)).toBe(expected)
})

describe('lookups', () => {
  test.each([
    ['SELECT * FROM t WHERE id = ?', { table: 't', column: 'id' }],
    ['select * from "users" where "id" = ?', { table: 'users', column: 'id' }],
    ['SELECT "id" FROM "a ""b" WHERE "c d" = +?', { table: 'a "b', column: 'c d' }],
    ['SELECT * FROM t WHERE t.a IN (1, 2)', { table: 't', column: 'a' }],
    ['SELECT * FROM t WHERE a COLLATE "NOCASE" = ?', { table: 't', column: 'a' }],
    ['SELECT * FROM t JOIN u WHERE t.a = ?', null],
    ['SELECT * FROM t WHERE a > ?', null],
    ['SELECT * FROM t', null],
    ['SELECT 1', null],
  ])('%s is by %j', (sql, expected) => {
    expect(lookupOf(sql)).toEqual(expected)
  })

  test.each([
    ['SELECT * FROM t WHERE id = ?', true],
    ['SELECT * FROM t JOIN u ON t.id = u.t WHERE u.a = 7 LIMIT 1', true],
    ['SELECT * FROM t WHERE a IN (?, ?)', true],
    ['SELECT * FROM t WHERE a = ? AND b > ?', true],
    ['SELECT * FROM t WHERE a = ? AND b > ? LIMIT 10', false],
    ['SELECT * FROM t WHERE a = ? LIMIT 10 OFFSET 20', false],
    ['SELECT * FROM t WHERE a > ?', false],
    ['SELECT * FROM t JOIN u ON t.id = u.t', false],
    ['SELECT * FROM t', false],
  ])('whether %s looks rows up: %s', (sql, expected) => {
    expect(looksUp(sql)).toBe(expected)
  })

  test.each([
    ['SELECT * FROM "posts" LIMIT 5', 'posts'],
    ['SELECT * FROM (SELECT 1)', null],
    ['SELECT 1', null],
  ])('%s reads %j', (sql, expected) => {
    expect(tableRead(sql)).toBe(expected)
  })
})

test('rows of values are one, however many', () => {
  const rows = (count: number) => `INSERT INTO t (a, b) VALUES ${new Array(count).fill("(1, 'x')").join(', ')}`
  expect(fingerprint(rows(3))).toBe('INSERT INTO t ( a , b ) VALUES ( ? )')
  expect(fingerprint(rows(1))).toBe(fingerprint(rows(50)))
})

test.each([
  ["SELECT *\n  FROM t -- all\n  WHERE a IN (1, 2,3) AND b='it''s'", 'SELECT * FROM t WHERE a IN (?) AND b=?'],
  ['INSERT INTO t VALUES (1, 2), (3, 4)', 'INSERT INTO t VALUES (?)'],
  ['/* a secret */ SELECT "a 1", x\'ff\', :name', 'SELECT "a 1", ?'],
  ['SELECT 1;', 'SELECT ?;'],
  ['', ''],
])('%j without its values is %j', (sql, expected) => {
  expect(withoutValues(sql)).toBe(expected)
})

test.each([
  ['SELECT a FROM "two words" WHERE 1', 'SELECT two words'],
  ['select 1', 'SELECT'],
  ['SELECT * FROM (SELECT 1)', 'SELECT'],
  ['INSERT OR IGNORE INTO t VALUES (1)', 'INSERT t'],
  ['REPLACE INTO t VALUES (1)', 'REPLACE t'],
  ['UPDATE OR IGNORE t SET a = 1', 'UPDATE t'],
  ['update [t] set a = 1', 'UPDATE t'],
  ['DELETE FROM t', 'DELETE t'],
  ['CREATE TABLE t (id)', 'CREATE TABLE'],
  ['WITH x AS (SELECT 1) SELECT * FROM x', 'WITH'],
  ['PRAGMA quick_check', 'PRAGMA'],
  ['', ''],
])('%j in few words is %j', (sql, expected) => {
  expect(summaryOf(sql)).toBe(expected)
})

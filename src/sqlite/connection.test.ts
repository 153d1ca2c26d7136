import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openConnection, thrownBy } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { NoormmeError } from '../errors.ts'
import { toObjects } from './connection.ts'

test('a file without permission to write can be read, and a write says why it failed', async () => {
  const path = join(tempFolder(), 'test.db')
  new BetterSqlite3(path).exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)').close()
  chmodSync(path, 0o444)
  const reader = await openConnection({ path, role: 'reader' })

  expect(reader.objects('SELECT a FROM t', [])).toEqual([{ a: 1 }])
  expect(thrownBy(() => reader.write('INSERT INTO t VALUES (2)', []))).toMatchObject({ code: 'NOORMME_READ_ONLY' })
})

test('EXPLAIN tells the plan as it is, on the connection that has altered the schema and on others', async () => {
  const path = join(tempFolder(), 'test.db')
  const writer = await openConnection({ path })
  writer.write('CREATE TABLE t (a, b)', [])
  const reader = await openConnection({ path, role: 'reader' })
  const plan = (of: typeof writer) => of.objects('EXPLAIN QUERY PLAN SELECT b FROM t WHERE a = ?', [1])[0]?.detail

  expect([plan(writer), plan(reader)]).toEqual(['SCAN t', 'SCAN t'])
  writer.write('CREATE INDEX i ON t (a)', [])
  expect([plan(writer), plan(reader)]).toEqual(Array(2).fill('SEARCH t USING INDEX i (a=?)'))
})

test('after every kind of failing statement the connection is free: it can alter the schema and close', async () => {
  const connection = await openConnection()
  connection.write('CREATE TABLE t (a UNIQUE, b CHECK (b > 0))', [])
  connection.write('INSERT INTO t VALUES (1, 1)', [])
  const failing: (() => unknown)[] = [
    () => connection.write('SELEKT', []),
    () => connection.write('INSERT INTO t VALUES (1, 1)', []),
    () => connection.write('INSERT INTO t VALUES (2, 0)', []),
    () => connection.write('INSERT INTO t VALUES (3, 1), (1, 1) RETURNING a', []),
    () => connection.write('INSERT INTO t VALUES (?, ?)', [1]),
    () => connection.objects("SELECT a, json(CASE a WHEN 1 THEN 'x' END) FROM t", []),
    () => connection.arrays("SELECT a, json(CASE a WHEN 1 THEN 'x' END) FROM t", []),
    () => connection.objects('INSERT INTO t VALUES (9, 9)', []),
    () => [...connection.iterate("SELECT a, json(CASE a WHEN 1 THEN 'x' END) FROM t", [])],
    () => [
      ...connection.iterate("SELECT value, json(CASE value WHEN 3 THEN 'x' ELSE 1 END) FROM json_each('[1,2,3]')", []),
    ],
    () => connection.pragma('nowhere.user_version'),
    () => connection.columns('SELECT nowhere'),
    () => connection.control('RELEASE nothing'),
  ]

  for (const [index, fail] of failing.entries()) {
    expect(thrownBy(fail)).toBeInstanceOf(NoormmeError)
    expect(connection.inTransaction).toBe(false)
    connection.write(`ALTER TABLE t ADD COLUMN c${index}`, [])
  }
  connection.write('DROP TABLE t', [])
  connection.write('VACUUM', [])
  connection.close()
})

describe('iteration', () => {
  test('that is given up, at any point, releases its statement', async () => {
    const connection = await openConnection()
    connection.write('CREATE TABLE t (a)', [])
    connection.write('INSERT INTO t VALUES (1), (2), (3)', [])

    for (const steps of [0, 1, 2, 3, 4]) {
      const rows = connection.iterate('SELECT a FROM t', [])
      for (let step = 0; step < steps; step++) rows.next()
      rows.return()
      connection.write('INSERT INTO t VALUES (4)', [])
      connection.write('DELETE FROM t WHERE a = 4', [])
    }
    expect([...connection.iterate('SELECT a FROM t', [])]).toEqual([[1], [2], [3]])
  })

  test('on a reading connection leaves room for other reads, and for the same text', async () => {
    const { path } = await openConnection()
    const reader = await openConnection({ path, role: 'reader' })
    const sql = 'SELECT value FROM json_each(?)'

    const outer = [...reader.iterate(sql, ['[1,2]'])].map(([value]) => [
      value,
      reader.arrays(sql, ['[3]']).rows,
      [...reader.iterate(sql, ['[4,5]'])],
    ])

    expect(outer).toEqual([1, 2].map((value) => [value, [[3]], [[4], [5]]]))
  })

  test('knows its columns although another connection altered the table before it began', async () => {
    const writer = await openConnection()
    writer.write('CREATE TABLE t (a)', [])
    writer.write('INSERT INTO t VALUES (1)', [])
    const reader = await openConnection({ path: writer.path, role: 'reader' })
    expect(reader.arrays('SELECT * FROM t', []).columns).toEqual(['a'])

    writer.write('ALTER TABLE t ADD COLUMN b', [])
    const rows = reader.iterate('SELECT * FROM t', [])
    writer.write('ALTER TABLE t ADD COLUMN c', [])

    expect(reader.columns('SELECT * FROM t')).toEqual(['a', 'b'])
    expect([...rows]).toEqual([[1, null]])
    expect(reader.columns('SELECT * FROM t')).toEqual(['a', 'b', 'c'])
  })
})

describe('a kept statement', () => {
  const CHANGES: [string, string[], Record<string, number | null>][] = [
    ['a renamed column', ['ALTER TABLE t RENAME COLUMN a TO z'], { z: 1, b: 2 }],
    ['an added column', ['ALTER TABLE t ADD COLUMN c DEFAULT 3'], { a: 1, b: 2, c: 3 }],
    ['a dropped column', ['ALTER TABLE t DROP COLUMN a'], { b: 2 }],
    [
      'swapped names',
      [
        'ALTER TABLE t RENAME COLUMN a TO x',
        'ALTER TABLE t RENAME COLUMN b TO a',
        'ALTER TABLE t RENAME COLUMN x TO b',
      ],
      { b: 1, a: 2 },
    ],
    [
      'another table of the same name',
      ['DROP TABLE t', 'CREATE TABLE t (b, a, d)', 'INSERT INTO t VALUES (7, 8, 9)'],
      { b: 7, a: 8, d: 9 },
    ],
  ]

  test.each(['the same', 'another'])('follows a schema that %s connection changes', async (by) => {
    for (const [name, changes, row] of CHANGES) {
      const writer = await openConnection()
      const connection = by === 'the same' ? writer : await openConnection({ path: writer.path, role: 'reader' })
      writer.write('CREATE TABLE t (a, b)', [])
      writer.write('INSERT INTO t VALUES (1, 2)', [])
      const sql = 'SELECT * FROM t'
      for (let run = 0; run < 3; run++) {
        expect(connection.objects(sql, [])).toEqual([{ a: 1, b: 2 }])
        expect(connection.arrays(sql, [])).toEqual({ columns: ['a', 'b'], rows: [[1, 2]] })
      }

      for (const change of changes) writer.write(change, [])

      for (let run = 0; run < 3; run++) {
        expect(connection.objects(sql, []), name).toEqual([row])
        expect(connection.arrays(sql, []), name).toEqual({ columns: Object.keys(row), rows: [Object.values(row)] })
      }
    }
  })

  test('names its columns rightly, then and later, when the table is altered while it runs', async () => {
    const writer = await openConnection()
    writer.write('CREATE TABLE t (a)', [])
    writer.write('INSERT INTO t VALUES (1)', [])
    const setup = join(tempFolder(), 'setup.mjs')
    writeFileSync(setup, 'export default (c) => c.function("meanwhile", {}, () => globalThis.meanwhile())')
    const reader = await openConnection({ path: writer.path, role: 'reader', extensions: { setup } })
    const sql = 'SELECT *, meanwhile() FROM t'
    let alter: string | null = 'ALTER TABLE t RENAME COLUMN a TO z'
    const hooks = globalThis as { meanwhile?: () => void }
    hooks.meanwhile = () => {
      if (alter !== null) writer.write(alter, [])
      alter = null
    }
    onTestFinished(() => void delete hooks.meanwhile)

    const names = [1, 2, 3].map(() => reader.arrays(sql, []).columns[0])

    expect(names).toEqual(['a', 'z', 'z'])
  })

  test('names its columns rightly although it was prepared under a schema that was out of date', async () => {
    const writer = await openConnection()
    writer.write('CREATE TABLE t (a)', [])
    const reader = await openConnection({ path: writer.path, role: 'reader' })
    reader.arrays('SELECT 1 FROM t', [])

    writer.write('ALTER TABLE t RENAME COLUMN a TO z', [])

    expect(reader.isReadonly('SELECT * FROM t')).toBe(true)
    expect(reader.arrays('SELECT * FROM t', []).columns).toEqual(['z'])
    expect(reader.arrays('SELECT * FROM t', []).columns).toEqual(['z'])
  })
})

test('a column named __proto__ is a column like any other', async () => {
  const connection = await openConnection()
  const sql = 'SELECT 1 AS "__proto__", 2 AS "constructor", 3 AS b'

  const [row] = connection.objects(sql, [])

  expect(Object.entries(row ?? {})).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
    ['b', 3],
  ])
  expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
  expect(toObjects(connection.arrays(sql, [])).map((object) => Object.entries(object))).toEqual([
    Object.entries(row ?? {}),
  ])
})

test('of two columns with one name the last wins in an object, and both stand in an array', async () => {
  const connection = await openConnection()
  const sql = 'SELECT 1 AS a, 2 AS b, 3 AS a'

  expect(connection.objects(sql, [])).toEqual([{ a: 3, b: 2 }])
  expect(connection.arrays(sql, [])).toEqual({ columns: ['a', 'b', 'a'], rows: [[1, 2, 3]] })
  expect(toObjects(connection.arrays(sql, []))).toEqual([{ a: 3, b: 2 }])
})

test('a statement that returns nothing has no columns and no rows', async () => {
  const connection = await openConnection()

  expect(connection.write('CREATE TABLE t (a)', [])).toEqual({
    columns: [],
    rows: [],
    changes: 0,
    lastInsertRowid: null,
    ms: expect.any(Number),
  })
  expect(connection.write('UPDATE t SET a = 1 RETURNING a', [])).toEqual({
    columns: ['a'],
    rows: [],
    changes: 0,
    lastInsertRowid: null,
    ms: expect.any(Number),
  })
})

test('EXPLAIN of a write, and a PRAGMA, report no change of a neighbour as their own', async () => {
  const connection = await openConnection()
  connection.write('CREATE TABLE t (a)', [])
  for (const sql of ['EXPLAIN INSERT INTO t VALUES (1)', 'EXPLAIN QUERY PLAN DELETE FROM t', 'PRAGMA journal_mode']) {
    connection.write('INSERT INTO t VALUES (1), (2)', [])
    expect(connection.write(sql, [])).toMatchObject({ changes: 0, lastInsertRowid: null })
  }
})

test.each([
  ['SELECT 1', true],
  ['PRAGMA journal_mode', true],
  ['/* */ ; pragma user_version', true],
  ['EXPLAIN DELETE FROM t', true],
  ['DELETE FROM t', false],
  ['WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', false],
  ['INSERT INTO t VALUES (1) RETURNING a', false],
])('SQLite says that %j only reads: %s', async (sql, readonly) => {
  const connection = await openConnection()
  connection.write('CREATE TABLE t (a)', [])

  expect(connection.isReadonly(sql)).toBe(readonly)
})

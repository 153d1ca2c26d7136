import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnAffinity } from './affinity.ts'
import { columnKind } from './column-kind.ts'

const kindOf = (type: string) => columnKind({ type, affinity: columnAffinity(type, { strict: false }) })

describe('columnAffinity', () => {
  /** What SQLite stores for the text '1' and the text 'x' and the number 1.0 tells its affinity apart from the others. */
  const affinityBySQLite = (type: string, strict: boolean): string => {
    const database = new Database(':memory:')
    database.exec(`CREATE TABLE t(a ${type}) ${strict ? 'STRICT' : ''}`)
    database.exec("INSERT INTO t VALUES ('1')")
    const text = database.prepare('SELECT typeof(a) FROM t').pluck().get()
    database.exec("DELETE FROM t; INSERT INTO t SELECT CAST('1' AS INTEGER)")
    const integer = database.prepare('SELECT typeof(a) FROM t').pluck().get()
    // INTEGER and NUMERIC store alike and differ in CAST only.
    const cast = database
      .prepare(`SELECT typeof(CAST(1.5 AS ${type === '' ? 'BLOB' : type}))`)
      .pluck()
      .get()
    database.close()
    if (integer === 'text') return 'TEXT'
    if (text === 'text') return 'BLOB'
    if (integer === 'real') return 'REAL'
    return cast === 'integer' ? 'INTEGER' : 'NUMERIC'
  }

  const words = fc.constantFrom(
    'INT',
    'CHAR',
    'CLOB',
    'TEXT',
    'BLOB',
    'REAL',
    'FLOA',
    'DOUB',
    'point',
    'NUM',
    'x',
    'ANY',
  )

  test('a declared type has the affinity that SQLite acts on', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 3 }), fc.constantFrom('', ' '), (parts, glue) => {
        const type = parts.join(glue)
        expect([type, columnAffinity(type, { strict: false })]).toEqual([type, affinityBySQLite(type, false)])
      }),
      {
        numRuns: 300,
        examples: [
          [['CHAR', 'INT'], ''],
          [['FLOA', 'TING ', 'point'], ''],
          [[], ''],
        ],
      },
    )
  })

  test('ANY converts nothing in a STRICT table and is NUMERIC elsewhere', () => {
    expect(columnAffinity('ANY', { strict: true })).toBe(affinityBySQLite('ANY', true))
    expect(columnAffinity('ANY', { strict: false })).toBe(affinityBySQLite('ANY', false))
    expect(columnAffinity('ANY', { strict: true })).toBe('BLOB')
  })
})

describe('columnKind', () => {
  test.each([
    ['BOOLEAN', 'boolean'],
    ['bool', 'boolean'],
    ['tinyint(1)', 'boolean'],
    ['TINYINT ( 1 )', 'boolean'],
    ['tinyint(10)', 'number'],
    ['TINYINT', 'number'],
    ['JSON', 'json'],
    ['jsonb', 'json'],
    ['DATE', 'date'],
    ['datetime', 'date'],
    ['TIMESTAMP', 'date'],
    ['timestamp(3) with time zone', 'date'],
    ['timestamptz', 'date'],
    ['MY DATETIME', 'date'],
    ['UPDATED', 'any'],
    ['TIME', 'any'],
    ['BIGINT', 'bigint'],
    ['INT8', 'bigint'],
    ['UNSIGNED BIG INT', 'bigint'],
    ['INTEGER', 'number'],
    ['INT', 'number'],
    ['FLOATING POINT', 'number'],
    ['DOUBLE', 'number'],
    ['NUMERIC', 'number'],
    ['DECIMAL(10,2)', 'number'],
    ['VARCHAR(20)', 'text'],
    ['CLOB', 'text'],
    ['BLOB', 'blob'],
    ['LONGBLOB', 'blob'],
    ['', 'any'],
    ['UUID', 'any'],
    ['STRING', 'any'],
  ])('%j holds %s values', (type, kind) => {
    expect(kindOf(type)).toBe(kind)
  })

  test('ANY in a STRICT table may hold anything', () => {
    expect(columnKind({ type: 'ANY', affinity: columnAffinity('ANY', { strict: true }) })).toBe('any')
  })
})

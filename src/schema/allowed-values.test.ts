import { describe, expect, test } from 'vitest'
import { schemaOf } from '../../test/support/schema-of.ts'
import { allowedValues } from './allowed-values.ts'

async function allowed(columns: string): Promise<Record<string, unknown>> {
  const [table] = (await schemaOf(`CREATE TABLE t (${columns})`)).tables
  return table === undefined ? {} : Object.fromEntries(allowedValues(table))
}

describe('what certainly holds', () => {
  test.each([
    ["s TEXT CHECK (s IN ('a', 'b'))", ['a', 'b']],
    [`s TEXT CHECK ("s" in ('it''s', ''))`, ["it's", '']],
    ["S TEXT, CHECK ([s] IN ('a'))", null],
    ["s TEXT, CONSTRAINT known CHECK ((s IN ('a', 'b')))", ['a', 'b']],
    ["s TEXT CHECK (s = 'a' OR s == 'b' OR s IS 'c')", ['a', 'b', 'c']],
    ["s TEXT CHECK (s IS NULL OR s IN ('a', 'b'))", ['a', 'b']],
    ["s TEXT NOT NULL DEFAULT ('a, b') CHECK (s IN ('a, b', 'c)')) UNIQUE", ['a, b', 'c)']],
    ["s TEXT CHECK (s IN ('a', 'b') AND length(s) < 5)", ['a', 'b']],
    ["s TEXT CHECK (s IN ('a', 'b')), CHECK (s IN ('b', 'c'))", ['b']],
    ["s TEXT /* CHECK (s IN ('x')) */ CHECK -- really\n (s IN ('a'))", ['a']],
    ['s INTEGER CHECK (s IN (1, -2, 3))', [1, -2, 3]],
    ['s REAL CHECK (s IN (0.5, 1))', [0.5, 1]],
    ["s STRING CHECK (s IN ('a', 'b'))", ['a', 'b']],
    ["s CHECK (s IN ('a', 1))", ['a', 1]],
    ["s TEXT CHECK (s IN ('a', 'a'))", ['a']],
  ])('%s', async (columns, values) => {
    const found = await allowed(columns)

    expect(found).toEqual(values === null ? { S: ['a'] } : { s: values })
  })
})

describe('what only looks so', () => {
  test.each([
    ["s TEXT CHECK (s IN ('a', NULL))", 'a CHECK that is NULL passes'],
    ["s TEXT CHECK (s NOT IN ('a', 'b'))", 'anything else'],
    ["s TEXT CHECK (NOT s IN ('a'))", 'anything else'],
    ["s TEXT COLLATE NOCASE CHECK (s IN ('a'))", 'A is equal too'],
    ["s TEXT CHECK (s COLLATE NOCASE IN ('a'))", 'A is equal too'],
    ["s TEXT CHECK (s IN ('a') OR length(s) > 5)", 'long ones too'],
    ["s TEXT, o TEXT CHECK (s IN ('a') OR o IN ('b'))", 'either'],
    ["s TEXT CHECK (lower(s) IN ('a'))", 'A too'],
    ["s TEXT CHECK (s IN ('a') = 0)", 'anything else'],
    ["s TEXT, o INT CHECK (CASE WHEN o AND s IN ('a') AND o THEN 1 ELSE 1 END)", 'anything'],
    ["s TEXT, o INT CHECK (o BETWEEN 1 AND s IN ('a'))", 'anything'],
    ['s TEXT CHECK (s IN (1, 2))', 'stored as text'],
    ["s INTEGER CHECK (s IN ('1', '2'))", 'stored as numbers'],
    ["s STRING CHECK (s IN ('1'))", 'stored as a number'],
    ['s INTEGER CHECK (s IN (9007199254740993))', 'no number can be it'],
    ['s TEXT, o TEXT CHECK (s IN (o))', 'another column'],
    ['s TEXT, o TEXT CHECK (s IN ("o"))', 'another column, not a text'],
    ["s BLOB CHECK (s IN (x'00'))", 'bytes have no literal type'],
    ['s TEXT CHECK (length(s) IN (1, 2))', 'its length'],
    ["s TEXT DEFAULT 'CHECK (s IN (1))'", 'a text'],
  ])('%s: %s', async (columns) => {
    expect(await allowed(columns)).toEqual({})
  })

  test('a text in double quotes, as SQLite stores it from those who may write so', async () => {
    const [table] = (await schemaOf("CREATE TABLE t (s TEXT CHECK (s IN ('a', 'b')), o TEXT CHECK (o IN ('s')))"))
      .tables
    const sql = table?.sql.replaceAll("'", '"') ?? ''

    expect(table && allowedValues({ ...table, sql })).toEqual(new Map([['s', ['a', 'b']]]))
  })

  test('a view has no constraints', async () => {
    const { tables } = await schemaOf("CREATE VIEW v AS SELECT 'CHECK (a IN (1))' AS a")

    expect(tables.map(allowedValues)).toEqual([new Map()])
  })
})

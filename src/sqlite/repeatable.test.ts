import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import type { SqlValue } from './values.ts'

const SCHEMA = [
  `CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT, made TEXT, price REAL, day TEXT AS (date(made)))`,
  'CREATE VIRTUAL TABLE search USING fts5(title, content=works, content_rowid=id)',
  'CREATE VIRTUAL TABLE words USING fts5vocab(search, row)',
  'CREATE VIRTUAL TABLE boxes USING rtree(id, left, right)',
  'CREATE VIEW dear AS SELECT * FROM works WHERE price > 100',
  'CREATE VIEW lottery AS SELECT random() AS n, * FROM works',
  "CREATE VIEW recent AS SELECT * FROM dear WHERE made > datetime('now', '-1 day')",
]

const SETUP = `
export default (connection) => {
  connection.function('tick', {}, () => Date.now())
  connection.function('match', {}, (pattern, text) => Math.random() > 0.5)
  connection.function('slug', { deterministic: true }, (text) => String(text).toLowerCase())
  connection.function('upper', {}, (text) => String(text) + Math.random())
  connection.aggregate('pick', { start: () => 0, step: (total, value) => total + value * Math.random(), result: (total) => total })
}
`

async function repeatable(sql: string, parameters: readonly SqlValue[] = [], more: readonly string[] = []) {
  const setup = join(tempFolder(), 'setup.mjs')
  writeFileSync(setup, SETUP)
  const connection = await openConnection({ extensions: { libraries: [], setup } })
  for (const statement of [...SCHEMA, ...more]) connection.write(statement, [])
  return connection.isRepeatable(sql, parameters)
}

describe('is repeatable:', () => {
  test.each([
    'SELECT * FROM works',
    '  /* why */ -- which\n SELECT title FROM works;',
    'VALUES (1), (2)',
    'WITH dear AS (SELECT * FROM works) SELECT count(*), sum(price), avg(price), max(title) FROM dear',
    'SELECT group_concat(title ORDER BY id), percentile(price, 50) FROM works',
    'SELECT row_number() OVER (ORDER BY id), lag(title) OVER (ORDER BY id) FROM works',
    "SELECT lower(title) || 'x', coalesce(title, ''), round(price, 2) FROM works WHERE title LIKE 'a%'",
    "SELECT title ->> '$.a', json_extract(title, '$.b') FROM works",
    'SELECT slug(title) FROM works',
    // SQLite refuses the clock in a generated column.
    'SELECT day FROM works',
    'SELECT * FROM dear',
    'SELECT name FROM sqlite_schema',
  ])('%s', async (sql) => {
    expect(await repeatable(sql)).toBe(true)
  })

  test('what reads virtual tables that keep their data in the file', async () => {
    expect(await repeatable("SELECT * FROM search WHERE search MATCH 'moon' ORDER BY rank")).toBe(true)
    expect(await repeatable("SELECT bm25(search), highlight(search, 0, '<', '>') FROM search('moon')")).toBe(true)
    expect(await repeatable('SELECT term FROM words')).toBe(true)
    expect(await repeatable('SELECT id FROM boxes WHERE left > ?', [1])).toBe(true)
    expect(await repeatable('SELECT id FROM works WHERE id IN (SELECT value FROM json_each(?))', ['[1]'])).toBe(true)
  })

  test('what has parameters of every kind', async () => {
    expect(await repeatable('SELECT * FROM works WHERE id = ?2 AND title = :title', [null, 1, 'x'])).toBe(true)
  })
})

describe('is not repeatable:', () => {
  test.each([
    'SELECT random()',
    'SELECT title FROM works ORDER BY random() LIMIT 1',
    'SELECT * FROM works WHERE id IN (SELECT id FROM works WHERE RANDOM() > 0)',
    'SELECT hex(randomblob(8)), "random"()',
    'SELECT current_timestamp',
    "SELECT datetime('now')",
    "SELECT * FROM works WHERE made > date('now', '-1 day')",
    // The word may be in the column.
    'SELECT strftime(?, made) FROM works',
    'SELECT tick() FROM works',
    // A function of the user's in place of SQLite's.
    'SELECT upper(title) FROM works',
    'SELECT pick(price) FROM works',
    "SELECT title FROM works WHERE title MATCH 'moon'",
    'SELECT * FROM lottery',
    'SELECT count(*) FROM recent',
    'WITH once AS MATERIALIZED (SELECT n FROM lottery) SELECT * FROM once',
    'EXPLAIN QUERY PLAN SELECT * FROM works',
    'PRAGMA table_info(works)',
    'SELECT name FROM pragma_table_info(?)',
    "SELECT * FROM 'pragma_cache_size'",
    'SELECT * FROM dbstat',
  ])('%s', async (sql) => {
    expect(await repeatable(sql, Array(sql.split('?').length - 1).fill('works'))).toBe(false)
  })

  test('what reads a virtual table through a view', async () => {
    const view = 'CREATE VIEW sizes AS SELECT * FROM pragma_cache_size'
    expect(await repeatable('SELECT count(*) FROM sizes', [], [view])).toBe(false)
  })

  test('what searches a text that comes from a view', async () => {
    const table = 'CREATE VIRTUAL TABLE chance USING fts5(title, content="lottery")'
    expect(await repeatable('SELECT title FROM chance', [], [table])).toBe(false)
    expect(await repeatable('SELECT title FROM search', [], [table])).toBe(true)
  })
})

test('a schema that has changed on another connection is judged as it is', async () => {
  const folder = tempFolder()
  const path = join(folder, 'app.db')
  const writer = await openConnection({ path })
  writer.write('CREATE VIEW v AS SELECT 1 AS n', [])
  const reader = await openConnection({ path, role: 'inline' })
  expect(reader.isRepeatable('SELECT n FROM v', [])).toBe(true)

  writer.write('DROP VIEW v', [])
  writer.write('CREATE VIEW v AS SELECT random() AS n', [])

  expect(reader.isRepeatable('SELECT n FROM v', [])).toBe(false)
})

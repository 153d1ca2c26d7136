import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openConnection, thrownBy } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { NoormmeError } from '../errors.ts'

/** Every place where SQLite is known, or might be expected, to repeat what it was given. */
const QUOTING = [
  'SELECT * FROM words WHERE words MATCH ?',
  'SELECT * FROM words(?)',
  'SELECT * FROM old WHERE old MATCH ?',
  'SELECT highlight(words, ?, ?, ?) FROM words WHERE words MATCH ?',
  'INSERT INTO words (words) VALUES (?)',
  'INSERT INTO words (words, rank) VALUES (?, ?)',
  'INSERT INTO words (rowid, text) VALUES (?, ?)',
  'INSERT INTO box VALUES (?, ?, ?)',
  'SELECT json(?)',
  'SELECT json_extract(?, ?)',
  "SELECT json_extract('{}', ?)",
  "SELECT json_set('{}', ?, 1)",
  "SELECT * FROM json_each('{}', ?)",
  "SELECT '{}' ->> ?",
  'SELECT date(?), strftime(?, ?)',
  "SELECT 'a' LIKE 'a' ESCAPE ?",
  'SELECT printf(?, ?)',
  'SELECT zeroblob(?)',
  'SELECT abs(?)',
  'SELECT load_extension(?)',
  'SELECT fts3_tokenizer(?)',
  'SELECT percentile(1, ?)',
  'SELECT nth_value(1, ?) OVER () FROM t',
  'SELECT ntile(?) OVER ()',
  'SELECT 1 LIMIT ?',
  'SELECT 1 LIMIT 1 OFFSET ?',
  'SELECT * FROM pragma_integrity_check(?)',
  'SELECT * FROM pragma_foreign_key_check(?)',
  'SELECT * FROM pragma_table_info(?, ?)',
  'SELECT * FROM t WHERE a = CAST(? AS INTEGER) AND raising(?)',
  'INSERT INTO t (a) VALUES (?)',
  'INSERT INTO strict (a) VALUES (?)',
  'INSERT INTO strict (b) VALUES (?)',
  'INSERT INTO checked VALUES (?)',
  'INSERT INTO checked (a) VALUES (?), (?)',
  'INSERT INTO generated (a) VALUES (?)',
  'INSERT INTO keyed VALUES (?), (?)',
  'INSERT INTO refers VALUES (?)',
  'INSERT INTO raises VALUES (?)',
  'UPDATE t SET rowid = ?',
  'SELECT regexp(?, ?)',
  'SELECT ? REGEXP ?',
  'SELECT ? MATCH ?',
]

test('no error shows a bound value: not in its message, hint, context, stack or cause', async () => {
  const folder = tempFolder()
  const setup = join(folder, 'setup.mjs')
  writeFileSync(
    setup,
    'export default (c) => c.function("raising", {}, (v) => { throw new TypeError("cannot use\\n    at " + v) })',
  )
  const connection = await openConnection({ extensions: { setup } })
  for (const sql of [
    'CREATE TABLE t (a)',
    'INSERT INTO t VALUES (0)',
    'CREATE VIRTUAL TABLE words USING fts5(text)',
    'CREATE VIRTUAL TABLE old USING fts4(text)',
    'CREATE VIRTUAL TABLE box USING rtree(id, low, high)',
    'CREATE TABLE strict (a INTEGER, b BLOB) STRICT',
    "CREATE TABLE checked (a CHECK (a = 'right') UNIQUE)",
    'CREATE TABLE generated (a, b AS (json_extract(a, a)) STORED)',
    'CREATE TABLE keyed (a PRIMARY KEY) WITHOUT ROWID',
    'CREATE TABLE refers (a REFERENCES keyed)',
    'CREATE TABLE raises (a)',
    "CREATE TRIGGER raise_it BEFORE INSERT ON raises BEGIN SELECT RAISE(ABORT, NEW.a || ' is wrong: ' || NEW.a); END",
  ]) {
    connection.write(sql, [])
  }
  const MARKER = 'qzmarkerq'
  const dressed = fc
    .tuple(
      fc.constantFrom('', '"', "'", '[', '(', '{', ':', '$.', '$[', '-', '%', '^', 'a ', '\n', '"a" ', 'near '),
      fc.constantFrom('', '"', "'", ']', ')', ':', ': x', ' AND', '*', ' NEAR', '\n    at x', '"a"'),
    )
    .map(([before, after]) => `${before}${MARKER}${after}`)
  let errors = 0

  fc.assert(
    fc.property(fc.constantFrom(...QUOTING), dressed, fc.boolean(), (sql, text, asBlob) => {
      const count = sql.split('?').length - 1
      const value = asBlob ? new TextEncoder().encode(text) : text
      try {
        connection.write(
          sql,
          Array.from({ length: count }, () => value),
        )
      } catch (error) {
        errors++
        expect(error).toBeInstanceOf(NoormmeError)
        const { message, hint, context, stack, cause } = error as NoormmeError
        for (const part of [message, hint, JSON.stringify(context), stack, inspect(cause, { depth: 5 })]) {
          expect(part).not.toContain(MARKER)
        }
      }
    }),
    { numRuns: 3000 },
  )
  expect(errors).toBeGreaterThan(500)
})

test('a number that SQLite would repeat is cut out as well', async () => {
  const connection = await openConnection()
  connection.write('CREATE TABLE content (id INTEGER PRIMARY KEY, text)', [])
  connection.write("CREATE VIRTUAL TABLE words USING fts5(text, content='content', content_rowid='id')", [])
  connection.write('INSERT INTO words (rowid, text) VALUES (?, ?)', [48151623, 'lost'])

  const error = thrownBy(() => connection.write('SELECT text FROM words WHERE words MATCH ?', ['lost']))

  expect(error).toBeInstanceOf(NoormmeError)
  expect(inspect(error)).not.toContain('48151623')
})

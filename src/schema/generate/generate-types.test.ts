import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { schemaOf } from '../../../test/support/schema-of.ts'
import { type GenerateOptions, generateTypes } from './generate-types.ts'
import { parseTypeMap } from './named-types.ts'

const FIXTURE = new URL('../../../test/types/registered/', import.meta.url)
const fixture = (name: string): string => readFileSync(new URL(name, FIXTURE), 'utf8')

async function generate(sql: string, options: Partial<GenerateOptions> = {}): Promise<string> {
  return generateTypes(await schemaOf(sql), { naming: 'stored', dates: 'text', types: {}, ...options })
}

/** The line of one column. */
async function column(sql: string, options: Partial<GenerateOptions> = {}): Promise<string | undefined> {
  const text = await generate(`CREATE TABLE t (${sql})`, options)
  return /^export interface TTable \{\n {2}(.*)$/m.exec(text)?.[1]
}

describe('the whole file', () => {
  test('is the one in the repository, whose use is type-checked', async () => {
    const types = parseTypeMap(fixture('types.json'), 'types.json')

    expect(await generate(fixture('schema.sql'), { types })).toBe(fixture('database.types.ts'))
  })

  test('does not depend on the order in which tables were made', async () => {
    const [a, b] = ['CREATE TABLE a (id INTEGER PRIMARY KEY);', 'CREATE TABLE b (a_id INTEGER REFERENCES a);']

    expect(await generate(`${a}${b}`)).toBe(await generate(`${b}${a}`))
  })

  test('of an empty database has no tables', async () => {
    const text = await generate('')

    expect(text).toContain('export interface DB {}')
    expect(text).toContain('tables: {},')
  })

  test('leaves out what has no columns, and says so', async () => {
    const text = await generate('CREATE TABLE a (x); CREATE VIEW "v */" AS SELECT * FROM a; DROP TABLE a')

    expect(text).toContain("cannot tell its columns: 'v *\\/'.")
    expect(text).toContain('export interface DB {}')
  })
})

describe('columns', () => {
  test.each([
    ['a INTEGER PRIMARY KEY', 'a: Generated<number>'],
    ['a INT PRIMARY KEY', 'a: number | null'],
    ['a TEXT PRIMARY KEY', 'a: string | null'],
    ['a TEXT NOT NULL PRIMARY KEY', 'a: string'],
    ['a BIGINT', 'a: ColumnType<bigint | null, bigint | number | null, bigint | number | null>'],
    ["a TEXT NOT NULL DEFAULT 'it''s'", 'a: Generated<string>'],
    ['a TEXT NOT NULL DEFAULT (NULL)', 'a: string'],
    ['a INT NOT NULL DEFAULT (abs(-1))', 'a: Generated<number>'],
    ['a TIMESTAMP NOT NULL DEFAULT (unixepoch())', 'a: Generated<number>'],
    ['a INT AS (b), b', 'a: GeneratedAlways<number | null>'],
    ['a UUID NOT NULL', 'a: NonNullable<SqlValue>'],
    ['a NUMERIC', 'a: number | null'],
    ["a INT CHECK (a IN (1, 'x'))", 'a: number | null'],
    ['a BOOLEAN CHECK (a IN (0, 1))', 'a: boolean | null'],
    ["'quo\\ted' TEXT", "'quo\\\\ted': string | null"],
    ['"a\nb" TEXT', "'a\\nb': string | null"],
    ['"\u202e" TEXT', "'\\u{202e}': string | null"],
  ])('%j is %s', async (sql, line) => {
    expect(await column(sql)).toBe(line)
  })

  test('of dates are Dates where they are read so', async () => {
    expect(await column('a DATETIME NOT NULL', { dates: 'date' })).toBe(
      'a: ColumnType<Date, Date | string, Date | string>',
    )
    expect(await column('a DATETIME DEFAULT CURRENT_TIMESTAMP', { dates: 'date' })).toBe(
      'a: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>',
    )
  })
})

describe('relations', () => {
  test('say whether a row may be missing', async () => {
    const text = await generate(`CREATE TABLE users (id INTEGER PRIMARY KEY, boss_id REFERENCES users);
      CREATE TABLE profiles (user_id INTEGER PRIMARY KEY REFERENCES users)`)

    expect(text).toContain("    boss: { table: 'users'; many: false; nullable: true }")
    expect(text).toContain("    user: { table: 'users'; many: false; nullable: false }")
    expect(text).toContain("    profiles: { table: 'profiles'; many: false; nullable: true }")
    expect(text).toContain("    users: { table: 'users'; many: true }")
  })
})

describe('types named for columns', () => {
  const SQL = 'CREATE TABLE t (a JSON, b TEXT NOT NULL); CREATE TABLE "t.a" (b TEXT)'

  test('stand for what the declaration says, NULL aside', async () => {
    const text = await generate(SQL, { types: { 't.a': 'A[]', 't.b': "'x'", 't.a.b': 'Uppercase<string>' } })

    expect(text).toContain('  a: A[] | null\n')
    expect(text).toContain("  b: 'x'\n")
    expect(text).toContain('  b: Uppercase<string> | null\n')
  })

  test.each([
    [{ 't.c': 'x' }, 'table "t" has no column "c"'],
    [{ 'tt.c': 'x' }, 'no table or view named "tt". Did you mean "t"?'],
    [{ t: 'x' }, 'the type of "t" needs a table and a column'],
  ])('%j is refused', async (types, message) => {
    await expect(generate(SQL, { types })).rejects.toThrow(message)
  })

  test.each(['', '[]', '{"a": 1}', '{"a": " "}', 'null'])('the document %j is refused', (text) => {
    expect(() => parseTypeMap(text, 'types.json')).toThrow(
      /^types\.json (is no JSON document|must be an object of texts)$/,
    )
  })
})

/**
 * The generated types are true: what repositories and Kysely really return, written down as TypeScript, is compiled
 * against them. The compiler is the judge, on values of every kind, for every setting that the types depend on.
 */
import { readFileSync } from 'node:fs'
import { NOORMME, type NoormmeConfig } from 'noormme'
import { expect, test } from 'vitest'
import { generateTypes } from '../../src/schema/generate/generate-types.ts'
import { typeNames } from '../../src/schema/generate/type-names.ts'
import { propertyName } from '../../src/schema/property-names.ts'
import { compileProgram } from '../support/compile-program.ts'
import { tempDatabase } from '../support/temp-database.ts'

const SCHEMA = readFileSync(new URL('registered/schema.sql', import.meta.url), 'utf8')

/** Rows at both ends of every column: all defaults and NULLs, and something everywhere. */
const ROWS = [
  `INSERT INTO users (email) VALUES ('bare@example.org')`,
  `INSERT INTO users VALUES (7, 'it''s', 'b', 'it''s admin', 0, '{"theme":"dark"}', '[1,null,{"a":true}]', 9007199254740993,
     '2026-01-31', '2026-01-31 10:00:00', '2026-01-31T10:00:00.000Z', 1700000000, x'00ff', 0.25, 2)`,
  `INSERT INTO users (email, settings, address, is_active, followers) VALUES ('n', '{"theme":"light"}', '"text"', 1, -5)`,
  `INSERT INTO posts (author_id, title, required) VALUES (7, 'A title', 'x')`,
  `INSERT INTO posts (author_id, reviewer_id, title, required, price, anything, code)
     VALUES (7, 1, 'B', '', 1.5, x'01', '0b5e4a34-1c1f-4ad5-9d4a-5a6f1a3a1c1e'), (7, 1, 'C', '', 10, 9007199254740993, 12)`,
  `INSERT INTO keyed_by_int VALUES (NULL, 'A'), (1, NULL)`,
  `INSERT INTO keyed_by_text VALUES (NULL, 'anything goes'), ('k', 'a')`,
  `INSERT INTO keyed_descending VALUES (NULL, 'b')`,
  `INSERT INTO keyed_strictly VALUES ('a', 1, NULL), ('b', 'text', 5), ('c', x'00', 1)`,
  `INSERT INTO tags VALUES (1, 'moon')`,
  `INSERT INTO "order-items" VALUES ('c', NULL, 5, '🎨', 'own')`,
  'INSERT INTO order_items VALUES (NULL)',
  'INSERT INTO "2fa" VALUES (NULL)',
  `INSERT INTO dates VALUES (1, '2026-01-31')`,
  `INSERT INTO post_search VALUES ('a title', NULL)`,
  'INSERT INTO places VALUES (1, 0.5, 1.5, NULL), (2, 1, 2, 5)',
]

const SETTINGS: readonly Required<Pick<NonNullable<NoormmeConfig['introspection']>, 'naming' | 'dates'>>[] = [
  { naming: 'stored', dates: 'text' },
  { naming: 'camelCase', dates: 'date' },
]

test.each(SETTINGS)('with %j', async ({ naming, dates }) => {
  const { db: made, path } = tempDatabase()
  // `order-items` and `order_items` have different names in camelCase too.
  for (const statement of [...SCHEMA.split(/;\s*$/m).filter((sql) => sql.trim() !== ''), ...ROWS]) {
    await made.execute(statement)
  }
  await made.close()
  await using db = new NOORMME({ connection: { database: path }, introspection: { naming, dates } })
  await db.initialize()
  const schema = await db.getSchemaInfo()
  const text = generateTypes(schema, { naming: naming as 'stored', dates: dates as 'text', types: {} })
  const names = typeNames(schema.tables.map(({ name }) => name))
  const lines: string[] = []
  let rowCount = 0
  for (const { name } of schema.tables) {
    const property = propertyName(name, naming as 'stored')
    const rows = await db.getRepository<Record<string, unknown>>(property).findAll()
    const stored = await db.getKysely().selectFrom(property).selectAll().execute()
    expect(stored).toHaveLength(rows.length)
    rowCount += rows.length
    lines.push(`export const r${lines.length}: types.${names.get(name)?.row}[] = ${literal(rows)}`)
    const table = JSON.stringify(property)
    lines.push(
      `export const k${lines.length}: Omit<Selectable<Kept[${table}]>, 'rowid' | 'rank'>[] = ${literal(stored)}`,
    )
  }

  expect(rowCount).toBeGreaterThan(20)
  const { problem } = await compileProgram({
    'database.types.ts': text,
    'values.ts': `import type { Selectable } from 'noormme'\nimport type * as types from './database.types.ts'
type Kept = Omit<types.DB, keyof types.KyselyDB> & types.KyselyDB\n${lines.join('\n')}\n`,
  })
  expect(problem).toBeNull()
})

/** A value as TypeScript writes it. */
function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `new Uint8Array([${value.join(', ')}])`
  if (value instanceof Date) return `new Date(${value.getTime()})`
  if (Array.isArray(value)) return `[${value.map(literal).join(',\n')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([name, item]) => `[${JSON.stringify(name)}]: ${literal(item)}`)
  return `{ ${entries.join(', ')} }`
}

/** Whatever tables and columns are called, the generated file is TypeScript, and each of them has its place in it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generateTypes } from '../../src/schema/generate/generate-types.ts'
import { foldName, quoteIdentifier } from '../../src/schema/naming.ts'
import { compileProgram } from '../support/compile-program.ts'
import { schemaOf } from '../support/schema-of.ts'

const seed = Number(process.env.NOORMME_SEED ?? Math.floor(Math.random() * 2 ** 31))

const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    fc.constantFrom(
      'users',
      'Users',
      'user',
      'new_user',
      'UserUpdate',
      'db',
      'DB',
      'dates',
      'constructor',
      '__proto__',
      'class',
    ),
    fc.constantFrom("it's", 'a"b', '*/', '// x', '`x', '\\', '\\u', '2', '2.0', '-1', ' ', '\n', '\u2028', '😀'),
  )
  .filter((text) => text.isWellFormed() && !text.includes('\0') && !/^sqlite_/i.test(text))
const names = (maxLength: number) => fc.uniqueArray(name, { minLength: 1, maxLength, selector: foldName })

test(`names of every kind (NOORMME_SEED=${seed})`, async () => {
  const [tables = []] = fc.sample(names(80), { seed, numRuns: 1 })
  const columns = fc.sample(names(8), { seed, numRuns: tables.length })
  const sql = tables.map((table, index) => {
    const own = columns[index]?.map(
      (column) => `${quoteIdentifier(column)} TEXT CHECK (${quoteIdentifier(column)} IN ('a', '''"\\'))`,
    )
    return `CREATE TABLE ${quoteIdentifier(table)} (${own?.join(', ')})`
  })
  const schema = await schemaOf(sql.join(';'))
  const program = `import type { DB } from './database.types.ts'
export const tables: Record<keyof DB, true> = { ${tables.map((table) => `[${JSON.stringify(table)}]: true`).join(', ')} }
${tables.map((table, index) => `export type T${index} = [${columns[index]?.map((column) => `DB[${JSON.stringify(table)}][${JSON.stringify(column)}]`).join(', ')}]`).join('\n')}
`
  const files = {
    'database.types.ts': generateTypes(schema, { naming: 'stored', dates: 'text', types: {} }),
    'program.ts': program,
  }

  expect(schema.tables).toHaveLength(tables.length)
  expect((await compileProgram(files)).problem).toBeNull()
})

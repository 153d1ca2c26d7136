/** What typed tables cost the compiler, on a schema of 200: bounded, since every user's editor pays it with every key. */
import { expect, test } from 'vitest'
import { generateTypes } from '../../src/schema/generate/generate-types.ts'
import { compileProgram } from '../support/compile-program.ts'
import { schemaOf } from '../support/schema-of.ts'

const TABLES = 200
/** Type instantiations for each table that is used in each way below, 2,700 when this was written. */
const MOST_FOR_A_TABLE = 5000

const NAMES = Array.from({ length: TABLES }, (_, index) => `table_${index}`)

const SQL = NAMES.map(
  (name, index) => `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES table_${index >> 1},
    user_name TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'a' CHECK (status IN ('a', 'b', 'c')), is_new BOOLEAN NOT NULL,
    price REAL, settings JSON, photo BLOB, created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, size BIGINT,
    size_twice BIGINT AS (size * 2), note TEXT)`,
).join(';')

const usage = (name: string): string => `{
  const rows = db.getRepository('${name}')
  const row = await rows.findById(1)
  if (row !== null) await rows.update(row.id, { price: 1 })
  await rows.findAll({ where: { status: 'a', price: { gt: 1 } }, orderBy: { created_at: 'desc' }, select: ['id'] })
  await rows.findManyByUserName('x')
  await rows.create({ user_name: 'x', is_new: true })
  await db.getKysely().selectFrom('${name}').select(['id', 'is_new']).where('status', '=', 'a').execute()
}`

const program = (names: readonly string[]): string =>
  `import { NOORMME } from 'noormme'\nimport './database.types.ts'\nconst db = new NOORMME(':memory:')\n${names.map(usage).join('\n')}\n`

test('200 tables, each read, written and searched, cost a bounded number of types each', async () => {
  const types = generateTypes(await schemaOf(SQL), { naming: 'stored', dates: 'text', types: {} })

  const one = await compileProgram({ 'database.types.ts': types, 'program.ts': program(NAMES.slice(0, 1)) })
  const all = await compileProgram({ 'database.types.ts': types, 'program.ts': program(NAMES) })

  expect([one.problem, all.problem]).toEqual([null, null])
  const each = (all.instantiations - one.instantiations) / (TABLES - 1)
  expect(each).toBeLessThan(MOST_FOR_A_TABLE)
})

/** `introspection.schema`: a database that is not the one its types were made from is noticed when it is opened. */
import { NOORMME, type NoormmeConfig, SchemaDriftError } from 'noormme'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { generateTypes } from '../src/schema/generate/generate-types.ts'
import { descriptionIn } from '../src/schema/generate/generated-text.ts'
import { tempDatabase } from './support/temp-database.ts'

let path: string
let schema: NonNullable<NonNullable<NoormmeConfig['introspection']>['schema']>
beforeEach(async () => {
  const { db, path: made } = tempDatabase()
  await db.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, role TEXT CHECK (role IN ('a', 'b')))")
  path = made
  const text = generateTypes(await db.refreshSchema(), { naming: 'stored', dates: 'text', types: {} })
  schema = descriptionIn(text) as typeof schema
  await db.close()
})

/** Opens the database after `change`, and gathers the warnings of the process. */
async function opened(change: string | null, introspection: NoormmeConfig['introspection'] = {}): Promise<Error[]> {
  if (change !== null) {
    await using db = new NOORMME(path)
    await db.execute(change)
  }
  const warnings: Error[] = []
  const hear = (warning: Error) => void warnings.push(warning)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  const db = new NOORMME({ connection: { database: path }, introspection: { schema, ...introspection } })
  onTestFinished(() => db.close())
  await db.initialize()
  await new Promise((resolve) => setImmediate(resolve))
  return warnings
}

describe('a warning', () => {
  test('is not given when nothing has changed', async () => {
    expect(await opened(null)).toEqual([])
    expect(await opened('CREATE INDEX i ON users (role)')).toEqual([])
  })

  test('names what has changed', async () => {
    const [warning, ...others] = await opened('ALTER TABLE users ADD COLUMN age INT')

    expect(others).toEqual([])
    expect(warning).toMatchObject({
      name: 'NoormmeWarning',
      code: 'NOORMME_SCHEMA_DRIFT',
      message: 'the database differs from its generated types: column "users.age" is not in the types',
    })
  })

  test('is not given for a database that is about to be migrated', async () => {
    expect(await opened('DROP TABLE users', { drift: 'error' })).toEqual([])
  })
})

describe("with drift: 'error'", () => {
  test('the database is not opened, and can be once the types fit', async () => {
    await using made = new NOORMME(path)
    await made.execute('ALTER TABLE users RENAME COLUMN role TO part')
    const db = new NOORMME({ connection: { database: path }, introspection: { schema, drift: 'error' } })
    onTestFinished(() => db.close())

    await expect(db.initialize()).rejects.toThrow(SchemaDriftError)
    await expect(db.initialize()).rejects.toThrow('column "users.role" is only in the types')
    expect(db.isInitialized()).toBe(false)
    await made.execute('ALTER TABLE users RENAME COLUMN part TO role')
    await db.initialize()
  })

  test('the first ten differences are told, and all are there', async () => {
    await using made = new NOORMME(path)
    for (let table = 0; table < 12; table++) await made.execute(`CREATE TABLE t${table} (x)`)
    const error = await opened(null, { drift: 'error' }).catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(SchemaDriftError)
    expect(error).toMatchObject({
      message: expect.stringMatching(/; and 2 more$/),
      context: { changes: { length: 12 } },
    })
  })
})

test.each([
  [
    { naming: 'camelCase' },
    "introspection.naming is 'camelCase', but the types in introspection.schema were generated for 'stored'",
  ],
  [{ dates: 'date' }, "introspection.dates is 'date', but the types in introspection.schema were generated for 'text'"],
] as const)('types made for another configuration than %j are refused', (introspection, message) => {
  expect(() => new NOORMME({ connection: { database: path }, introspection: { schema, ...introspection } })).toThrow(
    message,
  )
})

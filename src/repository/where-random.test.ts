/** Random tables, rows and conditions: SQLite finds the rows that the documented rules find, and nothing else happens. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'
import { type Cell, type Json, type ModelRow, matchesWhere } from '../../test/support/where-model.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import { whereKey } from './where.ts'

/** Names that SQL, JavaScript or a `where` could trip over. */
const NAMES = [
  'a',
  'or',
  'and',
  'not',
  'select',
  'a b',
  'a"b',
  "a'b",
  'a;b',
  'é',
  '😀',
  '?',
  ':a',
  '$x',
  '--',
  '/*',
  '%',
  '[a]',
  'a`b',
  'path',
  'column',
  'constructor',
  '__proto__',
  'rowid',
  'json',
  '"; DROP TABLE t; --',
]

const KINDS = ['INTEGER', 'REAL', 'TEXT', 'BLOB', 'BOOLEAN', 'JSON'] as const
type Kind = (typeof KINDS)[number]

const TEXTS = [
  '',
  'a',
  'A',
  'b',
  "'",
  '"',
  ';',
  "'; DROP TABLE t; --",
  '%',
  '_',
  '\\',
  'a\0b',
  'é',
  'É',
  '😀',
  '*',
  '?',
  'NULL',
  '1',
]
const values: Readonly<Record<Exclude<Kind, 'JSON'>, fc.Arbitrary<Cell>>> = {
  INTEGER: fc.constantFrom<Cell>(0, 1, -1, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)),
  REAL: fc.constantFrom<Cell>(0.5, -1.5, 1e300, 3, 2 ** 60),
  TEXT: fc.constantFrom(...TEXTS),
  BLOB: fc.constantFrom<Cell>(new Uint8Array(), new Uint8Array([0]), new Uint8Array([39, 0, 255])),
  BOOLEAN: fc.boolean(),
}
const patterns = fc.string({ unit: fc.constantFrom('a', 'B', '%', '_', '*', '?', "'", '\\', 'é', '😀'), maxLength: 3 })
const scalars = fc.constantFrom<Json>(null, true, 0, 1, 1.5, '', 'a', "'", '1', '";')
const documents = fc.oneof(
  scalars,
  fc.array(scalars, { maxLength: 3 }),
  fc.record({ a: scalars, 'b\'"': fc.array(scalars, { maxLength: 2 }) }),
)
const paths = fc.constantFrom<(string | number)[]>([], ['a'], ['b\'"'], ['b\'"', 0], [0], [-1], ["'; DROP TABLE t; --"])

const lists = (value: fc.Arbitrary<unknown>) =>
  fc.oneof(fc.array(fc.option(value), { maxLength: 5 }), fc.array(value, { minLength: 65, maxLength: 70 }))
const operatorOf = (names: readonly string[], operand: fc.Arbitrary<unknown>) =>
  fc.tuple(fc.constantFrom(...names), operand).map(([name, value]) => ({ [name]: value }))

const TEXT_OPERATORS = ['like', 'notLike', 'glob', 'contains', 'startsWith', 'endsWith']

function operatorsFor(
  value: fc.Arbitrary<unknown>,
  { order, text }: { order: boolean; text: boolean },
): fc.Arbitrary<object> {
  const one = fc.oneof(
    operatorOf(['eq', 'ne'], fc.option(value)),
    operatorOf(['in', 'notIn'], lists(value)),
    operatorOf(['isNull'], fc.boolean()),
    ...(order ? [operatorOf(['gt', 'gte', 'lt', 'lte'], value), operatorOf(['between'], fc.tuple(value, value))] : []),
    ...(text ? [operatorOf(TEXT_OPERATORS, patterns)] : []),
  )
  return fc.oneof(
    one,
    fc.tuple(one, one).map(([a, b]) => ({ ...a, ...b })),
  )
}

function conditionFor(kind: Kind): fc.Arbitrary<unknown> {
  if (kind === 'JSON') {
    const some = fc.oneof(
      operatorsFor(scalars, { order: false, text: true }),
      operatorOf(['gt', 'lte'], fc.constantFrom(0, 1, 'a')),
      operatorOf(['exists'], fc.boolean()),
      operatorOf(['arrayContains', 'eq'], documents),
    )
    return fc.tuple(paths, some).map(([path, operators]) => ({ path, ...operators }))
  }
  const value = values[kind]
  return fc.oneof(fc.option(value), lists(value), operatorsFor(value, { order: true, text: kind === 'TEXT' }))
}

interface Table {
  readonly columns: readonly { readonly name: string; readonly kind: Kind; readonly unique: boolean }[]
  readonly rows: readonly ModelRow[]
  readonly wheres: readonly Record<string, unknown>[]
}

const TABLES: fc.Arbitrary<Table> = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), kind: fc.constantFrom(...KINDS), unique: fc.boolean() }), {
    selector: ({ name }) => name,
    minLength: 2,
    maxLength: 5,
  })
  .chain((columns) => {
    const plain = columns.filter(({ kind }) => kind !== 'JSON')
    const entries = <T>(of: readonly { name: string; kind: Kind }[], arbitrary: (kind: Kind) => fc.Arbitrary<T>) =>
      fc.tuple(...of.map(({ name, kind }) => arbitrary(kind).map((value) => [name, value] as const))).map(own)
    const rows = fc.record({
      cells: entries(plain, (kind) => fc.option(values[kind as 'TEXT'])),
      json: entries(
        columns.filter(({ kind }) => kind === 'JSON'),
        // Of null a repository makes NULL: JSON's own null stands inside a document only.
        () =>
          fc.option(
            documents.filter((document) => document !== null),
            { nil: undefined },
          ),
      ),
    })
    const flat = fc.subarray(columns, { minLength: 1, maxLength: 2 }).chain((some) =>
      entries(
        some.map(({ name, kind }) => ({ name: whereKey(name), kind })),
        conditionFor,
      ),
    )
    const deep = fc.letrec<{ where: Record<string, unknown> }>((tie) => ({
      where: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        flat,
        fc.record({ or: fc.array(tie('where'), { maxLength: 3 }) }),
        fc.record({ and: fc.array(tie('where'), { maxLength: 3 }) }),
        fc.record({ not: tie('where') }),
        fc.tuple(flat, tie('where')).map(([a, b]) => ({ ...own(Object.entries(b)), ...own(Object.entries(a)) })),
      ),
    })).where
    return fc.record({
      columns: fc.constant(columns),
      rows: fc.array(rows, { minLength: 5, maxLength: 25 }),
      wheres: fc.array(deep, { minLength: 20, maxLength: 30 }),
    })
  })

/** With `__proto__` as an own property. */
function own<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const object: Record<string, T> = {}
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

test('a where finds the rows that its rules find, whatever names and values are called', async () => {
  await using db = await openRepositories()
  let number = 0

  await fc.assert(
    fc.asyncProperty(TABLES, async ({ columns, rows, wheres }) => {
      const name = `t'"${++number}`
      const table = quoteIdentifier(name)
      const declared = columns.map(({ name: column, kind }) => `${quoteIdentifier(column)} ${kind}`)
      await db.engine.execute({ sql: `CREATE TABLE ${table}("the id" INTEGER PRIMARY KEY, ${declared.join(', ')})` })
      for (const { name: column, unique } of columns) {
        if (unique)
          await db.engine.execute({
            sql: `CREATE INDEX ${quoteIdentifier(`${name} ${column}`)} ON ${table}(${quoteIdentifier(column)})`,
          })
      }
      const repository = await db.repository(name)
      await repository.createMany(
        rows.map(({ cells, json }) => own<unknown>([...Object.entries(cells), ...Object.entries(json)])),
      )
      const { rows: before } = await db.engine.execute({ sql: `SELECT * FROM ${table}` })

      for (const where of wheres) {
        const expected = rows.flatMap((row, index) => (matchesWhere(row, where) ? index + 1 : []))
        const found = await repository.findAll({ where: where as never, orderBy: 'the id', select: ['the id'] })
        expect(found.map((row) => row['the id'])).toEqual(expected)
      }

      expect((await db.engine.execute({ sql: `SELECT * FROM ${table}` })).rows).toEqual(before)
      await db.engine.execute({ sql: `DROP TABLE ${table}` })
    }),
    { numRuns: 25 },
  )

  const { rows: left } = await db.engine.execute({ sql: "SELECT name FROM sqlite_schema WHERE type = 'table'" })
  expect(left).toEqual([])
}, 120_000)

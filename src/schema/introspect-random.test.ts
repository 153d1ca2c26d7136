/** Random schemas, made from a model and read back: every field has to be what the model says. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { schemaOf } from '../../test/support/schema-of.ts'
import { columnAffinity } from './affinity.ts'
import { foldName, quoteIdentifier as q } from './naming.ts'
import type { TableInfo } from './types.ts'

const TYPES = [
  '',
  'INTEGER',
  'INT',
  'TEXT',
  'VARCHAR(20)',
  'DOUBLE PRECISION',
  'DECIMAL(10, 2)',
  'BLOB',
  'BOOLEAN',
  'JSON',
]
const STRICT_TYPES = ['INTEGER', 'INT', 'REAL', 'TEXT', 'BLOB', 'ANY']
const DEFAULTS = [null, '1', '-1.5', 'NULL', 'CURRENT_TIMESTAMP', "x'00ff'", "'it''s \"so\"'", "'ä\n\u{1f980}'"]
const EXPRESSIONS = ['1 + 2', "datetime('now', '+1 day')", "lower('A)B')"]
const ACTIONS = ['NO ACTION', 'CASCADE', 'SET NULL', 'SET DEFAULT', 'RESTRICT']

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !text.includes('\0')),
  fc.constantFrom(
    'order-items',
    'größe',
    'select',
    '2fa',
    '"',
    "'",
    '[x]',
    'a b',
    'Mixed',
    '__proto__',
    'rowid',
    'table',
  ),
)
const column = fc.record({
  type: fc.nat(59),
  notNull: fc.boolean(),
  collation: fc.constantFrom('BINARY', 'NOCASE', 'RTRIM'),
  defaultValue: fc.oneof(
    fc.constantFrom(...DEFAULTS).map((text) => ({ text, sql: text === null ? '' : `DEFAULT ${text}` })),
    fc.constantFrom(...EXPRESSIONS).map((text) => ({ text, sql: `DEFAULT (${text})` })),
  ),
})
const places = (max: number) => fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: max })
const table = fc.record({
  columnNames: fc.uniqueArray(name, { selector: foldName, minLength: 1, maxLength: 5 }),
  columns: fc.array(column, { minLength: 5, maxLength: 5 }),
  generated: fc.constantFrom(null, 'virtual', 'stored'),
  key: fc.option(fc.record({ places: places(3), inColumn: fc.boolean(), descending: fc.boolean() })),
  uniques: fc.array(places(3), { maxLength: 2 }),
  strict: fc.boolean(),
  withoutRowid: fc.boolean(),
  foreignKeys: fc.array(
    fc.record({
      places: places(2),
      target: fc.nat(3),
      targetPlaces: fc.option(places(2)),
      onDelete: fc.constantFrom(...ACTIONS),
      onUpdate: fc.constantFrom(...ACTIONS),
    }),
    { maxLength: 2 },
  ),
  indexes: fc.array(
    fc.record({
      unique: fc.boolean(),
      partial: fc.boolean(),
      parts: fc.array(
        fc.record({
          place: fc.nat(4),
          expression: fc.boolean(),
          descending: fc.boolean(),
          collation: fc.constantFrom('BINARY', 'NOCASE', 'RTRIM'),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { maxLength: 2 },
  ),
})
const model = fc.record({
  tables: fc.array(table, { minLength: 3, maxLength: 3 }),
  // Tables and indexes share one name space; the fourth name is a table that does not exist.
  names: fc.uniqueArray(
    name.filter((text) => !foldName(text).startsWith('sqlite_')),
    { selector: foldName, minLength: 10, maxLength: 10 },
  ),
})
type Model = typeof model extends fc.Arbitrary<infer T> ? T : never
type TableModel = Model['tables'][number]

/** The other case of A to Z, which SQLite takes for the same name. */
const swapCase = (text: string) =>
  text.replace(/[A-Za-z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()))
const list = (names: readonly string[]) => names.map(q).join(', ')

/** The columns that stand at some places of a table, each once. */
function at(table: TableModel, places: readonly number[]): string[] {
  const { columnNames } = table
  return [...new Set(places.map((place) => columnNames[place % columnNames.length] ?? ''))]
}

/** What one table is made of, in SQL and as introspection has to show it. */
function describeTable(
  { tables, names }: Model,
  index: number,
): { sql: string[]; expected: Omit<TableInfo, 'relations'> } {
  const model = tables[index] as TableModel
  const tableName = names[index] ?? ''
  const types = model.strict ? STRICT_TYPES : TYPES
  const primaryKey = model.key === null ? [] : at(model, model.key.places)
  const withoutRowid = model.withoutRowid && primaryKey.length > 0
  const inColumn = model.key?.inColumn === true && primaryKey.length === 1
  const keyIsDescending = inColumn && model.key?.descending === true

  const columns = model.columnNames.map((columnName, place) => {
    const { type, notNull, collation, defaultValue } = model.columns[place] as TableModel['columns'][number]
    return { columnName, type: types[type % types.length] ?? '', notNull, collation, defaultValue }
  })
  const collationOf = (columnName: string) =>
    columns.find((column) => column.columnName === columnName)?.collation ?? ''
  const typeOf = (columnName: string) => columns.find((column) => column.columnName === columnName)?.type
  const isAlias =
    primaryKey.length === 1 && typeOf(primaryKey[0] ?? '') === 'INTEGER' && !withoutRowid && !keyIsDescending
  const generatedName = `generated ${tableName}`

  const foreignKeys = model.foreignKeys.map((key) => {
    const own = at(model, key.places)
    const target = tables[key.target]
    const named = target && key.targetPlaces && at(target, key.targetPlaces)
    const explicit = named && named.length === own.length ? named : null
    const targetKey = target?.key ? at(target, target.key.places) : []
    const sql = `FOREIGN KEY(${list(own)}) REFERENCES ${q(swapCase(names[key.target] ?? ''))}
      ${explicit ? `(${list(explicit.map(swapCase))})` : ''} ON DELETE ${key.onDelete} ON UPDATE ${key.onUpdate}`
    const found = explicit ?? (targetKey.length === own.length ? targetKey : [])
    const expected = {
      columns: own,
      referencedTable: target ? (names[key.target] ?? '') : swapCase(names[key.target] ?? ''),
      referencedColumns: found,
      onDelete: key.onDelete,
      onUpdate: key.onUpdate,
    }
    return { sql, expected }
  })
  const uniques = model.uniques.map((places) => at(model, places))
  const indexes = model.indexes.map((made, number) => {
    const indexName = names[4 + index * 2 + number] ?? ''
    const parts = made.parts.map((part) => {
      const [columnName = ''] = at(model, [part.place])
      const sql = part.expression ? `length(${q(columnName)})` : q(columnName)
      return {
        sql: `${sql} COLLATE ${part.collation} ${part.descending ? 'DESC' : 'ASC'}`,
        expected: {
          name: part.expression ? null : columnName,
          descending: part.descending,
          collation: part.collation,
        },
      }
    })
    const sql = `CREATE ${made.unique ? 'UNIQUE ' : ''}INDEX ${q(indexName)} ON ${q(tableName)}(${parts.map((part) => part.sql)})${
      made.partial ? ` WHERE ${q(model.columnNames[0] ?? '')} IS NOT NULL` : ''
    }`
    const expected = { name: indexName, unique: made.unique, origin: 'c' as const, partial: made.partial, sql }
    return { sql, expected: { ...expected, columns: parts.map((part) => part.expected) } }
  })

  const definitions = [
    ...columns.map(
      ({ columnName, type, notNull, collation, defaultValue }) =>
        `${q(columnName)} ${type} ${inColumn && columnName === primaryKey[0] ? `PRIMARY KEY ${keyIsDescending ? 'DESC' : ''}` : ''}
         ${notNull ? 'NOT NULL' : ''} ${defaultValue.sql} COLLATE ${collation}`,
    ),
    ...(model.generated === null ? [] : [`${q(generatedName)} INT AS (1) ${model.generated}`]),
    ...(primaryKey.length > 0 && !inColumn ? [`PRIMARY KEY(${list(primaryKey)})`] : []),
    ...uniques.map((unique) => `UNIQUE(${list(unique)})`),
    ...foreignKeys.map(({ sql }) => sql),
  ]
  const options = [...(model.strict ? ['STRICT'] : []), ...(withoutRowid ? ['WITHOUT ROWID'] : [])]
  const create = `CREATE TABLE ${q(tableName)}(${definitions.join(', ')}) ${options.join(', ')}`.trimEnd()

  // A unique key that repeats another one gets no index of its own; the rowid needs none.
  const constraints = new Map<string, { origin: 'pk' | 'u'; columns: string[] }>()
  if (primaryKey.length > 0 && !isAlias)
    constraints.set(JSON.stringify(primaryKey), { origin: 'pk', columns: primaryKey })
  for (const unique of uniques) {
    const identity = JSON.stringify(unique)
    if (!constraints.has(identity)) constraints.set(identity, { origin: 'u', columns: unique })
  }

  return {
    sql: [create, ...indexes.map(({ sql }) => sql)],
    expected: {
      name: tableName,
      kind: 'table',
      module: null,
      strict: model.strict,
      withoutRowid,
      columns: [
        ...columns.map(({ columnName, type, notNull, defaultValue }) => ({
          name: columnName,
          type,
          affinity: columnAffinity(type, model),
          notNull: notNull || (primaryKey.includes(columnName) && (withoutRowid || (model.strict && !isAlias))),
          defaultValue: defaultValue.text,
          primaryKeyPosition: primaryKey.indexOf(columnName) + 1,
          generated: null,
          hidden: false,
        })),
        ...(model.generated === null
          ? []
          : [
              {
                name: generatedName,
                type: 'INT',
                affinity: 'INTEGER' as const,
                notNull: false,
                defaultValue: null,
                primaryKeyPosition: 0,
                generated: model.generated as 'virtual' | 'stored',
                hidden: false,
              },
            ]),
      ],
      primaryKey,
      rowidColumn: isAlias ? (primaryKey[0] ?? null) : null,
      foreignKeys: foreignKeys.map(({ expected }) => expected),
      indexes: [
        ...indexes.map(({ expected }) => expected),
        ...[...constraints.values()].map(({ origin, columns: own }) => ({
          name: 'automatic',
          unique: true,
          origin,
          partial: false,
          columns: own.map((columnName) => ({
            name: columnName,
            descending: origin === 'pk' && keyIsDescending,
            collation: collationOf(columnName),
          })),
          sql: null,
        })),
      ],
      triggers: [],
      tool: null,
      sql: create,
    },
  }
}

/** Names of automatic indexes are SQLite's affair, and so is the order that follows from them. */
function comparable({ indexes, ...table }: Omit<TableInfo, 'relations'>) {
  const sorted = indexes
    .map((index) => ({ ...index, name: index.origin === 'c' ? index.name : 'automatic' }))
    .map((index) => JSON.stringify(index, Object.keys(index).sort().concat('descending', 'collation')))
    .sort()
  return { ...table, indexes: sorted }
}

test('a schema comes back as it was made, field by field', async () => {
  await fc.assert(
    fc.asyncProperty(model, async (made) => {
      const tables = made.tables.map((_, index) => describeTable(made, index))

      const schema = await schemaOf(tables.flatMap(({ sql }) => sql).join(';\n'))

      expect(schema.toolTables).toEqual([])
      expect(schema.tables).toHaveLength(tables.length)
      for (const { expected } of tables) {
        const found = schema.tables.find(({ name }) => name === expected.name)
        expect(found).toBeDefined()
        const { relations, ...facts } = found as TableInfo
        expect(comparable(facts)).toEqual(comparable(expected))
      }
    }),
    { numRuns: 300 },
  )
})

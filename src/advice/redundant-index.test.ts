import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { schemaOf } from '../../test/support/schema-of.ts'
import { adviseRedundantIndexes } from './redundant-index.ts'
import type { AdviceFacts, Recommendation } from './types.ts'

/** This advice looks at nothing but the schema. */
async function adviceFor(sql: string): Promise<Recommendation[]> {
  return adviseRedundantIndexes({ schema: await schemaOf(sql) } as AdviceFacts)
}

const droppedBy = async (sql: string): Promise<unknown[]> =>
  (await adviceFor(sql)).map(({ evidence }) => evidence.index)

const TABLE = 'CREATE TABLE t(a, b, c);'

test('an index is redundant beside one that begins with its columns, and is taken back as it was', async () => {
  expect(await adviceFor(`${TABLE} CREATE INDEX short ON t(a); CREATE INDEX long ON t(a, b)`)).toEqual([
    {
      id: 'redundant-index',
      severity: 'low',
      title: 'Drop the index short of t',
      why: expect.stringContaining('long begins with the same columns'),
      evidence: { table: 't', index: 'short', columns: 'a', keptIndex: 'long', keptColumns: 'a, b' },
      sql: 'DROP INDEX "short"',
      undo: 'CREATE INDEX short ON t(a)',
    },
  ])
})

test('the longer index is never the redundant one, in whatever order they were made or named', async () => {
  expect(await droppedBy(`${TABLE} CREATE INDEX z ON t(a, b); CREATE INDEX y ON t(a)`)).toEqual(['y'])
  expect(await droppedBy(`${TABLE} CREATE INDEX y ON t(a, b); CREATE INDEX z ON t(a)`)).toEqual(['z'])
  expect(await droppedBy(`${TABLE} CREATE INDEX y ON t(a, b); CREATE INDEX z ON t(b)`)).toEqual([])
})

test('of a chain only the longest stays, and it is the one named', async () => {
  const advice = await adviceFor(
    `${TABLE} CREATE INDEX one ON t(a); CREATE INDEX two ON t(a, b); CREATE INDEX three ON t(a, b, c)`,
  )

  expect(advice.map(({ evidence }) => [evidence.index, evidence.keptIndex])).toEqual([
    ['one', 'three'],
    ['two', 'three'],
  ])
})

test('of two that are the same exactly one goes', async () => {
  expect(await droppedBy(`${TABLE} CREATE INDEX first ON t(a, b); CREATE INDEX second ON t(a, b)`)).toEqual(['second'])
})

test('of two that are the same the unique one stays, whichever its name', async () => {
  expect(await droppedBy(`${TABLE} CREATE UNIQUE INDEX z ON t(a); CREATE INDEX y ON t(a)`)).toEqual(['y'])
  expect(await droppedBy(`${TABLE} CREATE UNIQUE INDEX y ON t(a); CREATE INDEX z ON t(a)`)).toEqual(['z'])
})

test('an index that repeats a constraint goes, unique or not; the constraint stays', async () => {
  expect(await droppedBy('CREATE TABLE t(a UNIQUE); CREATE UNIQUE INDEX i ON t(a)')).toEqual(['i'])
  expect(await droppedBy('CREATE TABLE t(a, b, PRIMARY KEY(a, b)); CREATE INDEX i ON t(a)')).toEqual(['i'])
  expect(await droppedBy('CREATE TABLE t(a UNIQUE, b); CREATE INDEX i ON t(a, b)')).toEqual([])
})

test.each([
  ['keeps values unique', 'CREATE UNIQUE INDEX i ON t(a); CREATE INDEX j ON t(a, b)'],
  ['is partial', 'CREATE INDEX i ON t(a) WHERE b > 0; CREATE INDEX j ON t(a, b)'],
  ['stands beside a partial one', 'CREATE INDEX i ON t(a); CREATE INDEX j ON t(a, b) WHERE c > 0'],
  ['has another order', 'CREATE INDEX i ON t(a DESC); CREATE INDEX j ON t(a, b)'],
  ['has another collation', 'CREATE INDEX i ON t(a COLLATE NOCASE); CREATE INDEX j ON t(a, b)'],
  ['has an expression', 'CREATE INDEX i ON t(lower(a)); CREATE INDEX j ON t(lower(a), b)'],
  ['has other columns', 'CREATE INDEX i ON t(b); CREATE INDEX j ON t(a, b)'],
])('an index that %s is not redundant', async (_, indexes) => {
  expect(await droppedBy(`${TABLE} ${indexes}`)).toEqual([])
})

test('indexes of different tables are not compared', async () => {
  expect(await droppedBy(`${TABLE} CREATE TABLE u(a, b); CREATE INDEX i ON t(a); CREATE INDEX j ON u(a, b)`)).toEqual(
    [],
  )
})

test('the advice can be followed and taken back; then SQLite can do with what is kept what it did with the other', async () => {
  const column = fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('', ' DESC', ' COLLATE NOCASE'))
    .map(([name, suffix]) => name + suffix)
  const columns = fc.uniqueArray(column, { minLength: 1, maxLength: 3, selector: (each) => each[0] })
  const index = fc.record({ columns, unique: fc.boolean(), partial: fc.boolean() })

  await fc.assert(
    fc.asyncProperty(
      fc.array(index, { maxLength: 5 }),
      fc.constantFrom('', ', UNIQUE(a, b)'),
      async (indexes, constraint) => {
        const sql = [
          `CREATE TABLE t(a, b, c${constraint})`,
          ...indexes.map(
            (each, n) =>
              `CREATE ${each.unique ? 'UNIQUE ' : ''}INDEX i${n} ON t(${each.columns.join(', ')})${each.partial ? ' WHERE b > 0' : ''}`,
          ),
        ].join(';')
        const database = new BetterSqlite3(':memory:')
        try {
          database.exec(sql)
          const advice = await adviceFor(sql)

          for (const { sql: drop } of advice) database.exec(drop ?? '')

          for (const { evidence } of advice) {
            const terms = String(evidence.columns).split(', ')
            const dropped = indexes[Number(String(evidence.index).slice(1))]?.columns ?? []
            const where = dropped.map((each) => `${each.replace(' DESC', '')} = 1`).join(' AND ')
            // An error, "no query solution", when the index that is kept cannot be used for it.
            const plan = database
              .prepare<[], { detail: string }>(
                `EXPLAIN QUERY PLAN SELECT * FROM t INDEXED BY ${evidence.keptIndex} WHERE ${where}`,
              )
              .all()
            expect(plan[0]?.detail).toContain(`(${terms.map((name) => `${name}=?`).join(' AND ')})`)
          }
          const left = database
            .prepare("SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL)")
            .pluck()
            .get()
          expect(await adviceFor(String(left))).toEqual([])
          for (const { undo } of advice) database.exec(undo ?? '')
          expect(database.prepare('SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL').pluck().get()).toBe(
            indexes.length + 1,
          )
        } finally {
          database.close()
        }
      },
    ),
    { numRuns: 200 },
  )
})

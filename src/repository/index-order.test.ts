import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'
import { introspect } from '../schema/introspect.ts'
import { findTable } from '../schema/lookup.ts'
import { hasIndexOrder } from './index-order.ts'
import { compileKeyset } from './keyset.ts'
import { completeOrder, parseOrderBy } from './order-by.ts'
import { TableModel } from './table-model.ts'

const KEYS = [
  'k INTEGER PRIMARY KEY)',
  'k TEXT NOT NULL PRIMARY KEY)',
  'k TEXT NOT NULL PRIMARY KEY DESC)',
  'k TEXT, PRIMARY KEY (k)) WITHOUT ROWID',
  'k TEXT, PRIMARY KEY (a, k DESC)) WITHOUT ROWID',
]
const COLLATIONS = ['', ' COLLATE NOCASE']
const parts = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'k'),
    descending: fc.boolean(),
    collate: fc.constantFrom('', '', ' COLLATE NOCASE'),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
)
const orders = fc.uniqueArray(
  fc.record({
    column: fc.constantFrom('a', 'b', 'c', 'k'),
    direction: fc.constantFrom('asc', 'desc'),
    nulls: fc.option(fc.constantFrom('first', 'last'), { nil: undefined }),
  }),
  { selector: ({ column }) => column, maxLength: 3 },
)

test('where an index is said to have the order, SQLite sorts nothing and reads only what it returns', async () => {
  await using db = await openRepositories()
  let claimed = 0

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...KEYS),
      fc.constantFrom(...COLLATIONS),
      parts,
      orders,
      async (key, collation, index, order) => {
        const columns = `a INTEGER NOT NULL, b TEXT${collation}, c TEXT NOT NULL${collation}`
        // What failed has left its table behind.
        await db.engine.execute({ sql: 'DROP TABLE IF EXISTS t' })
        await db.engine.execute({ sql: `CREATE TABLE t(${columns}, ${key}` })
        const indexed = index.map(({ name, descending, collate }) => `${name}${collate}${descending ? ' DESC' : ''}`)
        await db.engine.execute({ sql: `CREATE INDEX i ON t(${indexed.join(', ')})` })
        const model: TableModel = new TableModel(
          findTable(await introspect(db.engine), 't'),
          { dates: 'text', naming: 'stored' },
          () => model,
        )
        const terms = completeOrder(model, parseOrderBy(model, order))

        if (hasIndexOrder(model, terms)) {
          claimed++
          for (const after of [null, terms.map(() => 1), terms.map(({ nullable }) => (nullable ? null : 1))]) {
            const { statement } = compileKeyset(model, { options: {}, terms, after, limit: 10 })
            const { rows } = await db.engine.execute({ ...statement, sql: `EXPLAIN QUERY PLAN ${statement.sql}` })
            const plan = rows.map(({ detail }) => String(detail))
            expect(
              plan.filter((step) => /TEMP B-TREE/.test(step)),
              statement.sql,
            ).toEqual([])
            if (after !== null)
              expect(
                plan.filter((step) => /SCAN t\b/.test(step)),
                statement.sql,
              ).toEqual([])
          }
        }
      },
    ),
    { numRuns: 400 },
  )
  expect(claimed).toBeGreaterThan(20)
})

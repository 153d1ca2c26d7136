import { expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'
import type { Executor, Statement } from '../engine/types.ts'
import { partialIndexLiteral } from './partial-index.ts'

const SCHEMA = [
  'CREATE TABLE works (id INTEGER PRIMARY KEY, status TEXT, hidden BOOLEAN, size INTEGER)',
  "CREATE INDEX open ON works (size) WHERE status = 'it''s open'",
  'CREATE INDEX shown ON works (size) WHERE hidden = 0',
  "INSERT INTO works (status, hidden, size) VALUES ('it''s open', 0, 1), ('sold', 1, 1), ('it''s open', 1, 2)",
]

test.each([
  [{ status: "it's open", size: 1 }, 'INDEX open', [1]],
  [{ hidden: false, size: 1 }, 'INDEX shown', [1]],
  [{ status: 'sold', size: 1 }, 'SCAN works', [2]],
  [{ hidden: true, size: 2 }, 'SCAN works', [3]],
])('a search for %o: %s', async (where, plan, ids) => {
  await using db = await openRepositories(...SCHEMA)
  const statements: Statement[] = []
  const execute: Executor['execute'] = (statement, options) => {
    statements.push(statement)
    return db.engine.execute(statement, options)
  }
  const executor: Executor = Object.assign(Object.create(db.engine), { execute })
  const works = await db.repository<{ id: number }>('works', { executor })
  const rows = await works.findAll({ where: where as never, select: ['id'] })

  expect(rows.map(({ id }) => id)).toEqual(ids)
  const last = statements.at(-1)
  const explained = await db.engine.execute({ ...last, sql: `EXPLAIN QUERY PLAN ${last?.sql}` })
  expect(explained.rows.map(({ detail }) => detail).join()).toContain(plan)
})

test('only a value that stands in the definition by itself is written out', () => {
  const indexes = [{ name: 'i', unique: false, origin: 'c', partial: true, columns: [] } as const].map((index) => ({
    ...index,
    sql: "CREATE INDEX i ON t (a) WHERE status = 'open' AND level = 10 AND b = 1.5",
  }))
  const literal = (value: never) => partialIndexLiteral({ indexes }, 'status', value)

  expect(['open', 10, 10n].map((value) => literal(value as never))).toEqual(["'open'", '10', '10'])
  for (const value of ['ope', 'OPEN', "open' OR 1 --", '', 1, 0, 5, 1.5, null, new Uint8Array(1)]) {
    expect(literal(value as never)).toBeNull()
  }
  expect(partialIndexLiteral({ indexes }, 'other', 'open')).toBeNull()
})

import { expect, test } from 'vitest'
import { schemaOf } from '../../../test/support/schema-of.ts'
import { tableRules } from './table-rules.ts'

test.each([
  ['TEXT DEFAULT CURRENT_TIMESTAMP', '(CURRENT_TIMESTAMP)'],
  ["TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))", "(strftime('%Y-%m-%dT%H:%M:%fZ'))"],
  ["TEXT DEFAULT (datetime ( 'now', '+1 hour'))", "(datetime ( 'now', '+1 hour'))"],
  ["INTEGER DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))", "(CAST(unixepoch('subsec') * 1000 AS INTEGER))"],
  ["TEXT DEFAULT (date('2020-01-01'))", null],
  ["TEXT DEFAULT ''", null],
  ["TEXT DEFAULT 'update ()'", null],
  ['TEXT', null],
])('a column that is %s is set by %s', async (type, sql) => {
  const schema = await schemaOf(`CREATE TABLE t(at ${type})`)

  const { rules, problems } = tableRules(
    schema.tables[0] as never,
    { createdAt: 'at' },
    { createdAt: null, updatedAt: null },
  )

  expect(problems).toEqual([])
  expect(rules.createdAt).toEqual({ column: 'at', sql })
})

import { expect, test } from 'vitest'
import { openConnection, thrownBy } from '../../test/support/open-connection.ts'
import { StatementError } from '../errors.ts'
import type { SqlValue } from './values.ts'

test.each<[string, SqlValue[], SqlValue[]]>([
  ['SELECT ?, ?', [1, 2], [1, 2]],
  ['SELECT ?1, ?2', [1, 2], [1, 2]],
  ['SELECT ?2, ?1, ?2', [1, 2], [2, 1, 2]],
  ['SELECT ?3', [1, 2, 3], [3]],
  ['SELECT ?, ?1, ?', [1, 2], [1, 1, 2]],
  ['SELECT ?2, ?', [1, 2, 3], [2, 3]],
  ['SELECT :a, :b, :a', [1, 2], [1, 2, 1]],
  ['SELECT @a, ?, $b', [1, 2, 3], [1, 2, 3]],
  ['SELECT :__proto__', [1], [1]],
  ['SELECT \'?1\', ":a" -- ?2\n, ? FROM (SELECT 5 AS ":a")', [1], ['?1', 5, 1]],
  ['SELECT 1', [], [1]],
])('%s takes positional values as SQLite numbers them', async (sql, values, row) => {
  const connection = await openConnection()

  expect(connection.arrays(sql, values).rows).toEqual([row])
  expect(connection.write(sql, values).rows).toEqual([row])
  expect([...connection.iterate(sql, values)]).toEqual([row])
})

test.each<[string, SqlValue[]]>([
  ['SELECT ?', []],
  ['SELECT ?', ['MARKER', 2]],
  ['SELECT ?1', []],
  ['SELECT ?1', ['MARKER', 2]],
  ['SELECT ?3', ['MARKER']],
  ['SELECT :a, @a', ['MARKER', 2]],
  ['SELECT ?99999', ['MARKER']],
  ['SELECT ?0', ['MARKER']],
])('%s with %j is a StatementError that shows no value', async (sql, values) => {
  const connection = await openConnection()

  for (const run of [
    () => connection.arrays(sql, values),
    () => connection.objects(sql, values),
    () => [...connection.iterate(sql, values)],
  ]) {
    const error = thrownBy(run)
    expect(error).toBeInstanceOf(StatementError)
    expect(String(error)).not.toContain('MARKER')
  }
})

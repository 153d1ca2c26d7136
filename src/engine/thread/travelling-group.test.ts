/** Groups of writes between threads: whatever goes in comes out equal on the other side. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTestEngine } from '../../../test/support/open-engine.ts'
import { anyValue } from '../../../test/support/round-trip-values.ts'
import type { WriteOutcome } from '../../sqlite/connection.ts'
import type { GroupItem, GroupItemOutcome } from './protocol.ts'
import { flatten, packArgument, unflatten, unpackArgument } from './travelling-group.ts'

const values = fc.array(anyValue, { maxLength: 3 })
const statement = fc.record({ sql: fc.constantFrom('a', 'b', 'INSERT'), parameters: values })
const anyItem: fc.Arbitrary<GroupItem> = fc.oneof(
  statement.map((one) => ({ statements: [one], atomic: false })),
  fc.record({ statements: fc.array(statement, { maxLength: 3 }), atomic: fc.boolean() }),
)

const columns = fc.constantFrom<string[]>(['x'], ['y', 'z'])
const result: fc.Arbitrary<WriteOutcome> = fc
  .record({ columns, count: fc.nat(3), ms: fc.double(), changes: fc.nat(), value: anyValue })
  .chain(({ columns, count, ms, changes, value }) =>
    fc.constantFrom<number | bigint | null>(null, 1, 2n ** 60n).map((lastInsertRowid) => {
      const rows = Array.from({ length: count }, () => columns.map(() => value))
      // Without a row nobody asks for the names of its columns.
      return { columns: count === 0 ? [] : columns, rows, changes, lastInsertRowid, ms }
    }),
  )
const error = { code: 'NOORMME_CONSTRAINT', facts: {}, stack: '' } as unknown as NonNullable<GroupItemOutcome['error']>
const anyOutcome: fc.Arbitrary<GroupItemOutcome> = fc.oneof(
  result.map((one) => ({ results: [one] })),
  fc.array(result, { maxLength: 3 }).map((results) => ({ results })),
  fc.constant({ error }),
)

test('any writes arrive as they were sent', () => {
  fc.assert(
    fc.property(fc.array(anyItem), (items) => {
      const group = { items, waitMs: 1.5 }
      expect(unpackArgument(structuredClone(packArgument(group)))).toEqual(group)
    }),
  )
})

test('any outcomes arrive as they came about', () => {
  fc.assert(
    fc.property(fc.array(anyOutcome), (outcomes) => {
      const group = { outcomes, commits: 1, busy: null, broken: false }
      expect(unflatten(structuredClone(flatten(group)))).toEqual(group)
    }),
  )
})

test('what is no group is left alone', () => {
  for (const argument of [null, 'name', 7, { sql: 'SELECT 1', parameters: [] }]) {
    expect(packArgument(argument)).toBe(argument)
    expect(unpackArgument(argument)).toBe(argument)
  }
  for (const result of [null, [], { columns: [], rows: [], ms: 0, connection: 'reader-1' }]) {
    expect(flatten(result)).toBe(result)
    expect(unflatten(result)).toBe(result)
  }
})

test('neighbours of every kind that share a commit each get their own', async () => {
  const { engine } = await openTestEngine('wal')
  await engine.execute({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, v UNIQUE, b BLOB)' })
  const insert = 'INSERT INTO t (v, b) VALUES (?, ?)'
  const bytes = new Uint8Array(300_000).fill(7)
  const settled = await Promise.allSettled([
    engine.execute({ sql: `${insert} RETURNING id, v`, parameters: ['one', null] }),
    engine.execute({ sql: insert, parameters: ['two', bytes] }),
    engine.execute({ sql: `${insert} RETURNING *`, parameters: ['one', null] }),
    engine.execute({ sql: 'UPDATE t SET v = v RETURNING id' }),
    engine.execute({ sql: 'UPDATE t SET v = v WHERE id = ? RETURNING b', parameters: [2] }),
    engine.execute({ sql: 'DELETE FROM t WHERE id = ? RETURNING id', parameters: [9] }),
    engine.batch([{ sql: insert, parameters: ['three', 2n ** 60n] }, { sql: 'SELECT b FROM t WHERE id = 3' }]),
  ])
  expect(settled).toMatchObject([
    { value: { rows: [{ id: 1, v: 'one' }], changes: 1, lastInsertRowid: 1 } },
    { value: { rows: [], changes: 1, lastInsertRowid: 2 } },
    { reason: { code: 'NOORMME_UNIQUE' } },
    { value: { rows: [{ id: 1 }, { id: 2 }], changes: 2, lastInsertRowid: null } },
    { value: { rows: [{ b: bytes }], changes: 1 } },
    { value: { rows: [], changes: 0 } },
    { value: [{ changes: 1, lastInsertRowid: 3 }, { rows: [{ b: 2n ** 60n }] }] },
  ])
})

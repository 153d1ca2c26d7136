/** Rows between threads: whatever goes into blocks comes out equal, and long results never hold the event loop. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import { anyRows } from '../../../test/support/round-trip-values.ts'
import { toObjects } from '../../sqlite/connection.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { nextSlice } from '../../util/slices.ts'
import type { Block } from './block.ts'
import { decodeBlock, rowShape } from './decode-block.ts'
import { encodeBlock } from './encode-block.ts'
import { IncomingRows } from './incoming-rows.ts'
import { OutgoingRows } from './outgoing-rows.ts'
import type { Operations } from './protocol.ts'
import { readRows } from './results.ts'
import { PACKED_ROWS, pack, unpack } from './travelling-rows.ts'

type ReadReply = NonNullable<Operations['read']['result']>

const namesOf = (width: number): string[] => Array.from({ length: width }, (_, index) => `c${index}`)

/** Through one block and a structured clone, as between threads. */
function throughBlock(columns: readonly string[], rows: readonly (readonly unknown[])[]): unknown[] {
  const built: Record<string, SqlValue>[] = []
  decodeBlock(structuredClone(encodeBlock(rows)), rowShape(columns), built)
  return built
}

/** As a whole result travels. */
async function throughMessage(result: ReadReply): Promise<unknown[]> {
  const arrived = structuredClone(result, { transfer: pack(result) })
  await unpack(arrived, null)
  return readRows(arrived)
}

test('any rows come out of a block as they would have come by position', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const columns = namesOf(rows[0]?.length ?? 0)
      expect(throughBlock(columns, rows)).toStrictEqual(toObjects({ columns, rows }))
    }),
  )
})

test('integers that arrive as bigints become numbers where a number is exact', () => {
  const rows = [
    [1n, 2n ** 53n],
    [2n ** 40n, 5n],
    [null, null],
  ]
  expect(throughBlock(['a', 'b'], rows)).toEqual([
    { a: 1, b: 2n ** 53n },
    { a: 2 ** 40, b: 5 },
    { a: null, b: null },
  ])
})

test('negative zero stays what it is beside integers', () => {
  expect(throughBlock(['a'], [[1], [-0], [0]])).toEqual([{ a: 1 }, { a: -0 }, { a: 0 }])
})

test.each([
  ['a column named __proto__', ['a', '__proto__', 'b']],
  ['two columns of one name', ['a', 'b', 'a']],
  ['names that are array indexes', ['1', '0', 'length']],
  ['names that only JSON would mind', ['"', '\\', '\u0000\u2028']],
])('%s become properties as they do by position', (_, columns) => {
  const rows = [
    [1, 'x', null],
    [2, 'y', 3],
  ] as SqlValue[][]
  const built = throughBlock(columns, rows) as object[]
  const expected = toObjects({ columns, rows })
  expect(built.map((row) => Object.entries(row))).toEqual(expected.map((row) => Object.entries(row)))
  for (const row of built) expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
})

test('texts around the length that is joined come back whole, surrogate pairs at the cut included', () => {
  const lengths = [65_535, 1, 65_536, 0, 65_537, 32_768, 32_768, 1, 0, 200_000, 2]
  const rows = lengths.flatMap((length) => [
    ['😀'.repeat(length).slice(0, length - (length % 2))],
    ['x'.repeat(length)],
    [null],
    [''],
  ])
  expect(throughBlock(['t'], rows)).toEqual(rows.map(([t]) => ({ t })))
})

test('a short text is part of a joined one of at most 64 KiB characters, a longer one stands alone', () => {
  const texts = Array.from({ length: 900 }, () => 'y'.repeat(1000))
  const [column] = encodeBlock([...texts, 'z'.repeat(100_000), 'end'].map((text) => [text])).columns
  const joined = (column as { readonly joined: readonly string[] }).joined.map((text) => text.length)
  expect(joined.slice(0, -2).every((length) => length <= 65_536)).toBe(true)
  expect(joined.slice(-2)).toEqual([100_000, 3])
})

test.each([1, PACKED_ROWS - 1, PACKED_ROWS, 1023, 1024, 1025, 2048, 5000])('%i rows arrive in order', async (count) => {
  const rows = Array.from({ length: count }, (_, n): SqlValue[] => [n, `row ${n}`, n % 7 === 0 ? null : n / 3])
  const columns = ['n', 't', 'r']
  const expected = toObjects({ columns, rows })
  expect(await throughMessage({ columns, rows: [...rows], ms: 0, connection: 'reader-1' })).toEqual(expected)
})

test('a block ends early where rows are wide or heavy', () => {
  const sizes = (rows: readonly (readonly unknown[])[]): number[] => {
    const blocks: Block[] = []
    const outgoing = new OutgoingRows((block) => blocks.push(block))
    for (const row of rows) outgoing.add(row)
    outgoing.flush()
    return blocks.map((block) => block.rows)
  }
  expect(sizes(Array.from({ length: 1500 }, () => [1]))).toEqual([1024, 476])
  expect(Math.max(...sizes(Array.from({ length: 100 }, () => Array(2000).fill(1))))).toBeLessThan(20)
  expect(sizes(Array.from({ length: 3 }, () => [new Uint8Array(2 ** 20)]))).toEqual([1, 1, 1])
})

test('a million rows are built in many turns, in which immediates run; without slices all would be built in one', async () => {
  const block = encodeBlock(Array.from({ length: 1000 }, (_, n) => [n, `row ${n}`, n / 2]))
  const incoming = new IncomingRows().add({ columns: ['n', 't', 'r'], blocks: Array(1000).fill(block) })
  let built: readonly unknown[] | null = null
  void incoming.done().then((rows) => {
    built = rows
  })

  let turns = 0
  while (built === null) {
    await nextTurn()
    turns++
  }

  expect(built).toHaveLength(1_000_000)
  expect(turns).toBeGreaterThan(20)
})

test('one block is built at once, without a turn', () => {
  const rows = Array.from({ length: 200 }, (_, n): SqlValue[] => [n])
  const result: ReadReply = { columns: ['n'], rows, ms: 0, connection: 'reader-1' }
  pack(result)
  expect(unpack(result, null)).toBe(null)
  expect(readRows(result)).toHaveLength(200)
})

const NUMBERS = 'WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ?)'

test('any rows that a thread reads equal those that were written, by read, transaction, snapshot and stream', async () => {
  const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 0 })
  await engine.execute({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, v)' })
  await fc.assert(
    fc.asyncProperty(anyRows, async (rows) => {
      const values = rows.flat()
      await engine.batch([
        { sql: 'DELETE FROM t' },
        ...values.map((value, id) => ({ sql: 'INSERT INTO t VALUES (?, ?)', parameters: [id, value] })),
      ])
      // SQLite stores no negative zero.
      const expected = values.map((value, id) => ({ id, v: Object.is(value, -0) ? 0 : value }))
      const select = { sql: 'SELECT id, v FROM t ORDER BY id' }
      const streamed: unknown[] = []
      for await (const block of engine.stream(select, { blockRows: 100 })) streamed.push(...block)
      expect((await engine.execute(select)).rows).toEqual(expected)
      expect((await engine.transaction((tx) => tx.execute(select))).rows).toEqual(expected)
      expect((await engine.snapshot((snapshot) => snapshot.execute(select))).rows).toEqual(expected)
      expect(streamed).toEqual(expected)
    }),
    { numRuns: 20 },
  )
})

test('results of a reader arrive in order and whole while others are built', async () => {
  const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 0, readers: 2 })
  const counts = [30_000, 1, 20_000, 127, 128, 1025]
  const results = await Promise.all(
    counts.map((count) => rowsOf(engine, `${NUMBERS} SELECT v, 'x' || v AS t FROM n`, count)),
  )
  for (const [index, rows] of results.entries()) {
    expect(rows).toHaveLength(counts[index] as number)
    expect(rows.every((row, n) => (row as { v: number }).v === n + 1)).toBe(true)
  }
})

/** Building waits behind so many slices that whatever the threads have to say arrives before. */
function occupySlices(): void {
  for (let slice = 0; slice < 100_000; slice++) void nextSlice()
}

test('requests to one connection settle in order of asking: kept out of it, a short result overtakes', async () => {
  const { engine } = await openTestEngine()
  const order: string[] = []
  await engine.snapshot(async (snapshot) => {
    occupySlices()
    const long = rowsOf(snapshot, `${NUMBERS} SELECT v FROM n`, 5000).then(() => order.push('long'))
    const short = rowsOf(snapshot, 'SELECT 1').then(() => order.push('short'))
    await Promise.all([long, short])
  })
  expect(order).toEqual(['long', 'short'])
})

test('a read that fails in its ten thousandth row rejects with its own error, and the next read is answered', async () => {
  const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 0 })
  const failing = rowsOf(engine, `${NUMBERS} SELECT CASE v WHEN 10000 THEN json('{') ELSE v END AS v FROM n`, 20_000)
  await expect(failing).rejects.toMatchObject({ code: 'NOORMME_STATEMENT' })
  expect(await rowsOf(engine, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('close waits until the rows that have arrived are built: a channel that ends without them leaves the read open', async () => {
  const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 0 })
  await rowsOf(engine, 'SELECT 1')
  occupySlices()
  let rows: unknown[] | null = null
  void rowsOf(engine, `${NUMBERS} SELECT v, 'text ' || v AS t FROM n`, 5000).then((read) => {
    rows = read
  })

  await engine.close()

  expect(rows).toHaveLength(5000)
})

test('long results of a transaction and of RETURNING are whole', async () => {
  const { engine } = await openTestEngine()
  await engine.execute({ sql: 'CREATE TABLE t (v, t)' })
  const insert = `INSERT INTO t ${NUMBERS} SELECT v, 'text ' || v FROM n RETURNING v, t`
  const expected = Array.from({ length: 3000 }, (_, n) => ({ v: n + 1, t: `text ${n + 1}` }))
  expect(await rowsOf(engine, insert, 3000)).toEqual(expected)
  expect(await engine.transaction((tx) => rowsOf(tx, 'SELECT v, t FROM t'))).toEqual(expected)
})

test('a BLOB of 200 MB comes back intact from a reader', async () => {
  const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 0 })
  const size = 200_000_000
  const [row] = (await rowsOf(engine, "SELECT CAST(printf('%.*c', ?, 'b') AS BLOB) AS b", size)) as { b: Uint8Array }[]
  expect(row?.b.constructor).toBe(Uint8Array)
  expect(row?.b.byteLength).toBe(size)
  expect(row?.b.every((byte) => byte === 98)).toBe(true)
})

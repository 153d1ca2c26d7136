/** Reads on the event loop's thread that turn out to be long: stopped by the watch, and done on a reader's thread. */
import { describe, expect, test } from 'vitest'
import { hasNative } from '../../../test/support/native.ts'
import { openTestEngine } from '../../../test/support/open-engine.ts'
import type { Engine } from '../types.ts'

const COUNT = `SELECT count(*) AS n, 9007199254740993 AS big, 'x' AS text
  FROM (WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ?) SELECT v FROM n)`
/** So large that a busy machine does not make short reads look long. */
const ROOMY = { inlineReadBudgetMs: 10, native: true }
/** Long enough on any machine for the watch that goes with it. */
const LONG = 3_000_000

const read = async (engine: Engine, upTo: number, point = false): Promise<unknown> =>
  (await engine.execute({ sql: COUNT, parameters: [upTo] }, { point })).rows
const rows = (n: number) => [{ n, big: 9007199254740993n, text: 'x' }]
const counters = (engine: Engine) => engine.stats().counters

describe.skipIf(!hasNative)('a read that is long although it was known to be short', () => {
  test('is stopped, run again on a thread, and not tried again; the caller sees its rows', async () => {
    const { engine } = await openTestEngine('wal', ROOMY)
    // It has proved itself short when it is read here.
    while (counters(engine).readsInline === 0) await read(engine, 1)

    expect(await read(engine, LONG)).toEqual(rows(LONG))
    expect(counters(engine).readsInterrupted).toBe(1)

    const { readsInline } = counters(engine)
    expect(await Promise.all([read(engine, LONG), read(engine, 1)])).toEqual([rows(LONG), rows(1)])
    expect(counters(engine)).toMatchObject({ readsInline, readsInterrupted: 1 })
  })

  test('is stopped three times where its caller called it a point read', async () => {
    const { engine } = await openTestEngine('wal', { native: true })
    for (let run = 0; run < 5; run++) expect(await read(engine, LONG, true)).toEqual(rows(LONG))
    expect(counters(engine)).toMatchObject({ readsInline: 0, readsInterrupted: 3, readsThreaded: 5 })
  })

  test('leaves those after it as they are', async () => {
    const { engine } = await openTestEngine('wal', { native: true })
    await engine.execute({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, v)' })
    await engine.execute({ sql: "INSERT INTO t VALUES (1, 'one')" })
    const all = [read(engine, LONG, true)]
    const one = async () =>
      (await engine.execute({ sql: 'SELECT v FROM t WHERE id = ?', parameters: [1] }, { point: true })).rows
    for (let next = 0; next < 200; next++) all.push(one())
    const [long, ...others] = await Promise.all(all)
    expect(long).toEqual(rows(LONG))
    expect(others).toEqual(others.map(() => [{ v: 'one' }]))
  })
})

test('without the extension it runs to its end where it is', async () => {
  const { engine } = await openTestEngine('wal', { native: false })
  expect(await read(engine, LONG, true)).toEqual(rows(LONG))
  expect(counters(engine)).toMatchObject({ readsInline: 1, readsInterrupted: 0, readsThreaded: 0 })
})

/** The promise "never blocking": the event loop turns while rows are read, however many, and however they are asked for. */
import type { NOORMME, NoormmeConfig } from 'noormme'
import { expect, onTestFinished, test, vi } from 'vitest'
import { hasNative } from '../support/native.ts'
import { tempDatabase } from '../support/temp-database.ts'

const ROWS = 100_000

async function filled(performance: NoormmeConfig['performance'] = {}): Promise<NOORMME> {
  const { db } = tempDatabase({ optimization: { synchronous: 'OFF' }, performance })
  await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)')
  await db.execute(
    `WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ${ROWS})
     INSERT INTO t SELECT v, 'row ' || v, v * 2, v / 3.0 FROM n`,
  )
  await db.refreshSchema()
  return db
}

/** How often the event loop turns until `work` is done. */
async function turnsDuring<T>(work: () => Promise<T>): Promise<{ result: T; turns: number }> {
  let turns = 0
  let counting = true
  const turn = (): void => {
    turns++
    if (counting) setImmediate(turn)
  }
  setImmediate(turn)
  const result = await work()
  counting = false
  return { result, turns }
}

test('100,000 rows of one findAll() are read on another thread while the loop turns', async () => {
  const db = await filled()
  const { result, turns } = await turnsDuring(() => db.getRepository('t').findAll())
  expect(result).toHaveLength(ROWS)
  expect(turns).toBeGreaterThan(10)
})

test('20,000 awaited findById() let the loop turn: with the budget of a turn taken out it would not turn once', async () => {
  // So large that no read is banned to a thread, where the loop would turn anyway.
  const db = await filled({ inlineReadBudget: 50 })
  const rows = db.getRepository<{ id: number }>('t')
  // Known to be short from here on, and read inline.
  for (let run = 0; run < 60; run++) await rows.findById(1)
  const { turns } = await turnsDuring(async () => {
    for (let id = 1; id <= 20_000; id++) if ((await rows.findById(id))?.id !== id) throw new Error(`not row ${id}`)
  })
  expect(turns).toBeGreaterThan(10)
})

test.skipIf(!hasNative)(
  'a statement known to be short that turns slow is moved to a thread while the loop turns: left where it is, it would not',
  async () => {
    vi.stubEnv('NOORMME_NATIVE', '1')
    onTestFinished(() => void vi.unstubAllEnvs())
    // So large that a busy machine does not make the short runs look long.
    const { db } = tempDatabase({ performance: { inlineReadBudget: 10 } })
    const sql = `SELECT count(*) AS n FROM
    (WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ?) SELECT v FROM n)`
    const counters = async () => (await db.getConnectionStats()).counters
    await db.initialize()
    const { readsInline } = await counters()
    while ((await counters()).readsInline < readsInline + 3) await db.execute(sql, [1])

    const { result, turns } = await turnsDuring(() => db.execute(sql, [5_000_000]))

    expect(result.rows).toEqual([{ n: 5_000_000 }])
    expect(turns).toBeGreaterThan(10)
    expect((await counters()).readsInterrupted).toBe(1)
  },
)

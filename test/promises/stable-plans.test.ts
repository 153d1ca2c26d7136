/** The promise "obeyed" for `optimization.stablePlans`: what SQLite reports, and what it does, on every connection. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { hasNative } from '../support/native.ts'

beforeEach(() => void vi.stubEnv('NOORMME_NATIVE', '1'))
afterEach(() => void vi.unstubAllEnvs())

/** A table in which nearly every row has one status: for that one value reading all of it is the better plan. */
async function openSkewed(config: object): Promise<NOORMME> {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-plans-'))
  const db = new NOORMME({ connection: { database: join(folder, 'app.db') }, ...config })
  onTestFinished(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, status TEXT)')
  await db.execute(`WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 2000)
    INSERT INTO works SELECT i, iif(i % 100 = 0, 'open', 'sold') FROM c`)
  await db.execute('CREATE INDEX works_status ON works (status)')
  await db.execute('ANALYZE')
  return db
}

/** How the writer, a reader and the inline connection would search for the common value. */
async function plans(db: NOORMME): Promise<string[]> {
  const sql = 'EXPLAIN QUERY PLAN SELECT * FROM works WHERE status = ?'
  const ask = async (run: NOORMME['execute']) => String((await run(sql, ['sold'])).rows[0]?.detail)
  const onWriter = await db.transaction((tx) => ask(tx.execute.bind(tx) as NOORMME['execute']))
  const onReader = await db.snapshot((snapshot) => ask(snapshot.execute.bind(snapshot) as NOORMME['execute']))
  // Repeated until it is known to be short and runs inline.
  let inline = ''
  for (let run = 0; run < 60; run++) inline = await ask(db.execute.bind(db))
  const { counters } = await db.getConnectionStats()
  expect(counters.readsInline).toBeGreaterThan(0)
  return [onWriter, onReader, inline]
}

const reported = async (db: NOORMME) => (await db.getConnectionStats()).connections.map((one) => one.stablePlans)
const everywhere = (value: unknown) => [value, value, value]
const BY_VALUE = expect.stringMatching(/^SCAN works/)
const STABLE = expect.stringMatching(/^SEARCH works/)

test.skipIf(!hasNative)('by default a plan depends on the statement alone, on every connection', async () => {
  const db = await openSkewed({})

  expect(await plans(db)).toEqual(everywhere(STABLE))
  expect(await reported(db)).toEqual(everywhere(true))
})

test.skipIf(!hasNative)('switched off, SQLite plans by value, on every connection', async () => {
  const db = await openSkewed({ optimization: { stablePlans: false } })

  expect(await plans(db)).toEqual(everywhere(BY_VALUE))
  expect(await reported(db)).toEqual(everywhere(false))
})

test.skipIf(!hasNative)('without automatic optimisation it is left as SQLite has it', async () => {
  const db = await openSkewed({ automation: { enableAutoOptimization: false } })

  expect(await plans(db)).toEqual(everywhere(BY_VALUE))
})

test('without the extension nobody claims to know, and the reason is told', async () => {
  vi.stubEnv('NOORMME_NATIVE', '0')
  const db = await openSkewed({})

  expect(await plans(db)).toEqual(everywhere(BY_VALUE))
  expect(await reported(db)).toEqual(everywhere(null))
  const { native, pageCacheHitRatio, connections } = await db.getConnectionStats()
  expect(native).toEqual({ loaded: false, reason: 'NOORMME_NATIVE=0 switches it off' })
  expect(pageCacheHitRatio).toBeNull()
  expect(connections.map(({ pageCache }) => pageCache)).toEqual(everywhere(null))
})

test.skipIf(!hasNative)('the caches of all connections tell their hits, without being asked', async () => {
  const db = await openSkewed({})
  await db.snapshot(async (snapshot) => {
    // The second finds what the first has read.
    for (let time = 0; time < 2; time++) await snapshot.execute('SELECT count(status || id) FROM works')
  })
  const read = async () => (await db.getConnectionStats()).connections.find(({ label }) => label === 'reader-1')

  await expect.poll(async () => (await read())?.pageCache?.lastMinute.hits, { timeout: 20_000 }).toBeGreaterThan(0)
  const { native, pageCacheHitRatio, connections } = await db.getConnectionStats()
  expect(native).toEqual({ loaded: true, reason: null })
  expect(connections.map(({ pageCache }) => typeof pageCache?.hits)).toEqual(everywhere('number'))
  expect(pageCacheHitRatio).toBeGreaterThan(0)
  expect(pageCacheHitRatio).toBeLessThan(1)
})

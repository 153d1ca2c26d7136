/** What is recorded, against what was done, and against what SQLite and the system say themselves. */
import { statSync } from 'node:fs'
import { type MetricsPoint, NOORMME, type PerformanceMetrics } from 'noormme'
import { expect, onTestFinished, test } from 'vitest'
import { gateModule } from './support/gate-module.ts'
import { holdLock } from './support/lock-holder-process.ts'
import { hasNative } from './support/native.ts'
import { tempDatabase } from './support/temp-database.ts'

type Config = Parameters<typeof tempDatabase>[0]
const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)'
const LONG = 'WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 200000) SELECT count(*) FROM n'

async function withUsers(config: Config = {}) {
  const { db, path } = tempDatabase({ automation: { enableAutoOptimization: false }, ...config })
  await db.execute(USERS)
  await db.batch(
    ['Mira', 'Noor', 'Per'].map((name) => ({ sql: 'INSERT INTO users (name) VALUES (?)', parameters: [name] })),
  )
  return { db, path, users: db.getRepository<{ id: number; name: string }>('users') }
}

/** What was recorded by `work` alone. */
async function during(db: NOORMME, work: () => Promise<unknown>) {
  const before = await db.getPerformanceMetrics()
  await work()
  const after = await db.getPerformanceMetrics()
  const grown = (key: keyof PerformanceMetrics): number => Number(after[key]) - Number(before[key])
  const calls = (of: PerformanceMetrics) => new Map(of.topStatements.map((each) => [each.id, each]))
  const statements = [...calls(after).values()]
    .map((each) => ({ ...each, calls: each.calls - (calls(before).get(each.id)?.calls ?? 0) }))
    .filter((each) => each.calls > 0)
  return { grown, statements, after }
}

/** The next point of the seconds that shows something. */
async function nextPoint(db: NOORMME, shows: (point: MetricsPoint) => boolean): Promise<MetricsPoint> {
  const find = async () => (await db.getMetricsHistory('seconds')).points.find(shows)
  await expect.poll(find, { timeout: 20_000 }).toBeDefined()
  return (await find()) as MetricsPoint
}

test('every door is counted: statements, rows and changes', async () => {
  const { db, users } = await withUsers()
  const { grown, statements } = await during(db, async () => {
    await users.findById(1)
    await users.findById(2)
    await db.execute('SELECT id FROM users WHERE id > ?', [0])
    await db.execute("UPDATE users SET name = name || '.' WHERE id >= 2")
    await db.batch([{ sql: 'SELECT 1 AS one' }, { sql: 'DELETE FROM users WHERE id = 3' }])
    await db.transaction((tx) => tx.execute("INSERT INTO users (name) VALUES ('Ida')"))
    await db.snapshot((snapshot) => snapshot.execute('SELECT name FROM users'))
    await db.getKysely().selectFrom('users').select('name').execute()
    for await (const _ of db.getKysely().selectFrom('users').selectAll().stream()) break
  })
  expect(grown('queries')).toBe(10)
  expect(statements.reduce((sum, { calls }) => sum + calls, 0)).toBe(10)
  expect(grown('rowsWritten')).toBe(2 + 1 + 1)
  // Two by key, three, one of the batch, three in the snapshot, three by Kysely, and the stream's first block.
  expect(grown('rowsRead')).toBe(2 + 3 + 1 + 3 + 3 + 3)
  expect(grown('transactions')).toBe(1)
  expect(statements.map(({ kind, calls }) => [kind, calls]).sort()).toEqual(
    [...new Array(3).fill(['write', 1]), ...new Array(5).fill(['read', 1]), ['read', 2]].sort(),
  )
})

test('changes are those that SQLite counts', async () => {
  const { db } = await withUsers()
  // Every write of this engine is made by one connection.
  const ofSqlite = () =>
    db.transaction(async (tx) => Number((await tx.execute('SELECT total_changes() AS n')).rows[0]?.n))
  const before = await ofSqlite()
  const { grown } = await during(db, async () => {
    await db.execute("INSERT INTO users (name) SELECT 'n' || value FROM json_each('[1,2,3,4,5]')")
    await db.execute("UPDATE users SET name = name || '!'")
    await db.execute('DELETE FROM users WHERE id > 4')
  })
  expect(grown('rowsWritten')).toBe((await ofSqlite()) - before)
})

test('errors are counted by their codes, and by their statements', async () => {
  const { db, users } = await withUsers()
  const { after, statements } = await during(db, async () => {
    await expect(users.create({ name: 'Mira' })).rejects.toThrow()
    await expect(db.execute('SELECT nothing FROM users')).rejects.toThrow()
    await expect(db.execute('SELECT nothing FROM users')).rejects.toThrow()
    await expect(db.execute('BEGIN')).rejects.toThrow()
  })
  expect(after.errors).toEqual({
    NOORMME_UNIQUE: 1,
    NOORMME_STATEMENT: 2,
    NOORMME_REFUSED: 1,
  })
  expect(statements.find(({ fingerprint }) => fingerprint.startsWith('SELECT nothing'))?.errors).toBe(2)
})

test('writes that arrive together share commits, and how many is told', async () => {
  const { setup, open, reached } = gateModule()
  onTestFinished(() => open('all'))
  const { db } = await withUsers({ setup })
  const first = db.execute("INSERT INTO users (name) SELECT 'first' WHERE gate('first') IS NOT NULL")
  await reached('first')
  const rest = Array.from({ length: 20 }, (_, n) => db.execute('INSERT INTO users (name) VALUES (?)', [`n${n}`]))
  open('first')
  await Promise.all([first, ...rest])
  const { batch } = await db.getPerformanceMetrics()
  expect(batch.max).toBe(20)
  // Making the table, filling it, the first one, and the twenty.
  expect(batch.mean).toBe((1 + 1 + 1 + 20) / 4)
})

test('durations hold the waiting, running times do not', async () => {
  const { setup, open, reached } = gateModule()
  onTestFinished(() => open('all'))
  const { db } = await withUsers({ setup })
  const first = db.execute("INSERT INTO users (name) SELECT 'first' WHERE gate('first') IS NOT NULL")
  await reached('first')
  const queued = db.execute('DELETE FROM users WHERE id = 2')
  const from = performance.now()
  while (performance.now() - from < 20) await new Promise((resolve) => setImmediate(resolve))
  open('first')
  await Promise.all([first, queued])
  const { topStatements, write } = await db.getPerformanceMetrics()
  const waited = topStatements.find(({ fingerprint }) => fingerprint.startsWith('DELETE'))
  expect(waited?.totalMs).toBeGreaterThanOrEqual(20)
  expect(waited?.runningMs).toBeLessThan(20)
  expect(write.max).toBeGreaterThanOrEqual(20)
})

test('reads are told apart by where they ran', async () => {
  const { db, users } = await withUsers({ performance: { enableCaching: true, inlineReadBudget: 50 } })
  const before = await db.getConnectionStats()
  const { grown, after } = await during(db, async () => {
    for (let n = 0; n < 7; n++) await users.findById(1)
    for (let n = 0; n < 5; n++) await db.execute(LONG)
  })
  const { cache, counters } = await db.getConnectionStats()
  expect(grown('readsInline')).toBe(7)
  expect(grown('readsThreaded')).toBe(1)
  expect(grown('readsCached')).toBe(4)
  expect([counters.readsInline - before.counters.readsInline, cache?.hits]).toEqual([7, 4])
  expect(after.resultCacheHitRatio).toBe((cache?.hits ?? 0) / ((cache?.hits ?? 0) + (cache?.misses ?? 0)))
})

test('waiting for the lock of another process is told', async () => {
  const { db, path } = await withUsers()
  const { release } = await holdLock(path)
  const from = performance.now()
  const write = db.execute("INSERT INTO users (name) VALUES ('Ida')")
  while (performance.now() - from < 100) await new Promise((resolve) => setImmediate(resolve))
  await release()
  await write
  const waited = performance.now() - from
  const { busyWaitMs } = await db.getPerformanceMetrics()
  expect(busyWaitMs).toBeGreaterThan(50)
  expect(busyWaitMs).toBeLessThanOrEqual(waited)
})

test('the log has the size that its file has', async () => {
  const { db, path } = await withUsers({ optimization: { checkpoint: 'external' } })
  const size = statSync(`${path}-wal`).size
  expect(size).toBeGreaterThan(0)
  const point = await nextPoint(db, ({ walBytes }) => walBytes !== null)
  expect(point).toMatchObject({ walBytes: size, walUsedBytes: size, walCopiedBytes: 0 })
})

test('checkpoints are counted with what they came to, and told', async () => {
  const { db } = await withUsers()
  const told: unknown[] = []
  db.on('checkpoint', (outcome) => told.push(outcome))
  const outcomes = [await db.checkpoint('PASSIVE'), await db.checkpoint('RESTART')]
  await db.execute("INSERT INTO users (name) VALUES ('Ida')")
  await db.snapshot(async (snapshot) => {
    await snapshot.execute('SELECT count(*) FROM users')
    await db.detached(async () => {
      await db.execute("INSERT INTO users (name) VALUES ('Bo')")
      outcomes.push(await db.checkpoint('PASSIVE'))
    })
  })
  expect(outcomes.map(({ result }) => result)).toEqual(['complete', 'complete', 'partial'])
  expect(told).toEqual(outcomes)
  const { checkpoints } = await db.getPerformanceMetrics()
  expect(checkpoints).toEqual({ copies: 2, restarts: 1, unfinished: 1 })
})

test('a loop that is held up and a processor that is used are seen', async () => {
  const { db } = await withUsers()
  const usage = process.cpuUsage()
  const from = performance.now()
  const held = performance.now()
  while (performance.now() - held < 200);
  const point = await nextPoint(db, ({ loopDelayMax }) => loopDelayMax >= 150)
  const { user, system } = process.cpuUsage(usage)
  const used = (user + system) / 1_000 / (performance.now() - from)
  expect(point.cpu).toBeGreaterThan(0)
  expect(point.loopUtilization).toBeGreaterThan(0)
  expect(point.loopUtilization).toBeLessThanOrEqual(1)
  expect(used).toBeGreaterThan(0)
  expect((await db.getPerformanceMetrics()).loopDelay.max).toBeGreaterThanOrEqual(150)
})

test('the hit ratio of the page caches is that of the connections, and nothing is made up where nobody counts', async () => {
  const { db, users } = await withUsers()
  for (let n = 0; n < 100; n++) await users.findById(1)
  const { connections, native } = await db.getConnectionStats()
  const { pageCacheHitRatio } = await db.getPerformanceMetrics()
  const sum = (key: 'hits' | 'misses') =>
    connections.reduce((all, { pageCache }) => all + (pageCache?.lastMinute[key] ?? 0), 0)

  expect(native?.loaded).toBe(hasNative && process.env.NOORMME_NATIVE !== '0')
  if (native?.loaded !== true) return expect(pageCacheHitRatio).toBeNull()
  expect(sum('hits')).toBeGreaterThan(0)
  // To look at them is to look into one of them.
  expect(pageCacheHitRatio).toBeCloseTo(sum('hits') / (sum('hits') + sum('misses')), 2)
})

test('an engine that is shared has one record', async () => {
  const { db, path } = await withUsers()
  const other = new NOORMME({ connection: { database: path }, automation: { enableAutoOptimization: false } })
  onTestFinished(() => other.close())
  await other.initialize()
  const { grown } = await during(db, () => other.execute('SELECT name FROM users'))
  expect(grown('queries')).toBe(1)
  expect((await other.getPerformanceMetrics()).queries).toBe((await db.getPerformanceMetrics()).queries)
})

test('what is closed has nothing, and begins anew', async () => {
  const { db } = await withUsers()
  await db.close()
  expect(await db.getPerformanceMetrics()).toMatchObject({ queries: 0, topStatements: [], read: { max: null } })
  expect((await db.getMetricsHistory('seconds')).points).toEqual([])
  await db.initialize()
  await db.execute('SELECT 1')
  expect((await db.getPerformanceMetrics()).queries).toBe(1)
})

test('the short form says the same', async () => {
  const { db, users } = await withUsers({ performance: { slowQueryThreshold: 0 } })
  for (let n = 0; n < 4; n++) await users.findById(1)
  await expect(db.execute('SELECT nothing FROM users')).rejects.toThrow()
  const { queries, read, readHistogram, writeHistogram, slowQueries } = await db.getPerformanceMetrics()
  const short = await db.getSQLitePerformanceMetrics()
  const answered = readHistogram.count + writeHistogram.count
  expect(short).toMatchObject({ queryCount: queries, slowQueries, errorRate: 1 / (answered + 1) })
  expect(short.averageQueryTime).toBeCloseTo((readHistogram.sumMs + writeHistogram.sumMs) / answered, 6)
  expect(read.max).toBeGreaterThan(0)
  expect(short.queryPatterns[0]).toMatchObject({ frequency: 4, pattern: expect.stringContaining('WHERE "id" =') })
  expect(short.topSlowQueries.map(({ averageTime }) => averageTime)).toEqual(
    short.topSlowQueries.map(({ averageTime }) => averageTime).toSorted((a, b) => b - a),
  )
})

test('a history that there is not is refused with the nearest name', async () => {
  const { db } = await withUsers()
  await expect(db.getMetricsHistory('second' as 'seconds')).rejects.toThrow("Did you mean 'seconds'?")
})

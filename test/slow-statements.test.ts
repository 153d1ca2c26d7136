import type { NOORMME, SlowStatement } from 'noormme'
import { expect, test } from 'vitest'
import { tempDatabase } from './support/temp-database.ts'

type Config = Parameters<typeof tempDatabase>[0]

async function withUsers(config: Config = {}): Promise<NOORMME> {
  const { db } = tempDatabase({ automation: { enableAutoOptimization: false }, ...config })
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, note TEXT)')
  return db
}

const EVERY = { performance: { slowQueryThreshold: 0 } }
const slowest = async (db: NOORMME): Promise<SlowStatement> => {
  const [slow] = (await db.getPerformanceMetrics()).slowStatements
  if (slow === undefined) throw new Error('nothing was slow')
  return slow
}
const VALUES = [7, 2.5, 'secret', null, true, new Uint8Array(3), 9n]
const INSERT = "INSERT INTO users (id, name, note) SELECT ?, ?, ? || ? || ? || ? || ? || 'hidden'"

test('a slow statement is kept with where it was called, and without its values', async () => {
  const db = await withUsers(EVERY)
  async function register() {
    await db.execute(INSERT, VALUES)
  }
  await register()
  const slow = await slowest(db)
  expect(slow).toMatchObject({ kind: 'write', connection: 'writer', changes: 1, rows: 0, error: null, scope: null })
  expect(slow.sql).toBe('INSERT INTO users (id, name, note) SELECT ? || ? || ? || ? || ? || ?')
  expect(slow.parameters).toEqual(['integer', 'real', 'text', 'null', 'integer', 'blob', 'integer'])
  expect(slow.origin).toMatch(/register.*slow-statements\.test\.ts/)
  expect(slow.duration).toBeCloseTo((slow.running ?? 0) + (slow.waited ?? 0), 3)
  expect(JSON.stringify(await db.getPerformanceMetrics())).not.toMatch(/secret|hidden/)
})

test('values are kept only where the configuration says so', async () => {
  const db = await withUsers({ ...EVERY, monitoring: { recordValues: true } })
  await db.execute(INSERT, VALUES)
  expect((await slowest(db)).parameters).toEqual([
    'integer 7',
    'real 2.5',
    'text "secret"',
    'null',
    'integer true',
    'blob (3 bytes)',
    'integer 9',
  ])
})

test('what fails is kept with its code, what is fast is not kept', async () => {
  const db = await withUsers(EVERY)
  await expect(db.execute('SELECT nothing FROM users')).rejects.toThrow()
  expect(await slowest(db)).toMatchObject({ error: 'NOORMME_STATEMENT', running: null })

  const fast = await withUsers({ performance: { slowQueryThreshold: 86_400_000 } })
  await fast.execute('SELECT 1')
  expect(await fast.getPerformanceMetrics()).toMatchObject({ slowQueries: 0, slowStatements: [] })
})

test('the latest hundred are kept, and all of them counted', async () => {
  const db = await withUsers(EVERY)
  const before = (await db.getPerformanceMetrics()).slowQueries
  for (let n = 0; n < 150; n++) await db.execute('SELECT ?', [n])
  const { slowQueries, slowStatements, topStatements } = await db.getPerformanceMetrics()
  expect(slowQueries - before).toBe(150)
  expect(slowStatements).toHaveLength(100)
  expect(topStatements.find(({ fingerprint }) => fingerprint === 'SELECT ?')?.slow).toBe(150)
})

test('a plan is asked for when somebody looks, and shown from then on', async () => {
  const db = await withUsers(EVERY)
  await db.execute("SELECT name FROM users WHERE id = ? OR note = 'x' ORDER BY note", [1])
  const { id, plan } = await slowest(db)
  expect(plan).toBeNull()
  const asked = await db.getStatementPlan(id)
  const { rows } = await db.execute(
    "EXPLAIN QUERY PLAN SELECT name FROM users WHERE id = 1 OR note = 'x' ORDER BY note",
  )
  expect(asked?.map((line) => line.trim())).toEqual(rows.map(({ detail }) => detail))
  const kept = (await db.getPerformanceMetrics()).slowStatements.find((slow) => slow.id === id)
  expect(kept?.plan).toEqual(asked)
})

test('steps of a plan stand below what they are part of', async () => {
  const db = await withUsers(EVERY)
  await db.execute('SELECT * FROM users WHERE id IN (SELECT id FROM users WHERE name = :name)', ['x'])
  expect(await db.getStatementPlan((await slowest(db)).id)).toEqual([
    'SEARCH users USING INTEGER PRIMARY KEY (rowid=?)',
    'LIST SUBQUERY 1',
    '  SCAN users',
  ])
})

test('what cannot be explained has no plan', async () => {
  const db = await withUsers(EVERY)
  await db.execute('CREATE TABLE gone (id INTEGER)')
  await db.execute('SELECT * FROM gone')
  const { id } = await slowest(db)
  await db.execute('DROP TABLE gone')
  expect(await db.getStatementPlan(id)).toBeNull()
  expect(await db.getStatementPlan('unknown')).toBeNull()
})

test('N+1 reads are kept without a listener where the configuration says so', async () => {
  const read = async (db: NOORMME) => {
    await db.execute("INSERT INTO users (name) SELECT 'n' || value FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12]')")
    for (let id = 1; id <= 12; id++) await db.getRepository('users').findById(id)
    return (await db.getPerformanceMetrics()).nPlusOne
  }
  expect(await read(await withUsers({ monitoring: { nPlusOne: true } }))).toMatchObject([
    { count: 10, origin: expect.stringContaining('slow-statements.test.ts') },
  ])
  expect(await read(await withUsers())).toEqual([])
})

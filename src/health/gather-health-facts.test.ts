import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { gate, openGatedEngine } from '../../test/support/gated-engine.ts'
import { DEFAULT_SETTINGS, engineOptions, openTestEngine } from '../../test/support/open-engine.ts'
import { openEngine } from '../engine/engine.ts'
import type { Engine, Statement } from '../engine/types.ts'
import { classify } from '../sqlite/classify.ts'
import { assessHealth } from './assess-health.ts'
import { gatherHealthFacts, HealthProbes } from './gather-health-facts.ts'
import { HEALTH_CHECKS, type HealthReport, type HealthSettings } from './types.ts'

const check = async (engine: Engine, settings: HealthSettings = DEFAULT_SETTINGS): Promise<HealthReport> =>
  assessHealth(await gatherHealthFacts(engine, () => engine.stats(), settings))

/** In time or not: how busy this machine is, is not for these tests to say. */
const ANSWERED = expect.not.stringContaining('fail')

const statuses = ({ checks }: HealthReport): Record<string, string> =>
  Object.fromEntries(checks.map(({ name, status }) => [name, status]))

const detailOf = ({ checks }: HealthReport, name: string): string | undefined =>
  checks.find((each) => each.name === name)?.detail

test('a sound database is reported with every check, a time stamp and its connections', async () => {
  const { engine, path } = await openTestEngine('wal')
  const now = new Date('2026-03-04T05:06:07.089Z')

  const facts = await gatherHealthFacts(engine, () => engine.stats(), DEFAULT_SETTINGS, { now: () => now })
  const report = assessHealth(facts)

  expect(report.checks.map(({ name }) => name)).toEqual([...HEALTH_CHECKS])
  expect(statuses(report)).toMatchObject({ answering: ANSWERED, writer: 'pass', wal: 'pass', settings: 'pass' })
  expect(report.timestamp).toBe('2026-03-04T05:06:07.089Z')
  expect(report.connectionPool).toMatchObject({ status: 'connected', path, timestamp: report.timestamp })
  expect(report.responseTime).toBeGreaterThan(0)
  expect(report.checks.every(({ duration }) => duration >= 0)).toBe(true)
  expect(detailOf(report, 'disk')).toMatch(/^\d+\.\d [MG]iB of \d+\.\d [MG]iB are free \(\d+\.\d %\)$/)
})

test.each(['delete', 'memory'] as const)(
  'a database without WAL passes what does not concern it (%s)',
  async (kind) => {
    const { engine } = await openTestEngine(kind)

    const report = await check(engine, { enableWALMode: false, enableForeignKeys: true })

    expect(statuses(report)).toMatchObject({ answering: ANSWERED, writer: 'pass', wal: 'pass', settings: 'pass' })
    expect(detailOf(report, 'wal')).toContain('not in WAL mode')
    if (kind === 'memory') expect(detailOf(report, 'disk')).toContain('in memory')
  },
)

test('one statement is sent, it only reads, and it names the schema table alone', async () => {
  const { engine } = await openTestEngine('wal')
  const sent: Statement[] = []
  const recording: Pick<Engine, 'execute'> = {
    execute: (statement) => {
      sent.push(statement)
      return engine.execute(statement)
    },
  }

  await gatherHealthFacts(recording, () => engine.stats(), DEFAULT_SETTINGS)

  expect(sent).toEqual([{ sql: expect.stringMatching(/^SELECT 1 FROM sqlite_schema LIMIT 1$/) }])
  expect(sent.map(({ sql }) => classify(sql).kind)).toEqual(['read'])
})

test('a database whose every user table is unreadable is reported as healthy: none is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-health-'))
  const path = join(folder, 'damaged.db')
  damageEveryTable(path)
  const engine = await openEngine(engineOptions(path, { autoOptimize: false }))
  onTestFinished(async () => {
    await engine.close()
    rmSync(folder, { recursive: true })
  })

  const report = await check(engine)

  expect(statuses(report)).toMatchObject({ answering: ANSWERED, writer: 'pass', settings: 'pass' })
  await expect(engine.execute({ sql: 'SELECT count(*) FROM users' })).rejects.toMatchObject({ code: 'NOORMME_CORRUPT' })
  await expect(engine.execute({ sql: 'SELECT count(*) FROM orders' })).rejects.toMatchObject({
    code: 'NOORMME_CORRUPT',
  })
})

test('a closed database is unhealthy, and says so instead of throwing', async () => {
  const { engine } = await openTestEngine('wal')
  await engine.close()

  const report = await check(engine)

  expect(report).toMatchObject({ healthy: false, status: 'unhealthy', error: 'the database is closed' })
  expect(report.connectionPool).toMatchObject({ status: 'disconnected', connections: [] })
  expect(statuses(report)).toMatchObject({ answering: 'fail', writer: 'fail' })
})

test('a database that is not open is unhealthy and is not opened', async () => {
  const { engine } = await openTestEngine('memory')
  const before = engine.stats().counters

  const report = assessHealth(await gatherHealthFacts(engine, () => null, DEFAULT_SETTINGS))

  expect(engine.stats().counters).toEqual(before)
  expect(report).toMatchObject({ healthy: false, status: 'unhealthy', error: 'the database is not open' })
  expect(statuses(report)).toEqual({
    answering: 'fail',
    writer: 'warn',
    wal: 'warn',
    disk: 'warn',
    file: 'warn',
    locks: 'pass',
    settings: 'warn',
    checkpoint: 'warn',
    loop: 'pass',
    integrity: 'pass',
    backup: 'pass',
    archive: 'pass',
    schema: 'pass',
  })
})

test('an engine that cannot describe itself degrades the report, it does not break it', async () => {
  const { engine } = await openTestEngine('wal')
  const stats = (): never => {
    throw Object.assign(new Error('EACCES: permission denied, stat'), { code: 'EACCES' })
  }

  const report = assessHealth(await gatherHealthFacts(engine, stats, DEFAULT_SETTINGS))

  expect(report).toMatchObject({ healthy: true, status: 'degraded' })
  expect(statuses(report)).toMatchObject({ answering: ANSWERED, writer: 'warn' })
  expect(detailOf(report, 'writer')).toContain('EACCES')
})

test('a check that does not come to an answer says so, and the next one waits for the same', async () => {
  const { engine } = await openTestEngine('delete')
  const settings = { enableWALMode: false, enableForeignKeys: true }
  const transaction = await engine.begin()
  const probes = new HealthProbes()
  const look = () => gatherHealthFacts(engine, () => engine.stats(), settings, { limitMs: 5, probes })

  const first = assessHealth(await look())
  const second = assessHealth(await look())
  const { queuedWrites } = engine.stats()
  await transaction.rollback()
  const free = await check(engine, settings)

  expect(statuses(first)).toMatchObject({ answering: 'warn' })
  expect(detailOf(first, 'answering')).toMatch(/^has not answered for \d+ ms$/)
  // The check's own read waits in the queue as well, and is not counted when it is sent.
  expect(detailOf(first, 'writer')).toBe('writer (transaction); no write waits')
  expect(second.responseTime).toBeGreaterThan(first.responseTime)
  expect(queuedWrites).toBe(1)
  expect(statuses(free)).toMatchObject({ answering: ANSWERED, writer: 'pass' })
})

test('it ends although every reader stands at a gate', async () => {
  const { engine, reached } = await openGatedEngine('wal', { readers: 2 })
  const standing = ['a', 'b'].map((name) => engine.execute(gate(name), { timeout: 60_000 }))
  for (const read of standing) read.catch(() => {})
  await Promise.all([reached('a'), reached('b')])

  const report = await check(engine)

  expect(statuses(report)).toMatchObject({ answering: 'warn', writer: 'pass' })
  expect(report).toMatchObject({ healthy: true, status: 'degraded' })
})

test('a write that waits is counted, and what holds it up is named', async () => {
  const { engine } = await openTestEngine('wal')
  await engine.execute({ sql: 'CREATE TABLE notes(id INTEGER PRIMARY KEY)' })
  const transaction = await engine.begin()
  const waiting = engine.execute({ sql: 'INSERT INTO notes DEFAULT VALUES' })

  const report = await check(engine)
  await transaction.rollback()
  await waiting

  expect(detailOf(report, 'writer')).toMatch(/^writer \(transaction\); 1 waiting, the oldest for \d+ ms$/)
})

test('a health check inside a transaction is answered by it, even where it holds the only connection', async () => {
  const { engine } = await openTestEngine('delete')

  const report = await engine.transaction(() => check(engine, { enableWALMode: false, enableForeignKeys: true }))

  expect(statuses(report)).toMatchObject({ answering: ANSWERED, writer: 'pass' })
})

test.skipIf(process.platform === 'win32')('a file that was removed under the application is unhealthy', async () => {
  const { engine, path, folder } = await openTestEngine('wal')
  const before = await check(engine)

  rmSync(path)
  const report = await check(engine)

  expect(before.checks.find(({ name }) => name === 'disk')?.status).not.toBe('fail')
  expect(readdirSync(folder)).not.toContain('test.db')
  expect(report).toMatchObject({ healthy: false, error: 'the database file is no longer where it was' })
  expect(statuses(report)).toMatchObject({ answering: ANSWERED, disk: 'fail' })
})

/** Two tables of rows, whose root pages are then overwritten; the schema table on page 1 stays as it was. */
function damageEveryTable(path: string): void {
  const database = new BetterSqlite3(path)
  database.exec('CREATE TABLE users(name TEXT); CREATE TABLE orders(item TEXT)')
  database.exec("INSERT INTO users VALUES ('a'), ('b'); INSERT INTO orders VALUES ('c')")
  const pageSize = Number(database.pragma('page_size', { simple: true }))
  const roots = database.prepare('SELECT rootpage FROM sqlite_schema').pluck().all().map(Number)
  database.close()

  const file = openSync(path, 'r+')
  for (const root of roots) writeSync(file, Buffer.alloc(pageSize, 0xff), 0, pageSize, (root - 1) * pageSize)
  closeSync(file)
}

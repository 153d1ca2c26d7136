/** What is served to load balancers, orchestrators and Prometheus. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { NOORMME } from 'noormme'
import { describe, expect, onTestFinished, test } from 'vitest'
import { healthHandler, metricsHandler, toNodeHandler } from '../src/dashboard/index.ts'
import type { HealthReport } from '../src/health/types.ts'
import { parsePrometheus, samplesOf } from './support/parse-prometheus.ts'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

const get = (path: string, init?: RequestInit) => new Request(`http://localhost${path}`, init)

async function open(): Promise<NOORMME> {
  const { db } = tempDatabase({ automation: { enableAutoOptimization: false } })
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
  return db
}

describe('health', () => {
  /** As the database says it is, but for one check. */
  const failing = (db: NOORMME, name: string) => ({
    healthCheck: async (): Promise<HealthReport> => {
      const report = await db.healthCheck()
      const checks = report.checks.map((check) => (check.name === name ? { ...check, status: 'fail' as const } : check))
      return { ...report, healthy: false, status: 'unhealthy', checks }
    },
  })

  test('an open database is live and ready', async () => {
    const handler = healthHandler(await open())
    for (const path of ['/live', '/ready', '/health', '/health/live/', '/']) {
      const response = await handler(get(path))
      expect([path, response.status]).toEqual([path, 200])
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('one that is closed is live, and not ready', async () => {
    const db = await open()
    await db.close()
    const handler = healthHandler(db)
    expect((await handler(get('/health/live'))).status).toBe(200)
    const response = await handler(get('/health/ready'))
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'unhealthy' })
  })

  test.each([
    ['file', 503],
    ['locks', 503],
    ['disk', 200],
    ['writer', 200],
  ])('where %s fails, /live answers %i', async (name, status) => {
    const handler = healthHandler(failing(await open(), name))
    expect((await handler(get('/live'))).status).toBe(status)
    expect((await handler(get('/ready'))).status).toBe(503)
  })

  test('details are told to those who may see them alone', async () => {
    const db = await open()
    const plain = JSON.stringify(await (await healthHandler(db)(get('/ready'))).json())
    const detailed = await (await healthHandler(db, { details: true })(get('/ready'))).json()
    expect(plain).not.toMatch(/detail|journal/)
    expect(JSON.stringify(detailed)).toContain('journal mode wal')
  })

  test('HEAD has no body, other methods are refused', async () => {
    const handler = healthHandler(await open())
    expect(await (await handler(get('/ready', { method: 'HEAD' }))).text()).toBe('')
    const refused = await handler(get('/ready', { method: 'POST' }))
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('an option that there is not is refused', async () => {
    const db = await open()
    expect(() => healthHandler(db, { detail: true } as object)).toThrow('Did you mean "details"?')
    expect(() => metricsHandler(db, { details: true })).toThrow('has no option "details"')
  })
})

describe('metrics', () => {
  async function scraped(db: NOORMME) {
    const response = await metricsHandler(db)(get('/metrics'))
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    const families = new Map(parsePrometheus(text).map((family) => [family.name, family]))
    const value = (name: string, labels: Readonly<Record<string, string>> = {}) => {
      const found = families
        .get(name)
        ?.metrics.find((metric) => Object.entries(labels).every(([label, is]) => metric.labels?.[label] === is))
      return Number(found?.value)
    }
    return { text, families, value, samples: samplesOf(text) }
  }

  test('a parser of the format reads what was recorded', async () => {
    const db = await open()
    const users = db.getRepository<{ id: number; name: string }>('users')
    await users.create({ name: 'Mira' })
    for (let n = 0; n < 9; n++) await users.findById(1)
    await expect(db.execute('SELECT nothing FROM users')).rejects.toThrow()
    const metrics = await db.getPerformanceMetrics()
    const { walBytes } = await db.getConnectionStats()
    const { value, families, samples } = await scraped(db)

    expect(value('noormme_queries_total')).toBe(metrics.queries)
    expect(value('noormme_reads_total', { where: 'inline' })).toBeGreaterThanOrEqual(9)
    expect(value('noormme_errors_total', { code: 'NOORMME_STATEMENT' })).toBe(1)
    expect(value('noormme_wal_bytes', { database: 'app.db' })).toBe(walBytes)
    expect(value('noormme_up')).toBe(1)
    expect(value('noormme_health', { status: 'unhealthy' })).toBe(0)
    const reads = families.get('noormme_read_duration_seconds')
    expect(reads?.type).toBe('HISTOGRAM')
    expect(samples.get('noormme_read_duration_seconds_count{database="app.db"}')).toBe(metrics.readHistogram.count)
    expect(Number(reads?.metrics[0]?.buckets?.['+Inf'])).toBe(metrics.readHistogram.count)
    for (const { name, type, help } of families.values()) {
      expect(help, name).not.toBe('')
      expect(name.endsWith('_total'), name).toBe(type === 'COUNTER')
    }
  })

  test('backups and the archive have lines where they are configured', async () => {
    const plain = await scraped(await open())
    expect(plain.text).not.toMatch(/noormme_(backup|archive)_/)

    const target = join(tempFolder(), 'backups')
    const { db } = tempDatabase({ backup: { target, schedule: false } })
    await db.initialize()
    const { createdAt, checkedAt } = await db.backups.create()
    await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
    await db.backups.points()
    const { window } = (await db.backups.status()).archive ?? {}
    const { value } = await scraped(db)
    expect(value('noormme_backup_last_timestamp_seconds')).toBe(createdAt.getTime() / 1_000)
    expect(value('noormme_backup_last_verified_timestamp_seconds')).toBe(checkedAt.getTime() / 1_000)
    expect(value('noormme_archive_up')).toBe(1)
    const seconds = (Number(window?.to) - Number(window?.from)) / 1_000
    expect(value('noormme_archive_window_seconds')).toBe(seconds)
    expect(value('noormme_archive_backlog_bytes')).toBe(0)
    expect(value('noormme_archive_backlog_limit_bytes')).toBe(2 ** 30)
    expect(value('noormme_archive_oldest_waiting_seconds')).toBe(0)
    expect(value('noormme_health_check', { check: 'archive' })).toBe(1)
    const { connections } = await db.getConnectionStats()
    expect(connections.map(({ label }) => label)).toContain('archive')
  })

  test('buckets never fall, and hold the sum of what was recorded', async () => {
    const db = await open()
    for (let n = 0; n < 50; n++) await db.execute('SELECT ?', [n])
    const { readHistogram } = await db.getPerformanceMetrics()
    const { families, samples } = await scraped(db)
    const reads = families.get('noormme_read_duration_seconds')?.metrics[0]
    const counts = Object.values(reads?.buckets ?? {}).map(Number)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    const sum = samples.get('noormme_read_duration_seconds_sum{database="app.db"}')
    expect(sum).toBeCloseTo(readHistogram.sumMs / 1_000, 9)
  })

  test('the number of lines does not grow with the number of statements', async () => {
    const db = await open()
    await db.execute('SELECT 1')
    const before = (await scraped(db)).text.split('\n').length
    for (let n = 0; n < 100; n++) await db.execute(`SELECT ${'?, '.repeat(n)} 'x' AS c${n}`, new Array(n).fill(1))
    const { text } = await scraped(db)
    expect(text.split('\n').length).toBe(before)
    expect(text).not.toContain('SELECT')
  })

  test('a closed database is down', async () => {
    const db = await open()
    await db.close()
    const { value, families } = await scraped(db)
    expect(value('noormme_up')).toBe(0)
    expect(families.has('noormme_wal_bytes')).toBe(false)
  })
})

test('both are served by node:http', async () => {
  const db = await open()
  const health = healthHandler(db)
  const metrics = metricsHandler(db)
  const server = createServer(
    toNodeHandler((request) => (request.url.endsWith('/metrics') ? metrics : health)(request)),
  )
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })
  expect((await ask('/ready')).status).toBe(200)
  expect(await (await ask('/metrics')).text()).toContain('noormme_up{database="app.db"} 1')
})

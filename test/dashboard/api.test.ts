/** What the dashboard's API says, each figure beside what somebody else says of it: SQLite, the file system, a counted workload. */
import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Overview, SchemaSize, StatementDetail, Tick } from 'noormme/dashboard'
import { describe, expect, it } from 'vitest'
import { holdDatabase } from '../support/database-holder.ts'
import { tempDatabase } from '../support/temp-database.ts'
import { nextTick, ticks } from './support/events.ts'
import { serveDashboard } from './support/serve.ts'

const SHOP = [
  'CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
  'CREATE TABLE works (id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists, title TEXT)',
  'CREATE INDEX works_by_title ON works (title)',
]
const FRAME_HEADER_BYTES = 24
const LOG_HEADER_BYTES = 32

async function openShop(config: Parameters<typeof tempDatabase>[0] = {}) {
  const { db, folder, path } = tempDatabase(config)
  await db.initialize()
  for (const sql of SHOP) await db.execute(sql)
  await db.batch(
    Array.from({ length: 300 }, (_, index) => ({
      sql: 'INSERT INTO works (title) VALUES (?)',
      parameters: [`title ${index}`],
    })),
  )
  return { db, folder, path }
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

function ask(path: string, sql: string): unknown[] {
  const witness = new Database(path, { readonly: true })
  try {
    return witness.prepare(sql).all()
  } finally {
    witness.close()
  }
}

describe('overview', () => {
  it('is packed for whoever can unpack it', async () => {
    const { db } = tempDatabase()
    await db.initialize()
    const { url } = await serveDashboard(db)
    const packed = await fetch(`${url}/api/overview`, { headers: { 'accept-encoding': 'gzip' } })
    const plain = await fetch(`${url}/api/overview`, { headers: { 'accept-encoding': 'identity' } })
    expect([packed, plain].map(({ headers }) => headers.get('content-encoding'))).toEqual(['gzip', null])
    expect(Object.keys((await packed.json()) as Overview)).toEqual(Object.keys((await plain.json()) as Overview))
  })

  it('says of the file what the file system and SQLite say', async () => {
    const { db, path } = await openShop()
    const { url } = await serveDashboard(db)
    await db.checkpoint('PASSIVE')

    const { database, connections, actions, backups } = await get<Overview>(`${url}/api/overview`)

    expect(database).toMatchObject({
      seen: 'inside',
      missing: [],
      open: true,
      name: 'app.db',
      sizeBytes: statSync(path).size,
      journalMode: 'wal',
      synchronous: 'FULL',
      readOnly: false,
    })
    expect(ask(path, 'SELECT page_size AS pageSize FROM pragma_page_size')).toEqual([{ pageSize: database.pageSize }])
    expect(ask(path, 'SELECT sqlite_version() AS version')).toEqual([{ version: database.sqliteVersion }])
    expect(Date.parse(database.openSince ?? '')).toBeLessThanOrEqual(Date.now())
    expect(connections.map(({ label }) => label)).toEqual(
      (await db.getConnectionStats()).connections.map(({ label }) => label),
    )
    expect(connections.find(({ label }) => label === 'writer')?.pragmas).toMatchObject({ foreign_keys: true })
    expect({ actions, backups }).toEqual({ actions: [], backups: null })
  })

  it('says of the log what the file system says', async () => {
    const { db, path } = await openShop({
      optimization: { checkpoint: 'external' },
      automation: { enableAutoOptimization: false },
    })
    const { url } = await serveDashboard(db)

    const { log } = await get<Overview>(`${url}/api/overview`)

    // Nobody has copied it, and it has not started again: all of the file is in use.
    const bytes = statSync(`${path}-wal`).size
    expect(bytes).toBeGreaterThan(10_000)
    expect(log).toMatchObject({ bytes, usedBytes: bytes, copiedBytes: 0, limitBytes: null, lastCheckpoint: null })
  })

  it('says how much of the log is in the file', async () => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)
    const { frames, copied } = await db.checkpoint('PASSIVE')

    const { log } = await get<Overview>(`${url}/api/overview`)

    const bytes = (count: number): number => LOG_HEADER_BYTES + count * (4096 + FRAME_HEADER_BYTES)
    expect(copied).toBe(frames)
    expect(log).toMatchObject({ usedBytes: bytes(frames), copiedBytes: bytes(copied), limitBytes: 64 * 2 ** 20 })
  })

  it('names what pins the log: a snapshot of ours, and another process', async () => {
    const { db, path } = await openShop()
    const { url } = await serveDashboard(db)
    await using holder = await holdDatabase(path, 'WAL', 'BEGIN; SELECT count(*) FROM works')

    const seen = await db.snapshot(async (snapshot) => {
      await snapshot.execute("SELECT count(*) FROM works WHERE title <> 'secret'")
      return get<Overview>(`${url}/api/overview`)
    })

    expect(seen.log?.pins).toEqual([
      { label: expect.stringMatching(/^reader-\d$/), state: 'snapshot', sql: null, ageMs: expect.any(Number) },
    ])
    if (process.platform === 'linux') {
      expect(seen.log?.others).toEqual([`process ${holder.pid} (node): read`])
    }
  })

  it('says what a checkpoint came to, and how long ago', async () => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)
    const outcome = await db.checkpoint('TRUNCATE')

    const { log } = await get<Overview>(`${url}/api/overview`)

    expect(log?.lastCheckpoint).toMatchObject({
      mode: 'TRUNCATE',
      result: outcome.result,
      ms: outcome.ms,
      pinnedBy: [],
    })
    expect(log?.bytes).toBe(0)
  })

  it('carries the histories and recommendations that the database gives', async () => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)
    await nextTick(url)

    const { histories, recommendations, metrics } = await get<Overview>(`${url}/api/overview`)

    expect(histories.map(({ name }) => name)).toEqual(['seconds', 'minutes'])
    expect(recommendations).toEqual((await db.getSQLiteOptimizations()).recommendations)
    expect(recommendations.map(({ id }) => id)).toContain('foreign-key-index')
    // 300 in one batch, and three tables and indexes before.
    expect(metrics.writes).toBe((await db.getPerformanceMetrics()).writes)
  })
})

describe('ticks', () => {
  it('count a workload to the last write', async () => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)
    const seen = new Map<number, Tick>()
    // Three statements and a batch.
    let sent = SHOP.length + 1

    for await (const tick of ticks(url)) {
      seen.set(tick.point.at, tick)
      if (seen.size === 1) {
        for (let id = 1; id <= 25; id++, sent++)
          await db.execute('INSERT INTO artists (name) VALUES (?)', [`name ${id}`])
      } else if (tick.metrics.writes === sent && tick.point.writes === 0) break
    }

    const told = [...seen.values()]
    expect(told.reduce((sum, { point }) => sum + point.writes, 0)).toBe(sent)
    expect(told.reduce((sum, { point }) => sum + point.rowsWritten, 0)).toBe(300 + 25)
    expect(told.at(-1)?.topStatements.find(({ fingerprint }) => fingerprint.includes('artists'))).toMatchObject({
      calls: 25,
      kind: 'write',
      changes: 25,
    })
  })

  it('tell of changes of the schema once', async () => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)
    const told: string[] = []

    let count = 0
    for await (const tick of ticks(url)) {
      told.push(...tick.schemaChanges)
      if (++count === 1) await db.execute('ALTER TABLE works ADD COLUMN year INTEGER')
      if (count === 3) break
    }

    expect(told).toEqual(['column "year" of "works" was added'])
  })

  it('show a slow statement with its plan, which nobody has asked for', async () => {
    const { db, path } = await openShop({ performance: { slowQueryThreshold: 0 } })
    const { url } = await serveDashboard(db)
    await db.execute('SELECT id FROM works WHERE artist_id = ?', [1])

    for await (const { slowStatements } of ticks(url)) {
      const slow = slowStatements.find(({ sql }) => sql.includes('artist_id'))
      if (slow?.plan == null) continue
      const [row] = ask(path, 'EXPLAIN QUERY PLAN SELECT id FROM works WHERE artist_id = 1') as [{ detail: string }]
      expect(slow.plan).toEqual([row.detail])
      break
    }
  })
})

describe('schema', () => {
  it('has the sizes that dbstat gives and the rows that were counted', async () => {
    const { db, path } = await openShop()
    const { url } = await serveDashboard(db)
    await db.execute('ANALYZE')

    const tables = await get<SchemaSize[]>(`${url}/api/schema`)

    const bytes = (name: string): unknown => ask(path, `SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = '${name}'`)
    const works = tables.find(({ table }) => table === 'works')
    expect(works).toMatchObject({ kind: 'table', rows: 300 })
    expect(works?.columns.map(({ name, key, notNull }) => [name, key, notNull])).toEqual([
      ['id', true, true],
      ['artist_id', false, false],
      ['title', false, false],
    ])
    expect(bytes('works_by_title')).toEqual([{ bytes: works?.indexes[0]?.bytes }])
    expect(bytes('works')).toEqual([{ bytes: (works?.bytes ?? 0) - (works?.indexes[0]?.bytes ?? 0) }])
    expect(tables.find(({ table }) => table === 'artists')).toMatchObject({ rows: null, bytes: 4096, indexes: [] })
  })
})

describe('statements', () => {
  it('are shown with the plan that SQLite makes', async () => {
    const { db, path } = await openShop()
    const { url } = await serveDashboard(db)
    for (let call = 0; call < 7; call++) await db.execute('SELECT id FROM works WHERE title = ?', [`title ${call}`])

    const { topStatements } = await nextTick(url)
    const top = topStatements.find(({ fingerprint }) => fingerprint.includes('title ='))
    const detail = await get<StatementDetail>(`${url}/api/statements/${top?.id}`)

    const [row] = ask(path, "EXPLAIN QUERY PLAN SELECT id FROM works WHERE title = 'x'") as [{ detail: string }]
    expect(detail).toMatchObject({ plan: [row.detail], statement: { calls: 7, rows: 7, kind: 'read' } })
  })

  it('that nobody knows are 404', async () => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)

    expect((await fetch(`${url}/api/statements/nobody`)).status).toBe(404)
    expect((await fetch(`${url}/api/statements/${'9'.repeat(5_000)}`)).status).toBe(404)
  })
})

describe('for monitoring systems', () => {
  it('there are the metrics of Prometheus and the health of orchestrators', async () => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)
    const { writes } = await db.getPerformanceMetrics()

    const metrics = await fetch(`${url}/metrics`)
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(await metrics.text()).toContain(`noormme_writes_total{database="app.db"} ${writes}`)
    for (const path of ['live', 'ready']) expect((await fetch(`${url}/health/${path}`)).status).toBe(200)

    await db.close()
    expect((await fetch(`${url}/health/ready`)).status).toBe(503)
    expect((await fetch(`${url}/health/else`)).status).toBe(404)
  })
})

describe('the page', () => {
  it('is fetched once: what a browser has already is not sent again', async ({ skip }) => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)
    const page = await fetch(`${url}/`)
    if (page.status === 503) skip('the page has not been built')
    const html = await page.text()
    const [script] = /assets\/[\w-]+\.js/.exec(html) ?? []

    const etag = page.headers.get('etag') ?? ''
    expect((await fetch(`${url}/`, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const asset = await fetch(`${url}/${script}`)
    expect(asset.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/)
  })
})

describe('what is never told', () => {
  it('is where the file lies, what was bound, and what stood in a statement', async () => {
    const { db, folder } = await openShop({
      performance: { slowQueryThreshold: 0, nPlusOneThreshold: 3 },
      monitoring: { recordValues: true, nPlusOne: true },
    })
    const { url } = await serveDashboard(db, { allowActions: true })
    for (let id = 0; id < 10; id++) await db.execute('SELECT * FROM works WHERE title = ?', [`bound-secret-${id}`])
    await db.execute("SELECT * FROM works WHERE title = 'literal-secret'")
    await db.execute('SELECT nowhere').catch(() => {})
    const held = db.transaction(async (tx) => {
      await tx.execute("UPDATE works SET title = 'literal-secret' WHERE id = 1")
      return nextTick(url)
    })

    const answers = [JSON.stringify(await held), JSON.stringify(await nextTick(url))]
    const { topStatements } = await nextTick(url)
    for (const path of ['overview', 'schema', ...topStatements.map(({ id }) => `statements/${id}`)]) {
      answers.push(await (await fetch(`${url}/api/${path}`)).text())
    }

    const all = answers.join('\n')
    expect(all).toContain('works')
    expect(all).toContain('text')
    for (const secret of ['bound-secret', 'literal-secret', folder, process.cwd()]) expect(all).not.toContain(secret)
  })
})

describe('a database that is not open', () => {
  it('is told as such, before it was opened and after it was closed, and is not opened for it', async () => {
    const { db } = tempDatabase()
    const { url } = await serveDashboard(db)

    const fresh = await get<Overview>(`${url}/api/overview`)
    expect(fresh).toMatchObject({
      database: { open: false },
      health: { status: 'unhealthy' },
      connections: [],
      log: null,
    })
    expect(await nextTick(url)).toMatchObject({ session: fresh.database.session, health: { status: 'unhealthy' } })
    expect(await get(`${url}/api/schema`)).toEqual([])
    expect(db.isInitialized()).toBe(false)

    await db.initialize()
    const open = await get<Overview>(`${url}/api/overview`)
    expect(open).toMatchObject({ database: { open: true, name: 'app.db' }, health: { status: 'healthy' } })
    expect(open.database.session).not.toBe(fresh.database.session)

    await db.close()
    expect(await get(`${url}/api/overview`)).toMatchObject({ database: { open: false, name: 'app.db' } })
  })

  it('ends the streams when it closes, and has another session when it is opened again', async () => {
    const { db } = await openShop()
    const { url } = await serveDashboard(db)
    const sessions: string[] = []

    for await (const { session, health } of ticks(url)) {
      sessions.push(session)
      if (sessions.length === 1) await db.close()
      else if (health.status === 'unhealthy') expect(session).not.toBe(sessions[0])
    }
    await db.initialize()

    expect(new Set([...sessions, (await nextTick(url)).session]).size).toBe(3)
  })
})

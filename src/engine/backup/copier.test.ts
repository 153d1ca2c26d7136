import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  DEFAULT_SETTINGS,
  type EngineKind,
  openTestEngine,
  rowsOf,
  type TestEngine,
} from '../../../test/support/open-engine.ts'
import type { CopyOptions } from '../../sqlite/copy-types.ts'

/** A database of two tables that always have the same sum, and enough pages for a copy of many slices. */
async function filled(
  megabytes: number,
  overrides: Parameters<typeof openTestEngine>[1] = {},
  kind: EngineKind = 'wal',
) {
  const opened = await openTestEngine(kind, overrides)
  const { engine } = opened
  await engine.execute({ sql: 'CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER, filling BLOB)' })
  await engine.execute({ sql: 'CREATE TABLE b (id INTEGER PRIMARY KEY, n INTEGER)' })
  await engine.execute({
    sql: `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ${megabytes * 1024})
      INSERT INTO a (n, filling) SELECT n, randomblob(1000) FROM i`,
  })
  await engine.execute({ sql: 'INSERT INTO b (id, n) SELECT id, n FROM a' })
  return { ...opened, target: join(opened.folder, 'copy.db') }
}

/** One consistent change of both tables. */
const change = (id: number) => [
  { sql: 'UPDATE a SET n = n + 1, filling = randomblob(1000) WHERE id = ?', parameters: [id] },
  { sql: 'UPDATE b SET n = n + 1 WHERE id = ?', parameters: [id] },
]

function opened(path: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(path)
  onTestFinished(() => void database.close())
  return database
}

function sums(path: string): unknown {
  const database = opened(path)
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  return database.prepare('SELECT (SELECT sum(n) FROM a) AS a, (SELECT sum(n) FROM b) AS b').get()
}

async function copyBeside(work: () => unknown, { engine, target }: TestEngine & { target: string }) {
  let copying = true
  // Slow enough for the log to start again meanwhile.
  const copied = engine.copy(target, { rateLimit: 12 * 2 ** 20 }).finally(() => {
    copying = false
  })
  const clients = Array.from({ length: 64 }, async () => {
    while (copying) await work()
  })
  const result = await copied
  await Promise.all(clients)
  return result
}

test('a copy made while 64 clients write is one state of the database, and the log goes on starting again', async () => {
  const walLimitBytes = 2 ** 22
  const test = await filled(24, { walLimitBytes })
  const { engine, target } = test
  // What one large transaction left behind.
  await engine.checkpoint('TRUNCATE')
  const before = engine.stats().log?.checkpoints.restarts ?? 0
  let id = 0

  const result = await copyBeside(() => engine.batch(change((id++ % 20_000) + 1)), test)

  expect(result).toMatchObject({ method: 'slices', restarts: 0 })
  expect(engine.stats().log?.checkpoints.restarts).toBeGreaterThan(before)
  expect(engine.stats().walBytes).toBeLessThanOrEqual(walLimitBytes)
  const { a, b } = sums(target) as { a: number; b: number }
  expect(a).toBe(b)
  expect(
    readdirSync(join(target, '..')).filter((name) => /^copy\.db(?!$)/.test(name) && !/-(wal|shm)$/.test(name)),
  ).toEqual([])
})

test.each([512, 1024, 4096, 65_536])('pages of %i bytes', async (pageSize) => {
  const { engine, target } = await filled(3, { settings: { ...DEFAULT_SETTINGS, pageSize } })

  const result = await engine.copy(target)

  expect(result.pageBytes).toBe(pageSize)
  expect(readFileSync(target).length).toBe(result.pages * pageSize)
  expect(sums(target)).toEqual((await rowsOf(engine, 'SELECT sum(n) AS a, sum(n) AS b FROM a'))[0])
})

test('an almost empty database is copied too', async () => {
  const { engine, folder } = await openTestEngine()
  await engine.copy(join(folder, 'copy.db'))

  expect(opened(join(folder, 'copy.db')).pragma('integrity_check', { simple: true })).toBe('ok')
})

test('the copy says at which place of the log it stands', async () => {
  const { engine, path, target } = await filled(2)
  await engine.checkpoint('RESTART')
  await engine.execute({ sql: 'INSERT INTO b (n) VALUES (1)' })

  const { position } = await engine.copy(target)

  const header = readFileSync(`${path}-wal`).subarray(0, 32)
  expect(position).toEqual({
    salts: [header.readUInt32BE(16), header.readUInt32BE(20)],
    frames: engine.stats().log?.frames,
  })
  expect(position?.frames).toBeGreaterThan(0)
})

describe('what makes SQLite begin again:', () => {
  /** Makes a copy during which `disturb` is called after each slice. */
  async function disturbed(
    test: Awaited<ReturnType<typeof filled>>,
    disturb: () => unknown,
    options: CopyOptions = {},
  ) {
    const limits: unknown[] = []
    const result = await test.engine.copy(test.target, {
      ...options,
      onProgress: () => {
        limits.push(test.engine.stats().log?.limitBytes)
        disturb()
      },
    })
    return { result, limits }
  }

  test('another connection that writes all the time does not keep a copy from its end', async () => {
    const test = await filled(24)
    const other = opened(test.path)
    let writes = 0

    const { result, limits } = await disturbed(test, () => {
      writes++
      other.exec('BEGIN IMMEDIATE; UPDATE a SET n = n + 1 WHERE id = 1; UPDATE b SET n = n + 1 WHERE id = 1; COMMIT')
    })

    expect(result).toMatchObject({ method: 'transaction', restarts: 3 })
    expect(result.position?.frames).toBeGreaterThan(0)
    const { a, b } = sums(test.target) as { a: number; b: number }
    expect(a).toBe(b)
    expect(writes).toBeGreaterThan(10)
    // The limit of the log is given up as long as it lasts, and is there again.
    expect(limits).toContain(null)
    expect(test.engine.stats().log?.limitBytes).not.toBeNull()
  })

  test('so do transactions of its own that are rolled back', async () => {
    const test = await filled(24)
    const rolledBack: Promise<unknown>[] = []

    const { result } = await disturbed(test, () => {
      const failing = test.engine.transaction(async (tx) => {
        await tx.execute({ sql: 'UPDATE a SET n = 0', parameters: [] })
        throw new Error('rolled back')
      })
      if (rolledBack.length < 5) rolledBack.push(failing.catch(() => {}))
      else failing.catch(() => {})
    })
    await Promise.all(rolledBack)

    expect(result.method).toBe('transaction')
    const { a, b } = sums(test.target) as { a: number; b: number }
    expect(a).toBe(b)
  })

  test('a single one only costs what had been copied', async () => {
    const test = await filled(24)
    const other = opened(test.path)
    let slices = 0

    const { result } = await disturbed(test, () => {
      if (++slices === 2) other.exec('UPDATE a SET n = n + 1 WHERE id = 1')
    })

    expect(result).toMatchObject({ method: 'slices', restarts: 1 })
    expect(sums(test.target)).toBeDefined()
  })

  test('without WAL it is refused by name', async () => {
    const test = await filled(24, {}, 'delete')
    const other = opened(test.path)

    const copied = disturbed(test, () => other.exec('UPDATE b SET n = n + 1 WHERE id = 1'))

    await expect(copied).rejects.toMatchObject({
      code: 'NOORMME_BACKUP',
      message: expect.stringContaining('write all the time'),
    })
    expect(existsSync(test.target)).toBe(false)
  })
})

describe('a copy that is given up leaves nothing behind:', () => {
  test('by its signal', async () => {
    const { engine, folder, target } = await filled(24)
    const controller = new AbortController()

    const copied = engine.copy(target, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    })

    await expect(copied).rejects.toMatchObject({ code: 'NOORMME_ABORTED', cause: { message: 'enough' } })
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([])
    expect((await engine.copy(target)).method).toBe('slices')
  })

  test('by close(), which waits for that', async () => {
    const { engine, folder, target } = await filled(24)
    const begun = Promise.withResolvers<void>()
    const copied = engine.copy(target, { onProgress: () => begun.resolve(), rateLimit: 1_000 })
    const waiting = engine.copy(`${target}2`)
    const outcomes = Promise.allSettled([copied, waiting])
    await begun.promise

    await engine.close()

    expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([
      expect.objectContaining({ code: 'NOORMME_CLOSED' }),
      expect.objectContaining({ code: 'NOORMME_CLOSED' }),
    ])
    expect(readdirSync(folder)).toEqual(['test.db'])
  })

  test('by a target that cannot be', async () => {
    const { engine, folder } = await filled(1)
    writeFileSync(join(folder, 'there'), '')

    await expect(engine.copy(join(folder, 'nowhere', 'copy.db'))).rejects.toMatchObject({ code: 'NOORMME_CONNECTION' })
  })
})

test('a database in memory is copied', async () => {
  const test = await filled(2, {}, 'memory')
  await test.engine.copy(test.target)

  expect(sums(test.target)).toEqual((await rowsOf(test.engine, 'SELECT sum(n) AS a, sum(n) AS b FROM a'))[0])
})

/**
 * The promise "bounded": however readers overlap, the log stays within its limit; writes wait instead, and what they
 * wait for is named.
 */
import { readdirSync, statSync } from 'node:fs'
import { sql } from 'kysely'
import { NOORMME, type NoormmeConfig } from 'noormme'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ENDLESS, hasNative } from '../support/native.ts'
import { runProgram } from '../support/run-program.ts'
import { tempDatabase } from '../support/temp-database.ts'

const MIB = 2 ** 20
const LIMIT = 4 * MIB
/** Bytes in a row: about one page. */
const ROW = 'x'.repeat(3500)

const DRIVER = import.meta.resolve('better-sqlite3')

type Optimization = NonNullable<NoormmeConfig['optimization']>

async function openSmall(optimization: Optimization = {}): Promise<{ db: NOORMME; path: string; folder: string }> {
  const { db, path, folder } = tempDatabase({ optimization: { walLimit: LIMIT, synchronous: 'OFF', ...optimization } })
  await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, n INTEGER)')
  await db.execute(
    "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100) INSERT INTO t SELECT i, '', 0 FROM c",
  )
  await db.checkpoint('TRUNCATE')
  return { db, path, folder }
}

const sizeOfLog = (path: string): number => statSync(`${path}-wal`).size

/** Snapshots one inside the other's life, so that at every moment one is open; each lasts a few turns of the loop. */
function overlappingReaders(db: NOORMME): () => Promise<void> {
  let running = true
  const reader = async (): Promise<void> => {
    while (running) {
      await db.snapshot(async (snapshot) => {
        for (let read = 0; read < 3; read++) await snapshot.execute('SELECT sum(length(v)) FROM t')
      })
    }
  }
  const readers = [reader(), reader(), reader()]
  return async () => {
    running = false
    await Promise.all(readers)
  }
}

/** Writes so many pages, 16 clients at once; returns the largest log seen. */
async function writePages(db: NOORMME, path: string, pages: number): Promise<number> {
  let largest = 0
  let left = pages
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      await db.execute('UPDATE t SET v = ?, n = n + 1 WHERE id = ?', [ROW, 1 + (left % 100)])
      largest = Math.max(largest, sizeOfLog(path))
    }
  }
  await Promise.all(Array.from({ length: 16 }, client))
  return largest
}

describe('a log under overlapping readers', () => {
  const PAGES = 8000

  test('stays within walLimit, and no write is refused', async () => {
    const { db, path } = await openSmall()
    const stop = overlappingReaders(db)
    const largest = await writePages(db, path, PAGES)
    await stop()

    expect(largest).toBeLessThanOrEqual(LIMIT)
    expect((await db.execute('SELECT sum(n) AS n FROM t')).rows).toEqual([{ n: PAGES }])
    const { log } = await db.getConnectionStats()
    expect(log?.checkpoints.restarts).toBeGreaterThan(PAGES / 1500)
  })

  test('counter-proof: left to SQLite, it outgrows the same limit', async () => {
    const { db, path } = await openSmall({ checkpoint: 'sqlite' })
    const stop = overlappingReaders(db)
    const largest = await writePages(db, path, PAGES)
    await stop()

    expect(largest).toBeGreaterThan(LIMIT)
    expect((await db.getConnectionStats()).log).toMatchObject({ limitBytes: null })
  })
})

test('another process that reads on and on makes writes wait, and at the end of their patience it is named', async () => {
  const { db, path, folder } = await openSmall({ busyTimeout: 400 })
  const other = runProgram(
    folder,
    `import BetterSqlite3 from '${DRIVER}'
    const database = new BetterSqlite3(process.argv[2], { readonly: true })
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM t').get()
    process.stdout.write('reading\\n')
    process.stdin.once('data', () => { database.exec('COMMIT'); process.stdout.write('done\\n') })`,
    [path],
  )
  await other.line()

  const refused = await writePages(db, path, 3000).then(
    () => null,
    (error: unknown) => error,
  )
  expect(refused).toMatchObject({ code: 'NOORMME_LOG_FULL', retryable: true, context: { limitBytes: LIMIT } })
  if (process.platform === 'linux') expect(String(refused)).toContain(`process ${other.child.pid}`)
  expect(sizeOfLog(path)).toBeLessThanOrEqual(LIMIT)
  const [before] = (await db.execute<{ n: number }>('SELECT sum(n) AS n FROM t')).rows

  other.child.stdin?.write('\n')
  expect(await other.line()).toBe('done')
  await writePages(db, path, 2000)
  expect((await db.execute('SELECT sum(n) AS n FROM t')).rows).toEqual([{ n: (before?.n ?? 0) + 2000 }])
  expect(sizeOfLog(path)).toBeLessThanOrEqual(LIMIT)
})

test('a stream that nobody reads on is ended when it is old and the log nears its limit: kept, writes would be refused', async () => {
  const { db, path } = await openSmall({ busyTimeout: 20_000 })
  const stream = db.getKysely().selectFrom('t').selectAll().stream(1)[Symbol.asyncIterator]()
  await stream.next()

  const largest = await writePages(db, path, 3000)

  expect(largest).toBeLessThanOrEqual(LIMIT)
  await expect(stream.next()).rejects.toMatchObject({ code: 'NOORMME_READER_EXPIRED', retryable: true })
  expect((await db.execute('SELECT sum(n) AS n FROM t')).rows).toEqual([{ n: 3000 }])
})

describe.skipIf(!hasNative)('a reader that runs for ever', () => {
  const open = async (optimization: Optimization = {}) => {
    vi.stubEnv('NOORMME_NATIVE', '1')
    onTestFinished(() => void vi.unstubAllEnvs())
    return openSmall(optimization)
  }
  const FOR_EVER = `SELECT sum(length(v)), (${ENDLESS}) FROM t`

  test('is ended when it is old and the log nears its limit: left running, writes would be refused', async () => {
    const { db, path } = await open({ busyTimeout: 20_000 })
    const readers = [
      db.execute(FOR_EVER),
      db.snapshot((snapshot) => snapshot.execute(FOR_EVER)),
      db
        .getKysely()
        .selectFrom('t')
        .select(sql`(${sql.raw(ENDLESS)})`.as('v'))
        .stream()
        [Symbol.asyncIterator]()
        .next(),
    ]
    const ended = Promise.allSettled(readers)
    const running = async () =>
      (await db.getConnectionStats()).connections.filter(({ label, sql }) => /^reader/.test(label) && sql !== null)
    await expect.poll(async () => (await running()).length, { timeout: 20_000 }).toBe(3)

    const largest = await writePages(db, path, 3000)

    expect(largest).toBeLessThanOrEqual(LIMIT)
    for (const one of await ended)
      expect(one).toMatchObject({ reason: { code: 'NOORMME_READER_EXPIRED', retryable: true } })
    expect((await db.execute('SELECT sum(n) AS n FROM t')).rows).toEqual([{ n: 3000 }])
  })

  test('keeps nothing once its call has ended: the log can be emptied at once', async () => {
    const { db } = await open()
    const read = db.execute(FOR_EVER, [], { timeout: 200 })
    await db.execute('UPDATE t SET n = 1')
    await expect(read).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    expect(await db.checkpoint('TRUNCATE')).toMatchObject({ result: 'complete', pinnedBy: [] })
  })
})

test('one transaction larger than the limit is committed whole, and the log is restarted behind it', async () => {
  const { db, path } = await openSmall()
  await db.transaction(async (tx) => {
    for (let row = 0; row < 1500; row++) await tx.execute('INSERT INTO t (v, n) VALUES (?, 1)', [ROW])
  })
  expect(sizeOfLog(path)).toBeGreaterThan(LIMIT)
  await db.execute('UPDATE t SET n = 2 WHERE id = 1')
  await db.execute('UPDATE t SET n = 3 WHERE id = 1')

  const { log } = await db.getConnectionStats()
  expect(log?.frames).toBeLessThan(10)
  expect((await db.execute('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 1600 }])
})

describe('checkpoint()', () => {
  test('says truthfully what it came to: complete, or partial with the name of what pins the log', async () => {
    const { db } = await openSmall()
    await db.execute('UPDATE t SET n = 1')
    expect(await db.checkpoint()).toMatchObject({ mode: 'PASSIVE', result: 'complete', pinnedBy: [] })

    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const held = db.snapshot(async (snapshot) => {
      await snapshot.execute('SELECT 1 FROM t')
      begun.resolve()
      await gate.promise
    })
    await begun.promise
    await db.execute('UPDATE t SET n = 2')
    const pinned = await db.checkpoint()
    gate.resolve()
    await held

    expect(pinned).toMatchObject({ result: 'partial', pinnedBy: [expect.stringMatching(/^reader-1 \(snapshot/)] })
    expect(pinned.copied).toBeLessThan(pinned.frames)
    expect(await db.checkpoint('RESTART')).toMatchObject({ mode: 'RESTART', result: 'complete' })
  })

  test('that may restart the log waits for readers up to busyTimeout', async () => {
    const { db } = await openSmall({ busyTimeout: 50 })
    await db.snapshot(async (snapshot) => {
      await snapshot.execute('SELECT 1 FROM t')
      const outcome = await db.detached(async () => {
        await db.execute('UPDATE t SET n = 1')
        return db.checkpoint('TRUNCATE')
      })
      expect(outcome).toMatchObject({ result: 'partial' })
    })
  })

  test('inside a transaction is refused, as is a mode that does not exist', async () => {
    const { db } = await openSmall()
    await expect(db.transaction(() => db.checkpoint())).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
    await expect(db.checkpoint('PASSIVE); DROP TABLE t; --' as 'PASSIVE')).rejects.toMatchObject({
      code: 'NOORMME_VALIDATION',
    })
  })

  test('without a log there is nothing to do', async () => {
    const db = new NOORMME(':memory:')
    onTestFinished(() => db.close())
    await db.initialize()
    expect(await db.checkpoint('TRUNCATE')).toMatchObject({ result: 'complete', frames: 0 })
  })
})

describe('checkpoint: external', () => {
  test('leaves the log alone, at close as well while the other program has the file open', async () => {
    const { db, path, folder } = tempDatabase({ optimization: { checkpoint: 'external' } })
    await db.execute('CREATE TABLE t (v)')
    const other = runProgram(
      folder,
      `import BetterSqlite3 from '${DRIVER}'
      const database = new BetterSqlite3(process.argv[2])
      database.pragma('wal_autocheckpoint = 0')
      database.prepare('SELECT count(*) FROM t').get()
      process.stdout.write('open\\n')
      process.stdin.once('data', () => { database.close(); process.exit() })`,
      [path],
    )
    await other.line()
    for (let row = 0; row < 2000; row++) void db.execute('INSERT INTO t VALUES (?)', [ROW])
    await db.execute('INSERT INTO t VALUES (1)')
    await expect(db.checkpoint()).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
    expect((await db.getConnectionStats()).log).toMatchObject({ copied: 0, limitBytes: null })
    await db.close()

    expect(sizeOfLog(path)).toBeGreaterThan(2000 * ROW.length)
    other.child.stdin?.write('\n')
    await other.ended
    expect(readdirSync(folder).filter((name) => name.startsWith('app.db'))).toEqual(['app.db'])
  })
})

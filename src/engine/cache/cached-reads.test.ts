/** What may be answered with kept rows, and what not: orders of reads and commits are forced by gates. */
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { gateModule } from '../../../test/support/gate-module.ts'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { EngineOptions } from '../engine-options.ts'
import type { CacheStats, Engine, Row } from '../types.ts'
import { CachedReads, type Looking, type Turns } from './cached-reads.ts'

const CACHE = { maxEntries: 100, maxBytes: 2 ** 20 }
const COUNT = 'SELECT count(*) AS n FROM t'
const INSERT = { sql: 'INSERT INTO t VALUES (1)' }

/** With a gate that is called deterministic, so that what stands at it may be kept; nothing runs inline. */
async function openCaching(overrides: Partial<EngineOptions> = {}) {
  const gates = gateModule({ deterministic: true })
  const extensions = { libraries: [], setup: gates.setup }
  const made = await openTestEngine('wal', { cache: CACHE, inlineReadBudgetMs: 0, extensions, ...overrides })
  onTestFinished(() => gates.open('all'))
  await made.engine.execute({ sql: 'CREATE TABLE t (v)' })
  return { ...made, ...gates }
}

const stats = (engine: Engine): CacheStats => engine.stats().cache as CacheStats

/** The count, taken at the start of the statement; then it stands at the gate. */
const countAt = (gate: string) => ({ sql: `SELECT count(*) AS n, gate('${gate}') AS passed FROM t` })

describe('a result', () => {
  test('is kept until something is committed', async () => {
    const { engine } = await openCaching()
    for (let round = 0; round < 3; round++) {
      for (let read = 0; read < 3; read++) expect(await rowsOf(engine, COUNT)).toEqual([{ n: round }])
      await engine.execute(INSERT)
    }
    expect(stats(engine)).toMatchObject({ hits: 6, misses: 3, invalidations: 2, entries: 1 })
  })

  test('of a read that began before a commit and ended after it is not taken for a newer one', async () => {
    // read               | write       | second read
    // -------------------+-------------+-------------
    // looks, begins      |             |
    //                    | commits     |
    //                    |             | looks: another version
    // ends               |             |
    //                    |             | is run: sees the commit
    const { engine, reached, open } = await openCaching()
    const before = engine.execute(countAt('a'))
    await reached('a')
    await engine.execute(INSERT)
    await rowsOf(engine, COUNT)
    open('a')
    expect((await before).rows).toEqual([{ n: 0, passed: 1 }])

    expect(await rowsOf(engine, countAt('a').sql)).toEqual([{ n: 1, passed: 1 }])
  })

  test('of a read that looked before a commit and began after it is not taken for an older one', async () => {
    // read               | others                 | second read
    // -------------------+------------------------+-------------
    //                    | both readers at a gate |
    // looks, waits       |                        |
    //                    | commits 1              |
    //                    | gate opens             |
    // begins, ends: 1    |                        |
    //                    | commits 2              |
    //                    |                        | is run: sees 2
    const { engine, reached, open } = await openCaching({ readers: 2 })
    const busy = ['b', 'c'].map((name) => engine.execute({ sql: `SELECT gate('${name}')` }))
    await Promise.all([reached('b'), reached('c')])
    const waiting = rowsOf(engine, COUNT)
    await engine.execute(INSERT)
    open('b')
    expect(await waiting).toEqual([{ n: 1 }])
    await engine.execute(INSERT)

    expect(await rowsOf(engine, COUNT)).toEqual([{ n: 2 }])
    open('c')
    await Promise.all(busy)
  })

  test('is not served once another connection has committed', async () => {
    const { engine, path } = await openCaching()
    const other = new BetterSqlite3(path)
    onTestFinished(() => void other.close())
    for (let round = 1; round <= 5; round++) {
      await rowsOf(engine, COUNT)
      other.exec('INSERT INTO t VALUES (1)')
      expect(await rowsOf(engine, COUNT)).toEqual([{ n: round }])
    }
  })

  test('follows the schema', async () => {
    const { engine } = await openCaching()
    await engine.execute({ sql: 'CREATE VIEW v AS SELECT 1 AS n' })
    const read = () => rowsOf(engine, 'SELECT * FROM v')
    expect([await read(), await read()]).toEqual([[{ n: 1 }], [{ n: 1 }]])
    expect(stats(engine)).toMatchObject({ hits: 1 })

    await engine.execute({ sql: 'DROP VIEW v' })
    await engine.execute({ sql: 'CREATE VIEW v AS SELECT hex(randomblob(8)) AS chance' })

    const draws = [await read(), await read(), await read()].map((rows) => JSON.stringify(rows))
    expect(new Set(draws).size).toBe(3)
  })

  test('of a transaction is neither kept nor served, nor is one of a snapshot', async () => {
    const { engine } = await openCaching()
    await rowsOf(engine, COUNT)
    await engine
      .transaction(async (tx) => {
        await tx.execute(INSERT)
        expect(await rowsOf(tx, COUNT)).toEqual([{ n: 1 }])
        expect(await rowsOf(engine, COUNT)).toEqual([{ n: 1 }])
        throw new Error('undo')
      })
      .catch(() => {})
    expect(await rowsOf(engine, COUNT)).toEqual([{ n: 0 }])

    await engine.snapshot(async (snapshot) => {
      expect(await rowsOf(snapshot, COUNT)).toEqual([{ n: 0 }])
      await engine.detached(() => engine.execute(INSERT))
      expect(await engine.detached(() => rowsOf(engine, COUNT))).toEqual([{ n: 1 }])
      expect(await rowsOf(snapshot, COUNT)).toEqual([{ n: 0 }])
    })
  })

  test('is kept by itself for each list of values', async () => {
    const { engine } = await openCaching()
    const typeOf = async (value: unknown) => (await rowsOf(engine, 'SELECT typeof(?) AS type', value))[0]
    for (let round = 0; round < 2; round++) {
      expect(await typeOf(1)).toEqual({ type: 'integer' })
      expect(await typeOf(2n)).toEqual({ type: 'integer' })
      expect(await typeOf(1.5)).toEqual({ type: 'real' })
      expect(await typeOf(2 ** 53)).toEqual({ type: 'real' })
      expect(await typeOf(2n ** 53n)).toEqual({ type: 'integer' })
      expect(await typeOf('1')).toEqual({ type: 'text' })
      expect(await typeOf(new Uint8Array([49]))).toEqual({ type: 'blob' })
      expect(await typeOf(null)).toEqual({ type: 'null' })
    }
    expect(stats(engine)).toMatchObject({ hits: 8, misses: 8 })
  })

  test('is not kept when it changes by itself', async () => {
    const { engine } = await openCaching()
    const draws = new Set<unknown>()
    for (let read = 0; read < 4; read++)
      draws.add(JSON.stringify(await rowsOf(engine, 'SELECT hex(randomblob(8)) AS chance')))
    expect(draws.size).toBe(4)
    expect(stats(engine)).toMatchObject({ entries: 0, hits: 0, misses: 1 })
  })

  test('larger than a sixteenth of all is not kept', async () => {
    const { engine } = await openCaching()
    const long = { sql: "SELECT printf('%.*c', ?, 'x') AS text" }
    const read = (length: number) => engine.execute({ ...long, parameters: [length] })
    for (let round = 0; round < 2; round++) for (const length of [1000, 100_000]) await read(length)
    expect(stats(engine)).toMatchObject({ entries: 1, hits: 1, misses: 3 })
  })

  test('makes room for others', async () => {
    const { engine } = await openCaching({ cache: { maxEntries: 3, maxBytes: 2 ** 20 } })
    for (let value = 0; value < 10; value++) await rowsOf(engine, 'SELECT ? AS value', value)
    expect(stats(engine)).toMatchObject({ entries: 3, evictions: 7, maxEntries: 3 })
  })

  test('of a short read on the event loop’s thread is not kept: it would not be faster', async () => {
    const { engine } = await openCaching({ inlineReadBudgetMs: 50 })
    const looked = () => stats(engine).hits + stats(engine).misses
    // As many as it takes: on a busy machine any of them may take longer.
    for (let value = 0, before = -1; looked() > before; value++) {
      before = looked()
      await rowsOf(engine, 'SELECT ? AS value', value)
    }
    expect(engine.stats().counters.readsInline).toBeGreaterThan(0)
  })

  test('of a search by key is not looked up', async () => {
    const { engine } = await openCaching({ inlineReadBudgetMs: 50 })
    for (let read = 0; read < 3; read++) await engine.execute({ sql: 'SELECT v FROM t' }, { point: true })
    expect(stats(engine)).toMatchObject({ hits: 0, misses: 0, entries: 0 })
  })

  test('is read anew for a caller who asks for that', async () => {
    const { engine } = await openCaching()
    for (let read = 0; read < 3; read++) await engine.execute({ sql: COUNT }, { fresh: true })
    expect(stats(engine)).toMatchObject({ hits: 0, misses: 0 })
  })
})

describe('equal reads at the same time', () => {
  const countBehind = (gate: string) => ({
    sql: 'SELECT count(*) AS n, gate(?) AS passed FROM t',
    parameters: [gate],
  })

  /** A first run tells that its text may be kept; only such reads are waited for. */
  async function openSharing() {
    const made = await openCaching({ readers: 4 })
    made.open('known')
    await made.engine.execute(countBehind('known'))
    return made
  }

  test('share one', async () => {
    const { engine, open, reached } = await openSharing()
    const before = engine.stats().counters.readsThreaded
    const all = Array.from({ length: 20 }, () => engine.execute(countBehind('slow')))
    await reached('slow')
    open('slow')

    const rows = (await Promise.all(all)).map((result) => result.rows)
    for (const own of rows) expect(own).toEqual([{ n: 0, passed: 1 }])
    expect(new Set(rows.map(([row]) => row)).size).toBe(20)
    expect(engine.stats().counters.readsThreaded).toBe(before + 1)
    expect(stats(engine)).toMatchObject({ hits: 19, misses: 2 })
  })

  test('share none that began before a commit', async () => {
    const { engine, open, reached } = await openSharing()
    const first = engine.execute(countBehind('slow'))
    await reached('slow')
    await engine.execute(INSERT)
    const second = engine.execute(countBehind('slow'))
    open('slow')

    expect((await first).rows).toEqual([{ n: 0, passed: 1 }])
    expect((await second).rows).toEqual([{ n: 1, passed: 1 }])
  })

  test('are not ended by the one that runs for them, and each ends by its own limits', async () => {
    const { engine, open, reached } = await openSharing()
    const [owner, impatient] = [new AbortController(), new AbortController()]
    const owned = engine.execute(countBehind('slow'), { signal: owner.signal })
    await reached('slow')
    const shared = engine.execute(countBehind('slow'))
    const given = engine.execute(countBehind('slow'), { signal: impatient.signal })
    impatient.abort()
    await expect(given).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    owner.abort()
    await expect(owned).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    open('slow')

    expect((await shared).rows).toEqual([{ n: 0, passed: 1 }])
  })

  test('are answered over as many turns of the event loop as their copies take', async () => {
    const { engine, open, reached } = await openSharing()
    const rows = (name: string) => ({
      sql: 'WITH RECURSIVE n (i) AS (SELECT gate(?) UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i, i AS j FROM n',
      parameters: [name],
    })
    await engine.execute(rows('known'))
    let turn = 0
    let pending = 3000
    const count = (): void => {
      turn++
      if (pending > 0) setImmediate(count)
    }
    const answeredIn = new Set<number>()
    const all = Array.from({ length: pending }, async () => {
      await engine.execute(rows('slow'))
      answeredIn.add(turn)
      pending--
    })
    await reached('slow')
    count()
    open('slow')
    await Promise.all(all)

    expect(answeredIn.size).toBeGreaterThan(1)
  })

  test('that fail, fail by themselves', async () => {
    const { engine } = await openCaching({ readers: 4 })
    const text = (value: string) => ({ sql: 'SELECT json(?) AS j', parameters: [value] })
    await engine.execute(text('[]'))
    const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => engine.execute(text('no JSON'))))
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'NOORMME_STATEMENT' } })
    }
  })
})

describe('without the look', () => {
  const always: Turns = { free: true, spend: () => {}, defer: () => {} }

  /** Reads of one connection while another one writes, with what the reader's connection is asked. */
  function committing(look: (database: BetterSqlite3.Database) => Looking) {
    const path = join(tempFolder(), 'app.db')
    const writer = new BetterSqlite3(path)
    writer.pragma('journal_mode = WAL')
    writer.exec('CREATE TABLE t (v)')
    const reader = new BetterSqlite3(path, { readonly: true })
    onTestFinished(() => {
      reader.close()
      writer.close()
    })
    const cache = new CachedReads(() => look(reader), always, CACHE)
    const statement = reader.prepare<[], Row>(COUNT)
    const run = async () => ({ rows: statement.all(), changes: 0, lastInsertRowid: null })
    const seen = async () => {
      const counts: unknown[] = []
      for (let round = 0; round < 3; round++) {
        counts.push((await cache.read({ sql: COUNT, parameters: [] }, null, run))?.rows[0]?.n)
        writer.exec('INSERT INTO t VALUES (1)')
      }
      return counts
    }
    return seen()
  }
  const repeatable = { isRepeatable: () => true, schemaVersion: () => 1 }

  test('what is kept would be stale', async () => {
    const dataVersion = (database: BetterSqlite3.Database) => () =>
      database.pragma('data_version', { simple: true }) as number
    expect(await committing((database) => ({ ...repeatable, dataVersion: dataVersion(database) }))).toEqual([0, 1, 2])
    expect(await committing(() => ({ ...repeatable, dataVersion: () => 1 }))).toEqual([0, 0, 0])
  })

  test('a version that cannot be told is no reason to fail', async () => {
    const failing = () => {
      throw new Error('locked')
    }
    expect(await committing(() => ({ ...repeatable, dataVersion: failing }))).toEqual([0, 1, 2])
    expect(await committing(() => ({ ...repeatable, dataVersion: () => 1, schemaVersion: failing }))).toEqual([0, 1, 2])
    expect(await committing(() => ({ ...repeatable, dataVersion: () => 1, isRepeatable: failing }))).toEqual([0, 1, 2])
  })
})

test('thousands of hits in a row let a timer fire', async () => {
  const { engine } = await openCaching()
  await rowsOf(engine, COUNT)
  let fired = false
  setTimeout(() => {
    fired = true
  }, 1)
  let reads = 0
  for (; !fired && reads < 1_000_000; reads++) await engine.execute({ sql: COUNT })

  expect(fired).toBe(true)
  expect(stats(engine).hits).toBe(reads)
})

test('a closing engine answers what was asked, and keeps nothing', async () => {
  const { engine, reached, open } = await openCaching()
  const reading = engine.execute(countAt('a'))
  await reached('a')
  const closed = engine.close()
  open('a')

  expect((await reading).rows).toEqual([{ n: 0, passed: 1 }])
  await closed
  expect(stats(engine)).toMatchObject({ entries: 0, bytes: 0 })
  await expect(engine.execute({ sql: COUNT })).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
})

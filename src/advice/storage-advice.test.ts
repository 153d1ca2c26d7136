import BetterSqlite3 from 'better-sqlite3'
import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS, openTestEngine, type TestEngine } from '../../test/support/open-engine.ts'
import type { Engine } from '../engine/types.ts'
import type { ConnectionSettings } from '../sqlite/settings.ts'
import { gatherAdviceFacts } from './gather-advice-facts.ts'
import { adviseStorage, FREE_BYTES, FREE_SHARE } from './storage-advice.ts'
import type { AdviceFacts, Recommendation } from './types.ts'

const MIB = 2 ** 20

const open = (settings: Partial<ConnectionSettings> = {}): Promise<TestEngine> =>
  openTestEngine('wal', { settings: { ...DEFAULT_SETTINGS, synchronous: 'OFF', ...settings }, autoOptimize: false })

const factsOf = (engine: Engine): Promise<AdviceFacts> =>
  gatherAdviceFacts(engine, engine.stats(), { enableWALMode: true, readers: 4 })

const adviceFor = async (engine: Engine): Promise<Recommendation[]> => adviseStorage(await factsOf(engine))

/** One row a MiB, so that deleting rows frees whole runs of pages. */
async function fill(engine: Engine, rows: number): Promise<void> {
  await engine.execute({ sql: 'CREATE TABLE blobs(id INTEGER PRIMARY KEY, bytes BLOB)' })
  for (let row = 0; row < rows; row++) {
    await engine.execute({ sql: `INSERT INTO blobs(bytes) VALUES (zeroblob(${MIB}))` })
  }
}

test('an empty file needs nothing', async () => {
  const { engine } = await open()

  expect(await adviceFor(engine)).toEqual([])
})

test('statistics are missed when there are indexes, gathered by the SQL of the advice, and taken back', async () => {
  const { engine, path } = await open()
  await engine.execute({ sql: 'CREATE TABLE notes(id INTEGER PRIMARY KEY, topic TEXT, day TEXT)' })
  expect(await adviceFor(engine)).toEqual([])
  await engine.execute({ sql: 'CREATE INDEX notes_topic ON notes(topic)' })
  await engine.execute({ sql: 'CREATE INDEX notes_day ON notes(day)' })
  await engine.execute({ sql: "INSERT INTO notes(topic, day) VALUES ('a', 'b')" })

  const before = await adviceFor(engine)
  const [advice] = before
  await engine.execute({ sql: advice?.sql ?? '' })
  const after = await adviceFor(engine)
  await engine.close()
  const file = new BetterSqlite3(path)
  file.exec(advice?.undo ?? '')
  const left = file.prepare("SELECT name FROM sqlite_schema WHERE name GLOB 'sqlite_stat*'").all()
  file.close()

  expect(before).toMatchObject([
    { id: 'statistics-missing', severity: 'info', evidence: { indexes: 2 }, sql: 'ANALYZE' },
  ])
  expect(after).toEqual([])
  expect(left).toEqual([])
})

test('statistics matter more in a file of some size', async () => {
  const { engine } = await open()
  await fill(engine, 1)
  await engine.execute({ sql: 'CREATE INDEX blobs_bytes ON blobs(length(bytes))' })

  expect(await adviceFor(engine)).toMatchObject([{ id: 'statistics-missing', severity: 'medium' }])
})

test('free pages are told with the bytes that VACUUM then gives back', async () => {
  const { engine } = await open()
  await fill(engine, 20)
  await engine.execute({ sql: 'DELETE FROM blobs WHERE id <= 18' })

  const [advice, ...more] = await adviceFor(engine)
  const before = (await factsOf(engine)).storage
  await engine.execute({ sql: advice?.sql ?? '' })
  const after = (await factsOf(engine)).storage

  expect(more).toEqual([])
  expect(advice).toMatchObject({
    id: 'free-pages',
    severity: 'low',
    title: `Give ${before.freePages * before.pageSize} bytes back to the file system`,
    evidence: { freePages: before.freePages, freeBytes: before.freePages * before.pageSize },
    sql: 'VACUUM',
  })
  expect(before.freePages * before.pageSize).toBeGreaterThan(17 * MIB)
  expect(after.freePages).toBe(0)
  // To the page: what else VACUUM gains, by packing pages, comes on top.
  expect(before.pageCount - after.pageCount).toBeGreaterThanOrEqual(before.freePages)
  expect(await adviceFor(engine)).toEqual([])
})

test('free pages are left alone while they are few, in bytes or in share', async () => {
  const facts = await factsOf((await open()).engine)
  const ids = (freePages: number, pageCount: number): string[] =>
    adviseStorage({ ...facts, storage: { ...facts.storage, pageSize: 4096, freePages, pageCount } }).map(({ id }) => id)
  const enough = FREE_BYTES / 4096

  expect(ids(enough, enough)).toEqual([])
  expect(ids(enough + 1, enough + 1)).toEqual(['free-pages'])
  expect(ids(10 * enough, (10 * enough) / FREE_SHARE)).toEqual([])
  expect(ids(10 * enough + 1, (10 * enough) / FREE_SHARE)).toEqual(['free-pages'])
})

test('small pages of a large file are told, changed in the shell as the advice says, and changed back', async () => {
  const { engine, path } = await open({ pageSize: 1024 })
  await fill(engine, 2)
  expect(await adviceFor(engine)).toEqual([])
  const rows = Array.from({ length: 15 }, () => ({ sql: `INSERT INTO blobs(bytes) VALUES (zeroblob(${MIB}))` }))
  await engine.batch(rows)

  const [advice, ...more] = await adviceFor(engine)
  await engine.close()
  const sizes = [advice?.shell, advice?.undo].map((script) => {
    const file = new BetterSqlite3(path)
    file.exec(script ?? '')
    const size = file.pragma('page_size', { simple: true })
    file.close()
    return size
  })

  expect(more).toEqual([])
  expect(advice).toMatchObject({ id: 'page-size-small', severity: 'info', evidence: { pageSize: 1024 } })
  expect(advice).not.toHaveProperty('sql')
  expect(sizes).toEqual([4096, 1024])
})

test('auto_vacuum FULL is told, switched off in the shell as the advice says, and on again', async () => {
  const { engine, path } = await open({ autoVacuum: 'FULL' })
  await engine.execute({ sql: 'CREATE TABLE notes(id INTEGER PRIMARY KEY)' })

  const [advice, ...more] = await adviceFor(engine)
  await engine.close()
  const modes = [advice?.shell, advice?.undo].map((script) => {
    const file = new BetterSqlite3(path)
    file.exec(script ?? '')
    const mode = file.pragma('auto_vacuum', { simple: true })
    file.close()
    return mode
  })

  expect(more).toEqual([])
  expect(advice).toMatchObject({ id: 'auto-vacuum-full', severity: 'info', evidence: { autoVacuum: 'FULL' } })
  expect(modes).toEqual([0, 1])
})

test.each(['NONE', 'INCREMENTAL'] as const)('auto_vacuum %s needs no advice', async (autoVacuum) => {
  const { engine } = await open({ autoVacuum })

  expect(await adviceFor(engine)).toEqual([])
})

/** The archive beside everything else that happens to a database: other processes, a store that is down, a spool that is full. */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { readStreams } from '../../src/backup/archive/catalogue.ts'
import { FolderStore } from '../../src/backup/store/folder-store.ts'
import type { BackupStore, PutOptions } from '../../src/backup/store/types.ts'
import { BackupStoreError } from '../../src/errors.ts'
import { type ArchivedEngine, openArchived, restored } from '../support/archived-engine.ts'
import { tempFolder } from '../support/temp-folder.ts'

const INSERT = 'INSERT INTO works (title, picture) VALUES (?, randomblob(3000))'

async function withWorks(options: Parameters<typeof openArchived>[0] = {}): Promise<ArchivedEngine> {
  const archived = await openArchived(options)
  await archived.execute('CREATE TABLE IF NOT EXISTS works (id INTEGER PRIMARY KEY, title TEXT, picture BLOB)')
  return archived
}

async function writeMany({ execute }: ArchivedEngine, count: number): Promise<void> {
  for (let start = 0; start < count; start += 100)
    await Promise.all(Array.from({ length: 100 }, (_, index) => execute(INSERT, `work ${start + index}`)))
}

/** Writes as another program would: with SQLite's own checkpoints, and a log that starts again when it likes. */
function otherProgram(path: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(path)
  onTestFinished(() => void database.close())
  database.pragma('wal_autocheckpoint = 20')
  return database
}

/** A folder that takes nothing while its door is closed. */
class StoreWithDoor extends FolderStore {
  closed = false

  override async put(key: string, chunks: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<void> {
    if (!this.closed) return super.put(key, chunks, options)
    const { description: store } = this
    throw new BackupStoreError({ store, key, reason: 'nobody answers', advice: 'Wait.', mayPass: true })
  }
}
/** As a bucket is: nothing can be put there but by `put`. */
function storeWithDoor(folder: string): StoreWithDoor & BackupStore {
  const store = new StoreWithDoor(folder)
  Object.defineProperty(store, 'files', { value: undefined })
  return store
}

test('what other connections write is archived too, though they checkpoint and let the log start again', async () => {
  const archived = await withWorks()
  const snapshot = await archived.snapshot()
  const other = otherProgram(archived.path)
  const insert = other.prepare(INSERT)
  const logs = new Set<string>()
  for (let round = 0; round < 30; round++) {
    for (let write = 0; write < 20; write++) insert.run(`other ${round}`)
    await writeMany(archived, 100)
    if (round % 3 === 0) await archived.engine.checkpoint('RESTART')
    logs.add(JSON.stringify((await archived.archive.mark({ finish: round % 7 === 0 }))?.commit))
  }
  const { state } = await archived.mark()
  await archived.archive.mark({ finish: true })
  await archived.uploader.flush()

  expect(archived.ends).toEqual([])
  expect(logs.size).toBe(30)
  expect(await restored(archived.store, snapshot, 'newest')).toMatchObject({ state, check: 'ok' })
}, 60_000)

test('the log starts again and gives its space back while it is archived', async () => {
  const archived = await withWorks({ walLimitBytes: 4 * 2 ** 20 })
  await archived.snapshot()
  await writeMany(archived, 4000)

  const { limitBytes, checkpoints } = archived.engine.stats().log ?? {}
  expect(checkpoints?.restarts).toBeGreaterThan(1)
  expect(archived.engine.stats().walBytes).toBeLessThanOrEqual(Number(limitBytes))
  expect((await archived.engine.checkpoint('TRUNCATE')).result).toBe('complete')
  expect(archived.engine.stats().walBytes).toBe(0)
}, 60_000)

test('a store that is down holds up nothing, and gets everything when it is back', async () => {
  let store: StoreWithDoor | undefined
  const archived = await withWorks({ store: (folder) => (store = storeWithDoor(folder)) })
  const snapshot = await archived.snapshot()
  if (store === undefined) throw new Error('there is no store')
  store.closed = true
  await writeMany(archived, 2500)
  await archived.archive.mark({ finish: true })

  expect(archived.archive.stats()).toMatchObject({ endedBecause: null, stream: expect.any(String) })
  expect(archived.archive.stats().backlogBytes).toBeGreaterThan(4 * 2 ** 20)
  await expect(archived.uploader.flush()).rejects.toThrow('nobody answers')
  expect(archived.errors.length).toBeGreaterThan(0)

  store.closed = false
  const { state } = await archived.mark()
  await archived.uploader.flush()
  expect(archived.archive.stats().backlogBytes).toBe(0)
  expect(archived.uploader.lastError).toBeNull()
  expect(await restored(archived.store, snapshot, 'newest')).toMatchObject({ state, check: 'ok' })
}, 60_000)

test('more behind than may be ends the stream and frees the log; a new snapshot begins another, whose commits are counted on', async () => {
  let store: StoreWithDoor | undefined
  const archived = await withWorks({ maxBacklogBytes: 5 * 2 ** 20, store: (folder) => (store = storeWithDoor(folder)) })
  const first = await archived.snapshot()
  if (store === undefined) throw new Error('there is no store')
  store.closed = true
  await writeMany(archived, 3000)
  await archived.archive.mark()

  expect(archived.ends).toEqual([expect.stringContaining('backup.maxBacklog')])
  expect(archived.archive.stats()).toMatchObject({ stream: null, endedBecause: archived.ends[0] })
  expect((await archived.engine.checkpoint('RESTART')).result).toBe('complete')

  expect(await archived.archive.begin('20261126T180000000Z-1a2b3c4d', 0)).toBeNull()
  store.closed = false
  await archived.uploader.flush()
  const second = await archived.snapshot()
  expect(second.from.stream).not.toBe(first.from.stream)
  expect(second.from.commit).toBeGreaterThan(first.to.commit)
  await archived.execute(INSERT, 'after')
  const { state } = await archived.mark()
  await archived.archive.mark({ finish: true })
  await archived.uploader.flush()
  expect(await restored(archived.store, second, 'newest')).toMatchObject({ state, check: 'ok' })
  const { streams } = await readStreams(archived.store)
  expect(streams.map(({ stream }) => stream)).toEqual([first.from.stream, second.from.stream])
}, 60_000)

test('a restore to a time has what was committed until then, and nothing later', async () => {
  const archived = await withWorks()
  const snapshot = await archived.snapshot()
  const marks = []
  for (let round = 0; round < 5; round++) {
    await archived.execute(INSERT, `round ${round}`)
    marks.push({ ...(await archived.mark()), time: archived.archive.stats().time as Date })
  }
  await archived.archive.mark({ finish: true })
  await archived.uploader.flush()

  for (const [index, { commit, state, time }] of marks.entries()) {
    // Two commits of one millisecond are both of that time.
    const last = marks.findLastIndex((other) => other.time.getTime() === time.getTime())
    if (last !== index) continue
    expect(await restored(archived.store, snapshot, time), `commit ${commit}`).toMatchObject({
      state,
      reached: { commit },
    })
    const before = new Date(time.getTime() - 1)
    const { reached } = await restored(archived.store, snapshot, before)
    expect(reached.commit).toBeLessThan(commit)
  }
}, 60_000)

test('closed and opened again the stream goes on; written to by another program in between, it does not', async () => {
  const folder = tempFolder()
  const first = await withWorks({ folder })
  const snapshot = await first.snapshot()
  await first.execute(INSERT, 'first')
  await first.engine.close()
  await first.uploader.close(10_000)
  expect(existsSync(`${first.path}-wal`)).toBe(false)

  const second = await withWorks({ folder })
  expect(second.archive.stats().stream).toBe(snapshot.from.stream)
  await second.execute(INSERT, 'second')
  const { state } = await second.mark()
  await second.archive.mark({ finish: true })
  await second.uploader.flush()
  expect(await restored(second.store, snapshot, 'newest')).toMatchObject({ state, check: 'ok' })
  await second.engine.close()

  const other = new BetterSqlite3(second.path)
  other.prepare(INSERT).run('other')
  other.close()
  const third = await withWorks({ folder })
  expect(third.archive.stats()).toMatchObject({ stream: null, endedBecause: expect.stringContaining('not archived') })
}, 60_000)

test('another program that is still there when we close, and writes, is found out', async () => {
  const folder = tempFolder()
  const first = await withWorks({ folder })
  await first.snapshot()
  const other = otherProgram(first.path)
  other.prepare('SELECT count(*) FROM works').get()
  await first.execute(INSERT, 'first')
  await first.engine.close()
  for (let write = 0; write < 200; write++) other.prepare(INSERT).run('other')

  const second = await withWorks({ folder })
  expect(second.archive.stats()).toMatchObject({ stream: null, endedBecause: expect.stringContaining('not archived') })
}, 60_000)

test('what another program wrote into the log alone, and never copied, is archived when we are back', async () => {
  const folder = tempFolder()
  const first = await withWorks({ folder })
  const snapshot = await first.snapshot()
  await first.execute(INSERT, 'first')
  await first.engine.close()
  await first.uploader.close(10_000)
  const other = new BetterSqlite3(first.path)
  onTestFinished(() => void other.close())
  other.pragma('wal_autocheckpoint = 0')
  other.prepare(INSERT).run('other')

  const second = await withWorks({ folder })
  expect(second.archive.stats().stream).toBe(snapshot.from.stream)
  const { state } = await second.mark()
  await second.archive.mark({ finish: true })
  await second.uploader.flush()
  expect(await restored(second.store, snapshot, 'newest')).toMatchObject({ state, check: 'ok' })
}, 60_000)

test('a damaged, a missing and an exchanged segment are named, and the best earlier point is told', async () => {
  const archived = await withWorks()
  const snapshot = await archived.snapshot()
  const ends: number[] = []
  for (let segment = 0; segment < 4; segment++) {
    await writeMany(archived, 100)
    ends.push((await archived.archive.mark({ finish: true }))?.commit ?? 0)
  }
  await archived.uploader.flush()
  const store = join(archived.folder, 'store')
  const segments = join('archive', snapshot.from.stream)
  const names = readdirSync(join(store, segments))
  expect(names).toHaveLength(4)

  const spoilt = async (spoil: (folder: string) => void): Promise<unknown> => {
    const copy = join(tempFolder(), 'store')
    cpSync(store, copy, { recursive: true })
    spoil(join(copy, segments))
    return restored(new FolderStore(copy), snapshot, 'newest').catch((error: unknown) => error)
  }
  const file = (folder: string, index: number): string => join(folder, names[index] as string)
  const missing = await spoilt((folder) => rmSync(file(folder, 1)))
  expect(missing).toMatchObject({ code: 'NOORMME_BACKUP_MISSING', context: { earlier: { commit: ends[0] } } })
  const exchanged = await spoilt((folder) => cpSync(file(folder, 3), file(folder, 2)))
  expect(exchanged).toMatchObject({ code: 'NOORMME_BACKUP_DAMAGED', context: { earlier: { commit: ends[1] } } })
  const swapped = await spoilt((folder) => cpSync(file(folder, 2), file(folder, 3)))
  expect(swapped).toMatchObject({ code: 'NOORMME_BACKUP_DAMAGED', context: { earlier: { commit: ends[2] } } })
}, 60_000)

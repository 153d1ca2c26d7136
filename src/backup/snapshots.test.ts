/** Making, listing, checking, removing and restoring backups, on a folder and on a store that has no files. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { holdDatabase } from '../../test/support/database-holder.ts'
import { MemoryStore } from '../../test/support/memory-store.ts'
import { openTestEngine } from '../../test/support/open-engine.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { createSnapshot } from './create-snapshot.ts'
import { databaseKey, manifestKey } from './keys.ts'
import { listSnapshots } from './list-snapshots.ts'
import { prune } from './prune.ts'
import { materialise } from './restore/materialise.ts'
import { restoreTo } from './restore/restore-backup.ts'
import { FolderStore } from './store/folder-store.ts'
import type { BackupStore } from './store/types.ts'
import { verifySnapshot } from './verify-snapshot.ts'

const NO_EXTENSIONS = { libraries: [], setup: null }
const CHECK = { extensions: NO_EXTENSIONS }

async function shop() {
  const { engine, path } = await openTestEngine()
  await engine.execute({ sql: 'CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT)' })
  await engine.execute({ sql: "INSERT INTO works (title) VALUES ('Dusk'), ('Dawn')" })
  return { engine, path, source: { engine, path, extensions: NO_EXTENSIONS } }
}

const STORES: readonly (readonly [string, () => BackupStore])[] = [
  ['a folder', () => new FolderStore(join(tempFolder(), 'backups'))],
  ['a store without files', () => new MemoryStore()],
]

describe.each(STORES)('in %s', (_, open) => {
  test('a backup is listed, whole, and restores to what was there', async () => {
    const { engine, path, source } = await shop()
    const store = open()
    const { id } = await createSnapshot(source, store, {})
    await engine.execute({ sql: "INSERT INTO works (title) VALUES ('Noon')" })
    const to = join(tempFolder(), 'sub', 'restored.db')

    expect(await listSnapshots(store)).toEqual([
      expect.objectContaining({ id, ok: true, problems: [], rows: { works: 2 }, method: 'slices' }),
    ])
    expect(await verifySnapshot(store, undefined, CHECK)).toMatchObject({ id, ok: true })
    const report = await restoreTo(store, to, {})

    expect(report).toMatchObject({ id, path: to, rows: { works: 2 }, replaced: null, resumed: false })
    expect(readdirSync(join(to, '..'))).toEqual(['restored.db'])
    expect(titles(to)).toEqual(['Dusk', 'Dawn'])
    expect(readdirSync(join(path, '..')).sort()).toEqual(['test.db', 'test.db-shm', 'test.db-wal'])
  })

  test('any byte that is another one is found, in the database and in the manifest', async () => {
    const { source } = await shop()
    const store = open()
    const { id } = await createSnapshot(source, store, {})
    const originals = {
      database: await bytesOf(store, databaseKey(id)),
      manifest: await bytesOf(store, manifestKey(id)),
    }

    await fc.assert(
      fc.asyncProperty(fc.constantFrom('database', 'manifest'), fc.nat(), fc.nat(7), async (what, at, bit) => {
        const key = what === 'database' ? databaseKey(id) : manifestKey(id)
        const original = originals[what as keyof typeof originals]
        const bytes = Buffer.from(original)
        const place = at % bytes.length
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
        await put(store, key, bytes)

        const outcome = await materialise(store, id, join(tempFolder(), 'x.db')).catch(
          (error: { code?: string }) => error.code,
        )
        await put(store, key, original)
        // Blanks between the parts of a manifest may be other blanks.
        expect(what === 'manifest' && typeof outcome === 'object' ? outcome.id : outcome).toBe(
          what === 'manifest' && typeof outcome === 'object' ? id : 'NOORMME_BACKUP_DAMAGED',
        )
      }),
      { numRuns: 40 },
    )
    expect(await verifySnapshot(store, id, CHECK)).toMatchObject({ ok: true })
  })

  test('what a check finds is kept with the backup, and it is not restored', async () => {
    const { source } = await shop()
    const store = open()
    const { id } = await createSnapshot(source, store, {})
    const bytes = await bytesOf(store, databaseKey(id))
    await put(store, databaseKey(id), bytes.subarray(0, bytes.length - 4096))

    const checked = await verifySnapshot(store, id, CHECK)

    expect(checked).toMatchObject({ ok: false, problems: [expect.any(String)] })
    expect(await listSnapshots(store)).toEqual([expect.objectContaining({ id, ok: false })])
    const to = join(tempFolder(), 'restored.db')
    await expect(restoreTo(store, to, { id })).rejects.toMatchObject({ code: 'NOORMME_BACKUP_DAMAGED' })
    expect(readdirSync(join(to, '..'))).toEqual([])
  })

  test('what has no manifest is no backup', async () => {
    const { source } = await shop()
    const store = open()
    const { id } = await createSnapshot(source, store, {})
    await store.delete(manifestKey(id))

    expect(await listSnapshots(store)).toEqual([])
    await expect(restoreTo(store, join(tempFolder(), 'x.db'), { id })).rejects.toMatchObject({
      code: 'NOORMME_BACKUP_MISSING',
    })
  })

  test('pruning removes what is not kept, and leftovers once they are a day old', async () => {
    const { source } = await shop()
    const store = open()
    const ids: string[] = []
    for (let each = 0; each < 4; each++) ids.push((await createSnapshot(source, store, {})).id)
    const [first = '', second = '', third = '', fourth = ''] = ids
    await store.delete(manifestKey(first))
    await put(store, `archive/${second}/00000001.segment`, Buffer.from('x'))
    const retention = { keepLast: 2, keepDaily: 0, keepWeekly: 0 }
    const tomorrow = new Date(Date.now() + 86_400_000 + 1_000)

    const dry = await prune(store, retention, { now: tomorrow, dryRun: true })
    expect(dry).toMatchObject({ removed: [second], kept: [third, fourth], leftovers: [first] })
    expect(await listSnapshots(store)).toHaveLength(3)
    expect(await prune(store, retention, { now: new Date(), dryRun: false })).toMatchObject({ leftovers: [] })
    const done = await prune(store, retention, { now: tomorrow, dryRun: false })

    expect(done).toMatchObject({ removed: [], kept: [third, fourth], leftovers: [first] })
    const keys: string[] = []
    for await (const { key } of store.list('')) keys.push(key)
    expect(keys).toEqual([third, fourth].flatMap((id) => [databaseKey(id), manifestKey(id)]))
  })

  test('a signal ends it, and nothing is listed or left', async () => {
    const { source, path } = await shop()
    const store = open()
    for (const phase of ['copying', 'checking'] as const) {
      const controller = new AbortController()
      const made = createSnapshot(source, store, {
        signal: controller.signal,
        onProgress: (progress) => progress.phase === phase && controller.abort(),
      })
      await expect(made).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
    }

    expect(await listSnapshots(store)).toEqual([])
    expect(readdirSync(join(path, '..')).filter((name) => name.includes('partial'))).toEqual([])
  })
})

describe('restoring in the place of a database', () => {
  async function backedUp() {
    const { engine, source, path } = await shop()
    const store = new FolderStore(join(tempFolder(), 'backups'))
    const { id } = await createSnapshot(source, store, {})
    await engine.execute({ sql: "INSERT INTO works (title) VALUES ('Noon')" })
    return { engine, store, id, path }
  }

  test('is refused while this process has it open, and changes nothing', async () => {
    const { store, path } = await backedUp()
    const before = readdirSync(join(path, '..'))

    await expect(restoreTo(store, path, {})).rejects.toMatchObject({
      code: 'NOORMME_FILE_IN_USE',
      retryable: true,
    })

    expect(readdirSync(join(path, '..'))).toEqual(before)
  })

  test.each(['WAL', 'DELETE'] as const)('is refused while another process has it open, in %s mode', async (mode) => {
    const { engine, store, path } = await backedUp()
    await engine.close()
    await using holder = await holdDatabase(path, mode, 'SELECT 1 FROM works')

    await expect(restoreTo(store, path, {})).rejects.toMatchObject({
      code: 'NOORMME_FILE_IN_USE',
      message: expect.stringContaining(String(holder.pid)),
    })
  })

  test('keeps what was there, with the log that a crash has left', async () => {
    const { engine, store, path } = await backedUp()
    await engine.close()
    const crashed = await holdDatabase(path, 'WAL', "INSERT INTO works (title) VALUES ('Midnight')")
    await crashed.kill()
    expect(existsSync(`${path}-wal`)).toBe(true)

    const { replaced } = await restoreTo(store, path, {})

    expect(titles(path)).toEqual(['Dusk', 'Dawn'])
    expect(titles(replaced as string)).toEqual(['Dusk', 'Dawn', 'Noon', 'Midnight'])
  })

  test('follows a symbolic link, and gives the new file the rights of the old one', async () => {
    const { engine, store, path } = await backedUp()
    await engine.close()
    const { chmodSync, symlinkSync, lstatSync } = await import('node:fs')
    chmodSync(path, 0o640)
    const named = join(tempFolder(), 'link.db')
    symlinkSync(path, named)

    expect((await restoreTo(store, named, {})).path).toBe(path)

    expect(lstatSync(named).isSymbolicLink()).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  test('replaces a file that is no database at all', async () => {
    const { store } = await backedUp()
    const path = join(tempFolder(), 'broken.db')
    writeFileSync(path, 'this is no database, but long enough to be taken for one'.repeat(100))

    const { replaced } = await restoreTo(store, path, {})

    expect(titles(path)).toEqual(['Dusk', 'Dawn'])
    expect(readFileSync(replaced as string, 'utf8')).toMatch(/^this is no database/)
  })
})

test('a database whose indexes need a function of a setup module is checked with it', async () => {
  const setup = join(tempFolder(), 'setup.mjs')
  writeFileSync(
    setup,
    "export default (connection) => connection.function('twice', { deterministic: true }, (text) => text + text)",
  )
  const extensions = { libraries: [], setup }
  const { engine, path } = await openTestEngine('wal', { extensions })
  await engine.execute({ sql: 'CREATE TABLE t (a TEXT)' })
  await engine.execute({ sql: 'CREATE INDEX i ON t (twice(a))' })
  await engine.execute({ sql: "INSERT INTO t VALUES ('x')" })

  const store = new MemoryStore()
  await createSnapshot({ engine, path, extensions }, store, {})

  expect(await verifySnapshot(store, undefined, { extensions })).toMatchObject({ ok: true })
})

function titles(path: string): unknown[] {
  const database = new BetterSqlite3(path)
  onTestFinished(() => void database.close())
  return database.prepare('SELECT title FROM works ORDER BY id').pluck().all()
}

async function bytesOf(store: BackupStore, key: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of store.get(key)) parts.push(part)
  return Buffer.concat(parts)
}

async function put(store: BackupStore, key: string, bytes: Uint8Array): Promise<void> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  await store.put(key, chunks())
}

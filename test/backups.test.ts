/** `db.backups`, through the public door. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BackupEvent, type BackupProgress, NOORMME, restoreBackup } from 'noormme'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runProgram } from './support/run-program.ts'
import { tempFolder } from './support/temp-folder.ts'

async function shop(backup: object = {}) {
  const folder = tempFolder()
  const path = join(folder, 'app.db')
  const directory = join(folder, 'backups')
  const db = new NOORMME({ connection: { database: path }, backup: { target: directory, ...backup } })
  onTestFinished(() => db.close())
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT)')
  await db.execute("INSERT INTO works (title) VALUES ('Dusk'), ('Dawn')")
  return { db, path, directory, folder }
}

async function titles(path: string): Promise<unknown[]> {
  await using db = new NOORMME(path)
  return (await db.execute<{ title: string }>('SELECT title FROM works ORDER BY id')).rows.map(({ title }) => title)
}

test('a backup is made, told, listed, checked, rehearsed and restored', async () => {
  const { db, path, directory, folder } = await shop()
  const events: BackupEvent[] = []
  const phases = new Set<BackupProgress['phase']>()
  db.on('backup', (event) => events.push(event))

  const made = await db.backups.create({ onProgress: ({ phase }) => phases.add(phase) })
  await db.execute("INSERT INTO works (title) VALUES ('Noon')")

  expect(made).toMatchObject({ ok: true, rows: { works: 2 }, method: 'slices' })
  expect(await db.backups.list()).toEqual([made])
  expect(await db.backups.verify()).toMatchObject({ id: made.id, ok: true })
  expect(await db.backups.drill()).toMatchObject({ id: made.id, rows: { works: 2 } })
  expect([...phases]).toEqual(['copying', 'checking'])
  expect(events.map(({ job, ok, scheduled }) => ({ job, ok, scheduled }))).toEqual(
    ['create', 'verify', 'drill'].map((job) => ({ job, ok: true, scheduled: false })),
  )
  expect(await db.backups.status()).toMatchObject({
    target: directory,
    running: null,
    error: null,
    next: expect.any(Date),
    backups: [{ id: made.id }],
  })

  const report = await db.backups.restore({ to: join(folder, 'elsewhere.db'), id: made.id })
  expect(await titles(report.path)).toEqual(['Dusk', 'Dawn'])
  await db.close()
  const { replaced } = await restoreBackup({ from: directory, to: path, id: made.id })
  expect(await titles(path)).toEqual(['Dusk', 'Dawn'])
  expect(await titles(replaced as string)).toEqual(['Dusk', 'Dawn', 'Noon'])
})

test('a folder that cannot be read is told by status(), which does not fail', async () => {
  const directory = join(tempFolder(), 'file')
  writeFileSync(directory, 'no folder')
  await using db = new NOORMME({ connection: { database: ':memory:' }, backup: { target: directory } })

  expect(await db.backups.status()).toMatchObject({ error: { code: 'NOORMME_BACKUP_STORE' }, backups: [] })
})

test('what is known of backups needs no asking', async () => {
  const { db } = await shop()
  await db.backups.status()
  expect(db.backups.known).toMatchObject({ lastVerifiedAt: null, error: null, maxAgeMs: expect.any(Number) })
  const { checkedAt } = await db.backups.create()
  await db.backups.status()
  expect(db.backups.known).toMatchObject({ lastVerifiedAt: checkedAt })
})

test('backups that retention does not keep go with the next one', async () => {
  const { db } = await shop({ keepLast: 2, keepDaily: 0, keepWeekly: 0 })
  const ids: string[] = []
  for (let each = 0; each < 3; each++) ids.push((await db.backups.create()).id)

  expect((await db.backups.list()).map(({ id }) => id)).toEqual(ids.slice(1))
})

describe('what cannot be is said by name:', () => {
  test('without a place for them', async () => {
    await using db = new NOORMME(':memory:')
    await expect(db.backups.create()).rejects.toMatchObject({
      code: 'NOORMME_BACKUP',
      hint: expect.stringContaining('backup.target'),
    })
    expect(await db.backups.status()).toMatchObject({ target: null, backups: [] })
  })

  test('inside a transaction, which the copy would wait for', async () => {
    const { db } = await shop()
    await db.transaction(async () => {
      await expect(db.backups.create()).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
    })
  })

  test('two at a time', async () => {
    const { db, directory, path } = await shop()
    const other = new NOORMME({ connection: { database: path }, backup: { target: directory } })
    onTestFinished(() => other.close())
    let second: Promise<unknown> | undefined
    await db.backups.create({
      onProgress: () => {
        second ??= other.backups.create().catch((error: unknown) => error)
      },
    })

    expect(await second).toMatchObject({ code: 'NOORMME_BACKUP_RUNNING', retryable: true })
    expect((await other.backups.status()).error).toMatchObject({ code: 'NOORMME_BACKUP_RUNNING' })
  })

  test('options that there are not, and values that cannot be', async () => {
    const { db } = await shop()
    const { backups } = db as unknown as { backups: Record<string, (options: unknown) => Promise<unknown>> }
    await expect(backups.create?.({ ratelimit: 1 })).rejects.toThrow('Did you mean "rateLimit"?')
    await expect(backups.create?.({ rateLimit: 1 })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(backups.restore?.({})).rejects.toThrow('needs the option "to"')
    await expect(backups.prune?.({ dryRun: 'yes' })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(backups.verify?.('nonsense')).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(backups.verify?.('20261126T173000123Z-1a2b3c4d')).rejects.toMatchObject({
      code: 'NOORMME_BACKUP_MISSING',
    })
    await expect(restoreBackup({ from: './x' } as never)).rejects.toThrow('needs the option "to"')
  })

  test('keys of backups without the folder', () => {
    expect(() => new NOORMME({ connection: { database: 'a.db' }, backup: { keepLast: 3 } })).toThrow(
      'backup.keepLast must stand beside backup.target',
    )
  })
})

test('close() gives a backup up, and leaves nothing of it', async () => {
  const { db, folder, directory } = await shop({ pointInTime: 0 })
  const begun = Promise.withResolvers<void>()
  const made = db.backups.create({ rateLimit: 65_536, onProgress: () => begun.resolve() })
  const outcome = made.catch((error: unknown) => error)
  await begun.promise

  await db.close()

  expect(await outcome).toMatchObject({ code: 'NOORMME_CLOSED' })
  expect(readdirSync(folder)).toEqual(['app.db', 'backups'])
  expect(readdirSync(directory, { recursive: true }).sort()).toEqual(['.lock', '.partial'])
})

test('a database that was closed and opened again is backed up', async () => {
  const { db } = await shop()
  await db.close()
  await expect(db.backups.create()).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
  await db.initialize()

  expect(await db.backups.create()).toMatchObject({ ok: true })
})

test('a restore that was interrupted is finished by the next one, and nothing is opened before', async () => {
  const { db, path, directory } = await shop()
  const { id } = await db.backups.create()
  await db.close()
  writeFileSync(`${path}-restore`, JSON.stringify({ format: 1, id, aside: null }))

  await expect(new NOORMME(path).initialize()).rejects.toMatchObject({
    code: 'NOORMME_CONNECTION',
    hint: expect.stringContaining('noormme restore'),
  })
  expect(directory).toBeDefined()
})

test('a schedule keeps no process alive', async () => {
  const folder = tempFolder()
  const program = runProgram(
    folder,
    `import { NOORMME } from 'noormme/index.ts'
     const db = new NOORMME({ connection: { database: process.argv[2] + '/a.db' }, backup: { target: process.argv[2] + '/b' } })
     await db.initialize()
     console.log((await db.backups.status()).next !== null)`,
    [folder],
  )

  expect(await program.line()).toBe('true')
  expect(await program.ended).toMatchObject({ code: 0 })
})

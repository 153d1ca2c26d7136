/** Restoring to any commit, through the public door. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BackupEvent, NOORMME, restoreBackup } from 'noormme'
import { expect, onTestFinished, test } from 'vitest'
import { runProgram } from './support/run-program.ts'
import { tempFolder } from './support/temp-folder.ts'

/** Nothing is committed but by the test. */
const automation = { enableAutoOptimization: false }

async function shop({
  folder = tempFolder(),
  ...backup
}: {
  folder?: string
  pointInTime?: number
  maxBacklog?: number
} = {}) {
  const path = join(folder, 'app.db')
  const directory = join(folder, 'backups')
  const db = new NOORMME({
    ...{ connection: { database: path }, automation },
    backup: { target: directory, schedule: false, ...backup },
  })
  onTestFinished(() => db.close())
  await db.execute('CREATE TABLE IF NOT EXISTS works (id INTEGER PRIMARY KEY, title TEXT)')
  const add = (title: string) => db.execute('INSERT INTO works (title) VALUES (?)', [title])
  return { db, path, directory, folder, add }
}

async function titles(path: string): Promise<unknown[]> {
  await using db = new NOORMME(path)
  return (await db.execute<{ title: string }>('SELECT title FROM works ORDER BY id')).rows.map(({ title }) => title)
}

/** A moment between two commits: their times are whole milliseconds. */
async function between(): Promise<Date> {
  const now = Date.now()
  while (Date.now() < now + 5) await new Promise((resolve) => setImmediate(resolve))
  return new Date(now + 4)
}

test('every commit after a backup can be restored to, by number and by time, while the database is in use', async () => {
  const { db, folder, add } = await shop()
  await add('Dusk')
  const backup = await db.backups.create()
  expect(backup.archive).toMatchObject({ from: 0, to: 0 })
  await add('Dawn')
  await db.backups.points()
  const moment = await between()
  await add('Noon')
  await db.execute('DELETE FROM works')

  const points = await db.backups.points()
  expect(points.map(({ commit }) => commit)).toEqual([3, 2, 1])
  expect(await db.backups.points({ before: 3, limit: 1 })).toEqual([points[1]])
  expect((await db.backups.points({ before: moment })).map(({ commit }) => commit)).toEqual([1])
  expect(await db.backups.windows()).toEqual([
    { stream: backup.archive?.stream, from: { commit: 0, time: backup.createdAt }, to: points[0] },
  ])

  const restored = async (point: object) => {
    const report = await db.backups.restore({ to: join(folder, `${Math.random()}.db`), ...point })
    return { titles: await titles(report.path), commit: report.commit, exact: report.exact }
  }
  expect(await restored({ commit: 2 })).toEqual({ titles: ['Dusk', 'Dawn', 'Noon'], commit: 2, exact: true })
  expect(await restored({ at: moment })).toEqual({ titles: ['Dusk', 'Dawn'], commit: 1, exact: true })
  expect(await restored({})).toEqual({ titles: [], commit: 3, exact: true })
  expect(await restored({ commit: 0 })).toMatchObject({ titles: ['Dusk'] })
  expect(await restored({ id: backup.id })).toMatchObject({ titles: ['Dusk'] })
  await expect(restored({ commit: 4 })).rejects.toMatchObject({ code: 'NOORMME_BACKUP_MISSING' })
  await expect(restored({ at: new Date(0) })).rejects.toThrow('has no state of 1970')
  await expect(restored({ at: moment, commit: 2 })).rejects.toThrow('one of "at", "commit" and "id"')
})

test('closed, all of it is stored; restored in place, opened again, and backed up anew, its commits are counted on', async () => {
  const { db, path, directory, folder, add } = await shop()
  await db.backups.create()
  await add('Dusk')
  await add('mistake')
  await db.close()
  expect(
    readdirSync(`${path}-archive`, { recursive: true }).filter((name) => String(name).endsWith('segment')),
  ).toEqual([])

  const report = await restoreBackup({ from: directory, to: path, commit: 1 })
  expect(report).toMatchObject({ commit: 1, resumed: false })
  expect(await titles(path)).toEqual(['Dusk'])
  expect(await titles(report.replaced as string)).toEqual(['Dusk', 'mistake'])

  const again = await shop({ folder })
  expect((await again.db.backups.status()).archive).toMatchObject({ endedBecause: expect.any(String) })
  const { archive } = await again.db.backups.create()
  expect(archive?.to).toBeGreaterThanOrEqual(2)
  await again.add('Dawn')
  const [last] = await again.db.backups.points()
  expect(last?.commit).toBe((archive?.to ?? 0) + 1)
  expect((await again.db.backups.windows()).length).toBe(2)
})

test('opened again it goes on where it was, without a new backup', async () => {
  const { db, folder, add } = await shop()
  const { archive } = await db.backups.create()
  await add('Dusk')
  await db.close()

  const again = await shop({ folder })
  await again.add('Dawn')
  expect((await again.db.backups.points()).map(({ commit }) => commit)).toEqual([2, 1])
  expect((await again.db.backups.windows()).map(({ stream }) => stream)).toEqual([archive?.stream])
  const { path } = await again.db.backups.restore({ to: join(folder, 'all.db') })
  expect(await titles(path)).toEqual(['Dusk', 'Dawn'])
})

test('a killed process loses no point; what it had not stored yet is stored by the next', async () => {
  const { db, folder, path } = await shop()
  await db.backups.create()
  await db.close()
  const backup = { target: join(folder, 'backups'), schedule: false }
  const config = { connection: { database: path }, automation, backup }
  const program = runProgram(
    folder,
    `import { NOORMME } from 'noormme/index.ts'
    const db = new NOORMME(${JSON.stringify(config)})
    await db.execute("INSERT INTO works (title) VALUES ('Dusk')")
    await db.execute("INSERT INTO works (title) VALUES ('Dawn')")
    process.kill(process.pid, 'SIGKILL')
  `,
  )
  expect(await program.ended).toMatchObject({ signal: 'SIGKILL', stderr: '' })

  const again = await shop({ folder })
  expect((await again.db.backups.points()).map(({ commit }) => commit)).toEqual([2, 1])
  const report = await again.db.backups.restore({ to: join(folder, 'one.db'), commit: 1 })
  expect(await titles(report.path)).toEqual(['Dusk'])
})

test('with pointInTime: 0 nothing is archived, and no folder stands beside the database', async () => {
  const { db, path, add } = await shop({ pointInTime: 0 })
  const { archive } = await db.backups.create()
  await add('Dusk')
  expect(archive).toBeNull()
  expect(await db.backups.points()).toEqual([])
  expect(await db.backups.windows()).toEqual([])
  expect((await db.backups.status()).archive).toBeNull()
  expect(existsSync(`${path}-archive`)).toBe(false)
})

test('what is older than the window goes with a prune, and what the window needs stays although retention would not keep it', async () => {
  const { db, path, directory, add } = await shop()
  const first = await db.backups.create()
  await add('Dusk')
  await db.backups.points()
  const segments = () => readdirSync(join(directory, 'archive', first.archive?.stream ?? ''))
  expect(segments()).toHaveLength(1)
  await db.close()

  const keepOne = { target: directory, schedule: false as const, keepLast: 1, keepDaily: 0, keepWeekly: 0 }
  const soon = new NOORMME({ connection: { database: path }, automation, backup: keepOne })
  onTestFinished(() => soon.close())
  const second = await soon.backups.create()
  expect((await soon.backups.list()).map(({ id }) => id)).toEqual([first.id, second.id])
  await soon.close()

  const later = new NOORMME({ connection: { database: path }, automation, backup: { ...keepOne, pointInTime: 1 } })
  onTestFinished(() => later.close())
  expect(await later.backups.prune()).toMatchObject({ removed: [first.id], kept: [second.id] })
  expect(existsSync(join(directory, 'archive', first.archive?.stream ?? ''))).toBe(false)
})

test('two of one file share its archive; one that wants another is refused by name', async () => {
  const { db, folder, path, directory, add } = await shop()
  await db.backups.create()
  const second = await shop({ folder })
  await second.add('Dusk')
  await db.close()
  await second.add('Dawn')
  expect((await second.db.backups.points()).map(({ commit }) => commit)).toEqual([2, 1])
  await expect(add('late')).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })

  const other = new NOORMME({ connection: { database: path }, automation, backup: { target: `${directory}-2` } })
  await expect(other.initialize()).rejects.toThrow('backup.target')
  await using plain = new NOORMME({ connection: { database: path }, automation })
  await plain.initialize()
})

test('where archiving ends by itself it is told, and a new backup begins it again', async () => {
  const { db, directory, add } = await shop({ maxBacklog: 16 * 2 ** 20 })
  const events: BackupEvent[] = []
  const told = new Promise<void>((resolve) => {
    db.on('backup', (event) => {
      events.push(event)
      if (event.job === 'create' && events.some(({ job }) => job === 'archive')) resolve()
    })
  })
  const { archive } = await db.backups.create()
  // One transaction larger than all that may wait.
  await db.execute(
    'CREATE TABLE large AS WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 20) SELECT randomblob(1000000) AS b FROM r',
  )
  await told

  expect(events.find(({ job }) => job === 'archive')).toMatchObject({ ok: false, error: { code: 'NOORMME_BACKUP' } })
  const { archive: status, backups } = await db.backups.status()
  expect(status).toMatchObject({ archiving: true })
  expect(backups.at(-1)?.archive?.stream).not.toBe(archive?.stream)
  expect(existsSync(directory)).toBe(true)
  await add('after')
}, 60_000)

test('of several processes one archives what all of them write; when it ends, the next one goes on', async () => {
  const { db: first, folder, path, directory } = await shop()
  await first.close()
  const config = { connection: { database: path }, automation, backup: { target: directory, schedule: false } }
  const program = runProgram(
    folder,
    `import { once } from 'node:events'
    import { NOORMME } from 'noormme/index.ts'
    const db = new NOORMME(${JSON.stringify(config)})
    const { archive } = await db.backups.create()
    console.log(archive?.stream)
    await once(process.stdin, 'data')
    await db.execute("INSERT INTO works (title) VALUES ('theirs')")
    await db.close()
    process.exit()
  `,
  )
  const stream = await program.line()
  const { db, add } = await shop({ folder })
  await add('ours')
  expect((await db.backups.status()).archive).toMatchObject({ elsewhere: `process ${program.child.pid}` })
  expect((await db.backups.create()).archive).toBeNull()
  program.child.stdin?.write('\n')
  expect(await program.ended).toMatchObject({ code: 0, stderr: '' })

  // Newer than the newest backup, which stands alone.
  const { path: restored } = await db.backups.restore({ to: join(folder, 'all.db') })
  expect(await titles(restored)).toEqual(['ours', 'theirs'])
  const { archive } = await db.backups.create()
  expect(archive?.stream).toBe(stream)
  await add('later')
  expect((await db.backups.status()).archive).toMatchObject({ elsewhere: null, archiving: true })
  expect(await titles((await db.backups.restore({ to: join(folder, 'more.db') })).path)).toEqual([
    ...['ours', 'theirs', 'later'],
  ])
}, 60_000)

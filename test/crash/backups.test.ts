/**
 * Backups against a power cut and `kill -9`: what is listed restores, what was told to be made is there, and a restore leaves
 * the old database or the new one, or word of what is left to do.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { NOORMME, restoreBackup } from 'noormme'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { type DiskOperation, readDiskLog } from './support/disk-log.ts'
import { acksBefore, type Fate, filesAfter, type PowerCut } from './support/power-cut.ts'
import { type Chance, chance, rounds, SOAK } from './support/seed.ts'
import { finished, startProgram } from './support/start-program.ts'
import { NO_WATCHED_DISK, watchedDisk } from './support/watched-disk.ts'

const MINUTES = 60_000
const FATES: readonly Fate[] = ['keep', 'keep', 'drop', 'drop', 'tear']

/** A database with some works, closed; its path. */
function makeDatabase(titles: readonly string[], { leaveLog = false } = {}): string {
  const path = join(tempFolder(), 'app.db')
  const database = new BetterSqlite3(path)
  database.pragma('journal_mode = WAL')
  database.pragma('wal_autocheckpoint = 0')
  database.exec('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT, filling BLOB)')
  for (const title of titles) database.prepare('INSERT INTO works (title) VALUES (?)').run(title)
  if (!leaveLog) {
    database.close()
    return path
  }
  // As a crash leaves it.
  const crashed = join(tempFolder(), 'app.db')
  for (const suffix of ['', '-wal']) cpSync(path + suffix, crashed + suffix)
  database.close()
  return crashed
}

function titlesIn(path: string): unknown[] {
  const database = new BetterSqlite3(path, { fileMustExist: true })
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    return database.prepare('SELECT title FROM works ORDER BY id').pluck().all()
  } finally {
    database.close()
  }
}

function randomCut(operations: readonly DiskOperation[], draw: Chance): PowerCut {
  // Half of them near what changes a name: those are few, and what comes before and after them matters.
  const rare = operations.flatMap(({ kind }, index) => (kind === 'write' ? [] : [index]))
  const at = draw.next() < 0.5 ? draw.between(0, operations.length) : draw.pick(rare) + draw.between(-1, 2)
  return {
    at: Math.min(Math.max(at, 0), operations.length),
    fate: () => draw.pick(FATES),
    sector: () => draw.next() < 0.5,
  }
}

/** Puts the files of a state into a folder of its own; what the kernel would not keep is not among them. */
function put(base: string, files: ReadonlyMap<string, Buffer>): string {
  const folder = join(base, 'state')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, bytes] of files) {
    if (name.endsWith('-shm') || name === '.lock') continue
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}

async function recorded(make: (folder: string) => { database: string; restoreTo: object | null }) {
  const { folder, log, environment } = watchedDisk({ log: true, all: true })
  await finished(startProgram('recorded-backups', { folder, ...make(folder) }, environment))
  return readDiskLog(log)
}

/** Backups that are listed and are not what they should be. */
async function wrongIn(directory: string): Promise<{ listed: string[]; wrong: string[] }> {
  await using db = new NOORMME({ connection: { database: ':memory:' }, backup: { target: directory, schedule: false } })
  const listed = (await db.backups.list()).map(({ id }) => id)
  const wrong: string[] = []
  for (const id of listed) {
    const found = await db.backups.verify(id).catch(() => ({ ok: false }))
    if (!found.ok) wrong.push(id)
  }
  return { listed, wrong }
}

describe.skipIf(NO_WATCHED_DISK !== null)('power cut', () => {
  const cuts = (operations: readonly DiskOperation[], label: string, from = 0) =>
    rounds(25, 1000).map((round) => {
      const cut = randomCut(operations, chance(`${label} ${round}`))
      return { ...cut, at: Math.max(cut.at, from) }
    })

  test(
    'while backups are made and removed: what is listed is whole, and the newest that was told is there',
    async () => {
      const database = makeDatabase(['first'])
      const operations = await recorded(() => ({ database, restoreTo: null }))
      expect(operations.filter(({ kind }) => kind === 'ack')).toHaveLength(5)
      expect(operations.some(({ kind }) => kind === 'remove folder')).toBe(true)
      const base = tempFolder()

      for (const [round, cut] of cuts(operations, 'making').entries()) {
        const { listed, wrong } = await wrongIn(put(base, filesAfter(operations, cut)))
        expect(wrong, `cut ${round} at ${cut.at}`).toEqual([])
        const told = acksBefore(operations, cut.at).at(-1)
        if (told !== undefined) expect(listed, `cut ${round} at ${cut.at}`).toContain(told)
      }
    },
    SOAK ? 60 * MINUTES : 5 * MINUTES,
  )

  test('counter-proof: if no file were asked of the disk, what is listed would not be whole', async () => {
    const database = makeDatabase(['first'])
    const operations = (await recorded(() => ({ database, restoreTo: null }))).filter(({ kind }) => kind !== 'sync')
    const base = tempFolder()
    let wrong = 0
    for (const cut of cuts(operations, 'careless')) {
      wrong += (await wrongIn(put(base, filesAfter(operations, cut)))).wrong.length
    }
    expect(wrong).toBeGreaterThan(0)
  })

  test(
    'while a database is replaced: the old one or the new one, and what is left to do can be done',
    async () => {
      const directory = join(tempFolder(), 'backups')
      await using source = new NOORMME({
        connection: { database: makeDatabase(['new']) },
        backup: { target: directory, schedule: false },
      })
      const { id } = await source.backups.create()
      const old = makeDatabase(['old', 'older'], { leaveLog: true })
      const operations = await recorded((folder) => ({
        database: old,
        restoreTo: { from: directory, to: join(folder, 'app.db') },
      }))
      const begun = operations.findIndex(({ kind }) => kind === 'ack') + 1
      const base = tempFolder()

      for (const [round, cut] of cuts(operations, 'restoring', begun).entries()) {
        const label = `cut ${round} at ${cut.at}`
        const folder = put(base, filesAfter(operations, cut))
        const path = join(folder, 'app.db')
        const told = acksBefore(operations, cut.at).length > 1
        const planned = existsSync(`${path}-restore`)
        if (planned) {
          await expect(new NOORMME(path).initialize(), label).rejects.toMatchObject({ code: 'NOORMME_CONNECTION' })
          expect(await restoreBackup({ from: directory, to: path }), label).toMatchObject({ id, resumed: true })
        }
        const aside = readdirSync(folder).find((name) => /^app\.db\.replaced-[^-]*$/.test(name))
        const titles = titlesIn(path)
        expect([['new'], ['old', 'older']], label).toContainEqual(titles)
        if (told || planned) expect(titles, label).toEqual(['new'])
        if (titles[0] === 'new') expect(titlesIn(join(folder, aside ?? 'nothing')), label).toEqual(['old', 'older'])
      }
    },
    SOAK ? 60 * MINUTES : 5 * MINUTES,
  )
})

describe('kill -9', () => {
  test(
    'while backups are made and removed: what is listed is whole, and the newest that was told is there',
    async () => {
      const directory = join(tempFolder(), 'backups')
      mkdirSync(directory)
      const database = makeDatabase(['first'])
      for (const round of rounds(5, 200)) {
        const draw = chance(`kill while making ${round}`)
        const program = startProgram('make-backups', { directory, database })
        await program.said(draw.between(1, 4))
        // The kill is to fall on any moment, not on that of an acknowledgement.
        await pause(draw.between(0, 150))
        await program.kill()

        const { listed, wrong } = await wrongIn(directory)
        expect(wrong, `round ${round}`).toEqual([])
        expect(listed, `round ${round}`).toContain(program.lines.at(-1))
      }
    },
    SOAK ? 60 * MINUTES : 5 * MINUTES,
  )

  test(
    'while a database is replaced: it is the old one or the new one after the restore was run again',
    async () => {
      const directory = join(tempFolder(), 'backups')
      await using source = new NOORMME({
        connection: { database: makeDatabase(['new']) },
        backup: { target: directory, schedule: false },
      })
      await source.backups.create()
      for (const round of rounds(5, 200)) {
        const draw = chance(`kill while restoring ${round}`)
        const path = makeDatabase(['old', 'older'], { leaveLog: true })
        const program = startProgram('restore-again', { from: directory, to: path })
        await program.said(1)
        await pause(draw.between(0, 120))
        await program.kill().catch(() => {})

        const { replaced } = await restoreBackup({ from: directory, to: path })
        expect(titlesIn(path), `round ${round}`).toEqual(['new'])
        const kept = readdirSync(dirname(path)).filter((name) => /^app\.db\.replaced-[^-]*$/.test(name))
        const found = kept.map((name) => String(titlesIn(join(dirname(path), name))))
        expect(found, `round ${round}`).toContain('old,older')
        expect(replaced, `round ${round}`).not.toBeNull()
      }
    },
    SOAK ? 60 * MINUTES : 5 * MINUTES,
  )
})

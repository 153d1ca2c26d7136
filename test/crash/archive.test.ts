/**
 * The archive against `kill -9` and power cuts: it goes on where it can be sure that nothing is missing, and begins anew where it
 * cannot. Whatever it then restores is what the database is, and each commit of it is a state that the database had.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { NOORMME } from 'noormme'
import { describe, expect, test } from 'vitest'
import { stateOf } from '../support/state-of.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { type DiskOperation, readDiskLog } from './support/disk-log.ts'
import { acksBefore, type Fate, filesAfter, type PowerCut } from './support/power-cut.ts'
import { type Chance, chance, rounds, SOAK } from './support/seed.ts'
import { finished, startProgram } from './support/start-program.ts'
import { holes, judge, lost, type Part, READ_UNITS, type UnitName } from './support/units.ts'
import { NO_WATCHED_DISK, watchedDisk } from './support/watched-disk.ts'

const MINUTES = 60_000
const FATES: readonly Fate[] = ['keep', 'keep', 'drop', 'drop', 'tear']
const automation = { enableAutoOptimization: false }

interface Verdict {
  /** The stream of the process before went on. */
  readonly wentOn: boolean
  readonly points: number
}

/** Opens what a crash has left, goes on archiving, and restores from it. */
async function examine(folder: string, acknowledged: readonly string[], draw: Chance, label: string): Promise<Verdict> {
  const directory = join(folder, 'backups')
  await using db = new NOORMME({
    ...{ connection: { database: join(folder, 'app.db') }, automation },
    backup: { target: directory, schedule: false },
  })
  await db.initialize()
  const wentOn = (await db.backups.status()).archive?.archiving === true
  if (!wentOn) await db.backups.create()
  await db.execute('CREATE TABLE IF NOT EXISTS after_crash (label)')
  await db.execute('INSERT INTO after_crash VALUES (?)', [label])

  const scratch = join(tempFolder(), 'restored.db')
  await db.backups.restore({ to: scratch })
  const read = (path: NOORMME) => async (sql: string) => (await path.execute(sql)).rows
  await using restored = new NOORMME({ connection: { database: scratch }, automation })
  expect(await stateOf(read(restored)), label).toBe(await stateOf(read(db)))

  const points = await db.backups.points({ limit: 10_000 })
  if (points.length > 0) {
    const { commit } = draw.pick(points)
    const past = join(tempFolder(), 'past.db')
    expect(await db.backups.restore({ to: past, commit }), label).toMatchObject({ commit })
    await using then = new NOORMME({ connection: { database: past }, automation })
    const there = (await then.execute("SELECT 1 FROM sqlite_schema WHERE name = 'parts'")).rows.length > 0
    const judgement = judge(there ? (await then.execute<Part>(READ_UNITS)).rows : [])
    expect(judgement.broken, label).toEqual([])
    expect(holes(judgement), label).toEqual([])
  }
  const names = acknowledged.map((line) => line.trim().replace(' ', '.') as UnitName)
  const there = (await db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'parts'")).rows.length > 0
  expect(lost(names, judge(there ? (await db.execute<Part>(READ_UNITS)).rows : [])), label).toEqual([])
  return { wentOn, points: points.length }
}

test(
  'kill -9: the archive goes on, or begins anew; either way it restores what is there',
  async () => {
    const folder = tempFolder()
    const options = { path: join(folder, 'app.db'), directory: join(folder, 'backups'), lives: null, acks: null }
    const verdicts: Verdict[] = []
    for (const round of rounds(4, 200)) {
      const draw = chance(`kill while archiving ${round}`)
      const program = startProgram('archive-units', { ...options, first: round * 100, share: draw.pick([3, 30, 1000]) })
      await program.said(draw.between(1, 1500))
      // The kill is to fall on any moment, not on that of an acknowledgement.
      await pause(draw.between(0, 40))
      await program.kill()
      verdicts.push(await examine(folder, program.lines, draw, `round ${round}`))
    }
    expect(verdicts.some(({ wentOn }) => wentOn)).toBe(true)
    expect(verdicts.some(({ points }) => points > 0)).toBe(true)
  },
  SOAK ? 60 * MINUTES : 5 * MINUTES,
)

describe.skipIf(NO_WATCHED_DISK !== null)('power cut', () => {
  test(
    'the archive goes on, or begins anew; either way it restores what is there',
    async () => {
      const { folder, log, environment } = watchedDisk({ log: true, all: true })
      const paths = {
        path: join(folder, 'app.db'),
        directory: join(folder, 'backups'),
        acks: join(folder, 'told.acks'),
      }
      await finished(startProgram('archive-units', { ...paths, first: 0, share: 5, lives: 3 }, environment))
      const operations = readDiskLog(log)
      expect(operations.some((each) => each.kind === 'rename' && each.name.endsWith('.segment'))).toBe(true)

      const base = tempFolder()
      for (const round of rounds(12, 400)) {
        const draw = chance(`power cut while archiving ${round}`)
        const cut = randomCut(operations, draw)
        const state = put(base, filesAfter(operations, cut))
        await examine(state, acksBefore(operations, cut.at), draw, `cut ${round} at ${cut.at}`)
      }
    },
    SOAK ? 60 * MINUTES : 5 * MINUTES,
  )
})

/** Half of the cuts fall anywhere, half near what changes a name or is asked of the disk. */
function randomCut(operations: readonly DiskOperation[], draw: Chance): PowerCut {
  const rare = operations.flatMap(({ kind }, index) => (kind === 'write' || kind === 'ack' ? [] : [index]))
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
    if (name.endsWith('-shm') || name.endsWith('.lock')) continue
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}

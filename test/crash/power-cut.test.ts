/**
 * The promise "durable" against a power cut. A life of a database is recorded call by call; each state is what a disk
 * may hold when the power fails after one of them. The log is longer than several automatic checkpoints.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { type DiskOperation, readDiskLog } from './support/disk-log.ts'
import { acksBefore, type Fate, filesAfter, type PowerCut, statesAfterEveryCall } from './support/power-cut.ts'
import { type Chance, chance, rounds, SOAK } from './support/seed.ts'
import { finished, startProgram } from './support/start-program.ts'
import { holes, judge, lost, type Part, READ_UNITS, type UnitName } from './support/units.ts'
import { NO_WATCHED_DISK, watchedDisk } from './support/watched-disk.ts'
import { lookAtUnits, type Sight } from './support/witness.ts'

const MINUTES = 60_000
const FATES: readonly Fate[] = ['keep', 'keep', 'keep', 'drop', 'drop', 'drop', 'tear']

async function recordedRun(
  synchronous: 'EXTRA' | 'FULL' | 'NORMAL' | 'OFF',
  enableWALMode = true,
): Promise<readonly DiskOperation[]> {
  const { folder, log, environment } = watchedDisk({ log: true })
  await finished(startProgram('recorded-run', { folder, synchronous, enableWALMode }, environment))
  const operations = readDiskLog(log)
  expect(checkpointsIn(operations), 'checkpoints between acknowledgements').toBeGreaterThan(1)
  return operations
}

/** How often the database file itself was written to while the program was still being told of commits. */
function checkpointsIn(operations: readonly DiskOperation[]): number {
  const database = operations.find((each) => each.kind === 'link' && each.name === 'cut.db')
  const last = operations.findLastIndex(({ kind }) => kind === 'ack')
  let checkpoints = 0
  let writing = false
  for (const operation of operations.slice(0, last)) {
    if (operation.kind === 'ack') writing = false
    if (operation.kind !== 'write' || database?.kind !== 'link' || operation.file !== database.file || writing) continue
    writing = true
    checkpoints++
  }
  return checkpoints
}

/** Half of the cuts fall anywhere, half near a call that is not one of the many writes to the log. */
function randomCut(operations: readonly DiskOperation[], draw: Chance): PowerCut {
  const log = new Set(
    operations.flatMap((each) => (each.kind === 'link' && each.name.endsWith('-wal') ? each.file : [])),
  )
  const rare = operations.flatMap((each, index) => (each.kind === 'write' && log.has(each.file) ? [] : [index]))
  const at = draw.next() < 0.5 ? draw.between(0, operations.length) : draw.pick(rare) + draw.between(-2, 3)
  return {
    at: Math.min(Math.max(at, 0), operations.length),
    fate: () => draw.pick(FATES),
    sector: () => draw.next() < 0.5,
  }
}

/** Puts the files of a state into a folder in `base`, without a `-shm`, which no disk keeps; the database's path. */
function put(base: string, files: ReadonlyMap<string, Buffer>): string {
  const folder = join(base, 'state')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
  return join(folder, 'cut.db')
}

const acknowledgedBy = (text: string): UnitName => text.trim().replace(' ', '.') as UnitName

const acknowledgedBefore = (operations: readonly DiskOperation[], at: number): ReadonlySet<UnitName> =>
  new Set(acksBefore(operations, at).map(acknowledgedBy))

interface Findings {
  states: number
  corrupt: number
  broken: number
  holes: number
  /** States in which something acknowledged was not there. */
  lost: number
}

const noFindings = (): Findings => ({ states: 0, corrupt: 0, broken: 0, holes: 0, lost: 0 })

function note(findings: Findings, sight: Sight, acknowledged: Iterable<UnitName>): void {
  findings.states++
  if (sight.damage !== null) {
    findings.corrupt++
    return
  }
  if (sight.judgement.broken.length > 0) findings.broken++
  if (holes(sight.judgement).length > 0) findings.holes++
  if (lost(acknowledged, sight.judgement).length > 0) findings.lost++
}

function findingsOf(operations: readonly DiskOperation[], cuts: Iterable<PowerCut>): Findings {
  const base = tempFolder()
  const findings = noFindings()
  for (const cut of cuts) {
    const path = put(base, filesAfter(operations, cut))
    note(findings, lookAtUnits(path), acknowledgedBefore(operations, cut.at))
  }
  return findings
}

/** At every single call: all that was not confirmed gone, or all of it there. A state like the one before is looked at once. */
function findingsEverywhere(operations: readonly DiskOperation[], fate: 'keep' | 'drop'): Findings {
  const base = tempFolder()
  const findings = noFindings()
  const acknowledged = new Set<UnitName>()
  let sight: Sight | undefined
  for (const { at, files } of statesAfterEveryCall(operations, fate)) {
    if (at % 1000 === 0 && files !== null) {
      expect(files).toEqual(filesAfter(operations, { at, fate: () => fate, sector: () => true }))
    }
    if (files !== null || sight === undefined) sight = lookAtUnits(put(base, files ?? new Map()))
    const last = operations[at - 1]
    if (last?.kind === 'ack') acknowledged.add(acknowledgedBy(last.text))
    note(findings, sight, acknowledged)
  }
  return findings
}

const randomCuts = (operations: readonly DiskOperation[], label: string): readonly PowerCut[] =>
  rounds(60, 600).map((round) => randomCut(operations, chance(`${label} ${round}`)))

describe.skipIf(NO_WATCHED_DISK !== null)('power cut', () => {
  test(
    'with FULL nothing acknowledged is lost, and noormme opens what is left',
    async () => {
      const operations = await recordedRun('FULL')
      const cuts = randomCuts(operations, 'FULL')
      expect(findingsOf(operations, cuts)).toEqual({ states: cuts.length, corrupt: 0, broken: 0, holes: 0, lost: 0 })

      const base = tempFolder()
      for (const round of rounds(6, 60)) {
        const cut = randomCut(operations, chance(`opened ${round}`))
        const acknowledged = acknowledgedBefore(operations, cut.at)
        const db = new NOORMME(put(base, filesAfter(operations, cut)))
        await db.initialize()
        const there = (await db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'parts'")).rows.length > 0
        const judgement = judge(there ? (await db.execute<Part>(READ_UNITS)).rows : [])
        expect(lost(acknowledged, judgement), `cut ${round}`).toEqual([])
        expect(judgement.broken, `cut ${round}`).toEqual([])
        await db.execute('CREATE TABLE usable (v)')
        await db.close()
      }
    },
    SOAK ? 30 * MINUTES : 5 * MINUTES,
  )

  // A rollback journal commits by being deleted, and only EXTRA makes SQLite sync the folder after that.
  test(
    'without WAL nothing acknowledged is lost with EXTRA, which FULL does not promise there',
    async () => {
      const found = async (synchronous: 'EXTRA' | 'FULL') => {
        const operations = await recordedRun(synchronous, false)
        const told = operations.flatMap(({ kind }, index) => (kind === 'ack' ? [index + 1] : []))
        const cuts = told
          .filter((_, index) => SOAK || index % 8 === 0)
          .map((at) => ({ at, fate: () => 'drop' as const, sector: () => false }))
        return { ...findingsOf(operations, cuts), random: findingsOf(operations, randomCuts(operations, synchronous)) }
      }
      const nothing = { corrupt: 0, broken: 0, holes: 0, lost: 0 }
      expect(await found('EXTRA')).toMatchObject({ ...nothing, random: nothing })
      const full = await found('FULL')
      expect(full).toMatchObject({ corrupt: 0, broken: 0, random: { corrupt: 0, broken: 0 } })
      expect(full.lost).toBeGreaterThan(0)
    },
    SOAK ? 30 * MINUTES : 5 * MINUTES,
  )

  // Not skipped but absent in the short form: it takes minutes.
  if (SOAK) {
    test(
      'with FULL at every single call: all that was not confirmed gone, or all of it there',
      async () => {
        const operations = await recordedRun('FULL')
        const nothing = { states: operations.length + 1, corrupt: 0, broken: 0, holes: 0, lost: 0 }
        expect(findingsEverywhere(operations, 'drop')).toEqual(nothing)
        expect(findingsEverywhere(operations, 'keep')).toEqual(nothing)
      },
      120 * MINUTES,
    )
  }

  test(
    'with NORMAL the file is never corrupt and what is left is a whole beginning; counter-proof: acknowledged writes are lost',
    async () => {
      const operations = await recordedRun('NORMAL')
      const findings = findingsOf(operations, randomCuts(operations, 'NORMAL'))
      expect(findings).toMatchObject({ corrupt: 0, broken: 0, holes: 0 })
      expect(findings.lost).toBeGreaterThan(0)
    },
    SOAK ? 30 * MINUTES : 5 * MINUTES,
  )

  test(
    'counter-proof: with OFF files are corrupt',
    async () => {
      const operations = await recordedRun('OFF')
      expect(findingsOf(operations, randomCuts(operations, 'OFF')).corrupt).toBeGreaterThan(0)
    },
    SOAK ? 30 * MINUTES : 5 * MINUTES,
  )
})

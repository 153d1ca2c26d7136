/** The promise "durable" on a disk whose fsync fails: no success is reported that is none, and nothing hangs. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { type DiskOperation, readDiskLog } from './support/disk-log.ts'
import { faultsOf, type Life, livesOn } from './support/failing-disk.ts'
import { acksBefore, filesAfter } from './support/power-cut.ts'
import { chance, rounds, SOAK } from './support/seed.ts'
import { lost, type UnitName, unitName } from './support/units.ts'
import { NO_WATCHED_DISK, watchedDisk } from './support/watched-disk.ts'
import { lookAtUnits } from './support/witness.ts'

const EIO = 5
const CODES = new Set(['NOORMME_INDETERMINATE', 'NOORMME_IO'])
const MINUTES = 60_000

/** Numbers of the calls that fail: the first and some later ones, in the long form every one. */
function callsToFail(label: string): readonly number[] | null {
  const draw = chance(label)
  return SOAK ? null : [1, 2, 3, 4, 5, draw.between(6, 9), draw.between(10, 13), draw.between(14, 18)]
}

/**
 * Cuts the power at some moments of a life and looks whether what was acknowledged is there: what stood before a failed
 * fsync is gone for good then, however many have succeeded since.
 */
function lostByPowerCut(operations: readonly DiskOperation[], { name }: Life, moments: readonly number[]): string[] {
  const folder = tempFolder()
  const own = new Set(
    operations.flatMap((each) => (each.kind === 'link' && each.name.startsWith(`${name}.`) ? [each.file] : [])),
  )
  const last = operations.findLastIndex((each) => 'file' in each && own.has(each.file))
  const first = operations.findIndex((each) => 'file' in each && own.has(each.file))
  return moments.flatMap((moment) => {
    const at = first + Math.ceil((last + 1 - first) * moment)
    const state = join(folder, 'state')
    rmSync(state, { recursive: true, force: true })
    mkdirSync(state)
    const mine = operations.slice(first, at).filter((each) => !('file' in each) || own.has(each.file))
    for (const [file, bytes] of filesAfter(mine, { at: mine.length, fate: () => 'drop', sector: () => false }))
      writeFileSync(join(state, file), bytes)
    const acknowledged = acksBefore(mine, mine.length)
      .map((text) => text.split(' '))
      .flatMap(([life, client]) => (life === name ? [unitName(Number(client), 1)] : []))
    const sight = lookAtUnits(join(state, `${name}.db`))
    const missing: readonly (UnitName | string)[] =
      sight.damage === null ? lost(acknowledged, sight.judgement) : [sight.damage]
    return missing.map((what) => `${name} cut at ${at}: ${what}`)
  })
}

describe.skipIf(NO_WATCHED_DISK !== null)('a failing fsync', () => {
  test.each([
    ['once', 1],
    ['until the disk is well again', -1],
  ])(
    'the n-th, %s: rejected with a typed error, writing goes on, and no later success rests on it',
    async (label, times) => {
      const disk = watchedDisk({ log: true })
      const lives = await livesOn(disk, { on: 'sync', times, errno: EIO }, callsToFail(`fsync ${label}`))
      expect(lives.flatMap((life) => faultsOf(disk, life, CODES))).toEqual([])
      expect(lives.filter(({ fired }) => fired > 0).length).toBeGreaterThan(5)
      expect(new Set(lives.flatMap(({ failed }) => failed.map(({ code }) => code)))).toContain('NOORMME_INDETERMINATE')

      const operations = readDiskLog(disk.log)
      const draw = chance(`power cut after fsync ${label}`)
      const moments = [...rounds(3, 20).map(() => draw.next()), 1]
      expect(lives.flatMap((life) => lostByPowerCut(operations, life, moments))).toEqual([])
    },
    SOAK ? 60 * MINUTES : 5 * MINUTES,
  )

  test(
    'a journal mode that could not be stored is an error of initialize(), not a database in another mode',
    async () => {
      const disk = watchedDisk({ log: false })
      // The journal's, its header's and the file's own, when `PRAGMA journal_mode = wal` commits.
      const lives = await livesOn(disk, { on: 'sync', times: 1, errno: EIO }, [1, 2, 3])
      expect(lives.map(({ openings }) => openings)).toEqual([['NOORMME_IO'], ['NOORMME_IO'], ['NOORMME_IO']])
    },
    5 * MINUTES,
  )

  test(
    'counter-proof: acknowledging before the commit acknowledges what is not there',
    async () => {
      const disk = watchedDisk({ log: false })
      const lives = await livesOn(disk, { on: 'sync', times: -1, errno: EIO }, [12, 16], true)
      expect(lives.flatMap((life) => faultsOf(disk, life, CODES)).join()).toContain('was acknowledged and is not there')
    },
    5 * MINUTES,
  )
})

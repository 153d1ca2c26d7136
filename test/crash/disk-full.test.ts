/** A full disk: typed errors, nothing acknowledged that is not there, and writing resumes by itself once there is room. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isNoormmeError, NOORMME } from 'noormme'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { faultsOf, livesOn } from './support/failing-disk.ts'
import { chance, SOAK } from './support/seed.ts'
import { NO_WATCHED_DISK, watchedDisk } from './support/watched-disk.ts'

const ENOSPC = 28
const CODES = new Set(['NOORMME_DISK_FULL', 'NOORMME_INDETERMINATE'])
const MINUTES = 60_000

describe.skipIf(NO_WATCHED_DISK !== null)('no space at the n-th write', () => {
  test.each([
    ['once', 1],
    ['until there is room again', -1],
  ])(
    '%s: typed errors, acknowledged is what is there, and writing goes on',
    async (label, times) => {
      const disk = watchedDisk({ log: false })
      const draw = chance(`full ${label}`)
      const early = Array.from({ length: SOAK ? 60 : 4 }, () => draw.between(1, 60))
      const later = Array.from({ length: SOAK ? 200 : 3 }, () => draw.between(61, 3000))
      const lives = await livesOn(disk, { on: 'write', times, errno: ENOSPC }, [...new Set([...early, ...later])])
      expect(lives.flatMap((life) => faultsOf(disk, life, CODES))).toEqual([])
    },
    SOAK ? 60 * MINUTES : 5 * MINUTES,
  )

  test('counter-proof: acknowledging before the commit acknowledges what is not there', async () => {
    const disk = watchedDisk({ log: false })
    const lives = await livesOn(disk, { on: 'write', times: -1, errno: ENOSPC }, [40], true)
    expect(lives.flatMap((life) => faultsOf(disk, life, CODES)).join()).toContain('was acknowledged and is not there')
  })
})

describe.skipIf(!canMount())('a file system that is really full', () => {
  test('writes are refused with typed errors, reads go on, and with room again so do writes', async () => {
    const folder = mountSmall()
    const ballast = join(folder, 'ballast')
    writeFileSync(ballast, Buffer.alloc(1_500_000))
    const db = new NOORMME(join(folder, 'app.db'))
    onTestFinished(() => db.close())
    await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
    const ids = async () => (await db.execute<{ id: number }>('SELECT id FROM t')).rows.map(({ id }) => id)

    const { acknowledged, codes } = await writeUntilFull(db)
    expect(acknowledged.length).toBeGreaterThan(0)
    for (const code of codes) expect(CODES).toContain(code)
    expect(await ids()).toEqual(acknowledged)

    rmSync(ballast)
    await insert(db, 1_000_000)
    expect(await ids()).toEqual([...acknowledged, 1_000_000])
    expect((await db.execute('PRAGMA integrity_check')).rows).toEqual([{ integrity_check: 'ok' }])
  })

  test('a database closed on a full disk ends, and is whole when it is opened again', async () => {
    const folder = mountSmall()
    const ballast = join(folder, 'ballast')
    writeFileSync(ballast, Buffer.alloc(1_500_000))
    const db = new NOORMME(join(folder, 'app.db'))
    await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
    const { acknowledged } = await writeUntilFull(db)
    await db.close()

    rmSync(ballast)
    await db.initialize()
    onTestFinished(() => db.close())
    const { rows } = await db.execute<{ id: number }>('SELECT id FROM t')
    expect(rows.map(({ id }) => id)).toEqual(acknowledged)
    expect((await db.execute('PRAGMA integrity_check')).rows).toEqual([{ integrity_check: 'ok' }])
  })
})

const insert = (db: NOORMME, id: number) =>
  db.execute('INSERT INTO t VALUES (?, ?)', [id, new Uint8Array(8000).fill(id % 251)])

/** Writes eight at a time until twenty have been refused. */
async function writeUntilFull(db: NOORMME): Promise<{ acknowledged: readonly number[]; codes: readonly string[] }> {
  const acknowledged: number[] = []
  const codes: string[] = []
  for (let id = 1; codes.length < 20; id += 8) {
    const ids = Array.from({ length: 8 }, (_, index) => id + index)
    const outcomes = await Promise.allSettled(ids.map((each) => insert(db, each)))
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') acknowledged.push(id + index)
      else codes.push(isNoormmeError(outcome.reason) ? outcome.reason.code : String(outcome.reason))
    }
  }
  return { acknowledged, codes }
}

/** A file system of 4 MB, gone after the test. */
function mountSmall(): string {
  const folder = join(tempFolder(), 'small')
  mkdirSync(folder)
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  return folder
}

/** Whether this user may mount: root of its own machine may, that of many a container may not. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
  if (mounted) spawnSync('umount', [folder])
  rmdirSync(folder)
  return mounted
}

import { copyFile, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BackupProgress, NOORMME, restoreBackup } from 'noormme'
import { quantile } from '../harness/statistics.ts'
import { fill } from '../measure/filling.ts'
import { lanesOf, type Measured, type Trial, type Work } from '../work.ts'

/** Rows of a kibibyte: 256 MiB, and a gibibyte. */
const ROWS = { quick: 250_000, full: 1_000_000 }
/** Commits that are archived behind the backup; each writes some 500 pages, 2 MiB. */
const COMMITS = { quick: 13, full: 50 }
const ROWS_A_COMMIT = 500
const TIMES = { quick: 3, full: 5 }

/** Restoring beside what must be done at least: copying the file. */
export const restore: Work = {
  name: 'restore',
  title: 'Restoring a file of 1 GiB from a folder',
  about:
    'A file of 256 MiB (quick) or 1 GiB is restored from its backup, and from its backup with 25 or 100 MiB of archive, each in turn with ' +
    "copying the backup's file by `fs.copyFile` and `fsync`. The check that ends every restore, on a thread: SQLite's `integrity_check` and the counting of " +
    'rows, is counted apart; everything else is in, SHA-256 of every byte included.',
  lanes: lanesOf(['noormme']),
  metrics: [
    { name: 'copyMs', title: 'copy of the file, median ms', better: 'lower' },
    { name: 'backupMs', title: 'restored from a backup, without the check, median ms', better: 'lower' },
    { name: 'archiveMs', title: 'with the archive, without the check, median ms', better: 'lower' },
    { name: 'checkMs', title: 'the check, median ms', better: 'lower' },
    { name: 'backupSpeed', title: 'speed from a backup / speed of a copy', better: 'higher' },
    { name: 'archiveSpeed', title: 'speed with the archive / speed of a copy', better: 'higher' },
  ],
  bars: [
    { kind: 'value', metric: 'backupSpeed', of: 'noormme', atLeast: 0.5 },
    { kind: 'value', metric: 'archiveSpeed', of: 'noormme', atLeast: 0.5 },
  ],
  rounds: { quick: 1, full: 3 },
  run: async (trial) => {
    const target = `${trial.path}-backups`
    try {
      const id = await prepare(trial, target)
      return await measure(trial, target, id)
    } finally {
      await rm(target, { recursive: true, force: true })
    }
  },
}

/** @returns the backup, behind which the archive goes on. */
async function prepare({ path, lane, size }: Trial, target: string): Promise<string> {
  const connection = { database: path }
  const optimization = { synchronous: lane.synchronous }
  const filled = new NOORMME({ connection, optimization })
  await fill(filled, ROWS[size])
  await filled.close()
  const db = new NOORMME({ connection, optimization, backup: { target, schedule: false } })
  try {
    const { id } = await db.backups.create()
    for (let commit = 0; commit < COMMITS[size]; commit++) {
      await db.execute(
        `WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ${ROWS_A_COMMIT})
         UPDATE filling SET n = n + 1 WHERE id IN (SELECT abs(random()) % ${ROWS[size]} FROM i)`,
      )
    }
    return id
  } finally {
    await db.close()
  }
}

async function measure({ path, size }: Trial, target: string, id: string): Promise<Measured> {
  const to = `${path}-restored`
  const copies: number[] = []
  const backups: Timed[] = []
  const archived: Timed[] = []
  // The first time warms up.
  for (let time = 0; time <= TIMES[size]; time++) {
    const copyMs = await copied(join(target, 'snapshots', id, 'database'), to)
    const fromBackup = await restored({ from: target, to, id })
    const fromArchive = await restored({ from: target, to })
    if (time === 0) continue
    copies.push(copyMs)
    backups.push(fromBackup)
    archived.push(fromArchive)
  }
  const speed = (restores: readonly Timed[]): number =>
    median(restores.map(({ ms }, index) => (copies[index] as number) / ms))
  return {
    copyMs: median(copies),
    backupMs: median(backups.map(({ ms }) => ms)),
    archiveMs: median(archived.map(({ ms }) => ms)),
    checkMs: median([...backups, ...archived].map(({ checkMs }) => checkMs)),
    backupSpeed: speed(backups),
    archiveSpeed: speed(archived),
  }
}

async function copied(from: string, to: string): Promise<number> {
  const started = performance.now()
  await copyFile(from, to)
  const file = await open(to, 'r+')
  await file.sync()
  await file.close()
  const ms = performance.now() - started
  await rm(to)
  return ms
}

interface Timed {
  /** Without the check. */
  readonly ms: number
  readonly checkMs: number
}

async function restored(what: { readonly from: string; readonly to: string; readonly id?: string }): Promise<Timed> {
  let [checkFrom, checkTo] = [0, 0]
  const onProgress = ({ phase, bytes }: BackupProgress): void => {
    if (phase !== 'checking') return
    if (bytes === 0) checkFrom = performance.now()
    checkTo = performance.now()
  }
  const started = performance.now()
  await restoreBackup({ ...what, onProgress })
  const ms = performance.now() - started
  await rm(what.to)
  const checkMs = checkTo - checkFrom
  return { ms: ms - checkMs, checkMs }
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

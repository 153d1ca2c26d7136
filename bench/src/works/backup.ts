import { rm } from 'node:fs/promises'
import { NOORMME } from 'noormme'
import { quantile } from '../harness/statistics.ts'
import { fill } from '../measure/filling.ts'
import { lanesOf, type Measured, type Trial, type Work } from '../work.ts'

const CLIENTS = 64
/** Rows of a kibibyte that the file is filled up with. */
const ROWS = { quick: 100_000, full: 400_000 }
const BACKUPS = { quick: 2, full: 3 }
const ALONE_MS = 2_000

/** A backup while the database is written to as fast as it goes. */
export const backup: Work = {
  name: 'backup',
  title: 'A backup beside 64 clients that update random rows',
  about:
    'A file of 100 MiB (quick) or 400 MiB is backed up, idle and then beside the clients, and each time checked as every backup is. The ' +
    'clients also write alone for two seconds, so that the longest of their writes is known without a backup.',
  lanes: lanesOf(['noormme']),
  metrics: [
    { name: 'idleMs', title: 'backup alone, median ms', better: 'lower' },
    { name: 'busyMs', title: 'backup beside writes, median ms', better: 'lower' },
    { name: 'ratio', title: 'beside writes / alone', better: 'lower' },
    { name: 'longerMs', title: 'longest write beside a backup, less that without, ms', better: 'lower' },
    { name: 'copiesApart', title: 'copies that needed a read transaction', better: 'lower', worst: true },
  ],
  bars: [
    { kind: 'value', metric: 'ratio', of: 'noormme', atMost: 2 },
    { kind: 'value', metric: 'longerMs', of: 'noormme', atMost: 50 },
    { kind: 'value', metric: 'copiesApart', of: 'noormme', atMost: 0 },
  ],
  rounds: { quick: 1, full: 3 },
  run: async (trial) => {
    const target = `${trial.path}-backups`
    const db = new NOORMME({
      connection: { database: trial.path },
      optimization: { synchronous: trial.lane.synchronous },
      backup: { target, schedule: false, keepLast: 1, keepDaily: 0, keepWeekly: 0 },
    })
    try {
      return await measure(db, trial)
    } finally {
      await db.close()
      await rm(target, { recursive: true, force: true })
    }
  },
}

async function measure(db: NOORMME, { size }: Trial): Promise<Measured> {
  await fill(db, ROWS[size])
  const backups: { readonly idleMs: number; readonly busyMs: number }[] = []
  const alone: number[] = []
  const beside: number[] = []
  let copiesApart = 0
  for (let round = 0; round < BACKUPS[size]; round++) {
    const idleMs = await timed(() => db.backups.create())
    const end = performance.now() + ALONE_MS
    alone.push(await longestWrite(db, ROWS[size], () => performance.now() < end))
    let running = true
    const made = timed(async () => {
      const { method } = await db.backups.create()
      if (method === 'transaction') copiesApart++
    }).finally(() => {
      running = false
    })
    beside.push(await longestWrite(db, ROWS[size], () => running))
    backups.push({ idleMs, busyMs: await made })
  }
  return {
    idleMs: quantile(
      backups.map(({ idleMs }) => idleMs),
      0.5,
    ),
    busyMs: quantile(
      backups.map(({ busyMs }) => busyMs),
      0.5,
    ),
    ratio: quantile(
      backups.map(({ idleMs, busyMs }) => busyMs / idleMs),
      0.5,
    ),
    longerMs: Math.max(0, quantile(beside, 0.5) - quantile(alone, 0.5)),
    copiesApart,
  }
}

/** The longest of all writes (ms). */
async function longestWrite(db: NOORMME, rows: number, go: () => boolean): Promise<number> {
  let longest = 0
  let next = 0
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (go()) {
        next = (next * 48_271 + 11) % 2_147_483_647
        const started = performance.now()
        await db.execute('UPDATE filling SET n = n + 1 WHERE id = ?', [(next % rows) + 1])
        longest = Math.max(longest, performance.now() - started)
      }
    }),
  )
  return longest
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

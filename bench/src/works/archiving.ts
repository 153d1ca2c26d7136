import { copyFile, rm } from 'node:fs/promises'
import { NOORMME } from 'noormme'
import { quantile } from '../harness/statistics.ts'
import { lanesOf, type Trial, type Work } from '../work.ts'

const CLIENTS = 100
const PAIRS = { quick: 3, full: 6 }
const WARM_MS = 500
const MEASURE_MS = { quick: 1_500, full: 3_000 }

/** What it costs the writers that every commit is archived. */
export const archiving: Work = {
  name: 'archiving',
  title: 'Creates by 100 clients, with the archive and without',
  about:
    'Each time on a copy of the file of its own, in turns: with `backup.target` and the archive of every commit, and with neither. ' +
    'A ratio is that of two neighbours.',
  lanes: lanesOf(['noormme'], { synchronous: ['FULL', 'NORMAL'] }),
  metrics: [
    { name: 'plain', title: 'rows/s without the archive', better: 'higher' },
    { name: 'archived', title: 'rows/s with it', better: 'higher' },
    { name: 'ratio', title: 'with / without', better: 'higher' },
  ],
  bars: [
    { kind: 'value', metric: 'ratio', of: 'noormme, FULL', atLeast: 0.9 },
    { kind: 'value', metric: 'ratio', of: 'noormme, NORMAL', atLeast: 0.9 },
  ],
  rounds: { quick: 1, full: 5 },
  run: async (trial) => {
    const plain: number[] = []
    const archived: number[] = []
    for (let pair = 0; pair < PAIRS[trial.size]; pair++) {
      // Whoever comes second has the other's dirty pages to wait for.
      for (const archive of pair % 2 === 0 ? [false, true] : [true, false]) {
        ;(archive ? archived : plain).push(await throughput(trial, archive))
      }
    }
    return {
      plain: quantile(plain, 0.5),
      archived: quantile(archived, 0.5),
      ratio: quantile(
        archived.map((rate, index) => rate / (plain[index] as number)),
        0.5,
      ),
    }
  },
}

async function throughput({ path, lane, size }: Trial, archive: boolean): Promise<number> {
  const copy = `${path}-copy`
  const target = `${copy}-backups`
  await copyFile(path, copy)
  const db = new NOORMME({
    connection: { database: copy },
    optimization: { synchronous: lane.synchronous },
    ...(archive ? { backup: { target, schedule: false } as const } : {}),
  })
  try {
    await db.execute('CREATE TABLE created (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL)')
    // The archive begins with it.
    if (archive) await db.backups.create()
    await rowsIn(db, WARM_MS)
    return await rowsIn(db, MEASURE_MS[size])
  } finally {
    await db.close()
    for (const each of [copy, `${copy}-archive`, target]) await rm(each, { recursive: true, force: true })
  }
}

/** Rows a second, each created by itself. */
async function rowsIn(db: NOORMME, ms: number): Promise<number> {
  let rows = 0
  const started = performance.now()
  const end = started + ms
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await db.execute('INSERT INTO created (name, price) VALUES (?, ?)', [`row ${rows}`, rows / 100])
      rows++
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return (rows * 1_000) / (performance.now() - started)
}

import { setImmediate, setTimeout } from 'node:timers/promises'
import { NOORMME } from 'noormme'
import { quantile } from '../harness/statistics.ts'
import type { Lane, Measured, Trial, Work } from '../work.ts'

const ABORTS = { quick: 5, full: 30 }
/** How long the query would take (ms); it is aborted half-way. */
const QUERY_MS = 400
const SAMPLE = 1_000_000

const COUNT =
  'WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ?) SELECT count(*) FROM n, items WHERE id = 1'

const WITHOUT = 'noormme, without the extension'
const lane = (name: string): Lane => ({ name, contestant: 'noormme', synchronous: 'FULL', file: 'items' })

/** How soon a query that nobody wants any more is gone. */
export const stopping: Work = {
  name: 'stopping',
  title: 'A query is aborted',
  about:
    `A query of ${QUERY_MS} ms is aborted half-way; it is measured until its call has rejected, and until its thread ` +
    'runs nothing any more. Without the native extension the statement goes on to its end.',
  lanes: [lane('noormme'), lane(WITHOUT)],
  metrics: [
    { name: 'rejectMs', title: 'until the call rejects, median ms', better: 'lower' },
    { name: 'freeMs', title: 'until the thread is free, median ms', better: 'lower' },
    { name: 'longestMs', title: 'the longest of these, ms', better: 'lower' },
  ],
  bars: [{ kind: 'value', metric: 'freeMs', of: 'noormme', atMost: 50 }],
  rounds: { quick: 1, full: 5 },
  run: async (trial) => {
    process.env.NOORMME_NATIVE = trial.lane.name === WITHOUT ? '0' : '1'
    const db = new NOORMME({ connection: { database: trial.path }, performance: { inlineReadBudget: 0 } })
    try {
      await db.initialize()
      return await measure(db, trial)
    } finally {
      await db.close()
    }
  },
}

async function measure(db: NOORMME, { size }: Trial): Promise<Measured> {
  const rows = await rowsFor(db)
  const rejectMs: number[] = []
  const freeMs: number[] = []
  for (let abort = 0; abort < ABORTS[size]; abort++) {
    const controller = new AbortController()
    const query = db.execute(COUNT, [rows], { signal: controller.signal }).catch(() => {})
    await setTimeout(QUERY_MS / 2)
    const aborted = performance.now()
    controller.abort()
    await query
    rejectMs.push(performance.now() - aborted)
    while (await anyReaderWorks(db)) await setImmediate()
    freeMs.push(performance.now() - aborted)
  }
  return { rejectMs: quantile(rejectMs, 0.5), freeMs: quantile(freeMs, 0.5), longestMs: Math.max(...freeMs) }
}

async function anyReaderWorks(db: NOORMME): Promise<boolean> {
  const { connections } = await db.getConnectionStats()
  return connections.some(({ label, state }) => label.startsWith('reader') && state !== 'idle')
}

/** How far to count so that it takes {@link QUERY_MS} on this machine. */
async function rowsFor(db: NOORMME): Promise<number> {
  await db.execute(COUNT, [SAMPLE])
  const started = performance.now()
  await db.execute(COUNT, [SAMPLE])
  return Math.round((SAMPLE * QUERY_MS) / (performance.now() - started))
}

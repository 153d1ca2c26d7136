import { withClient } from '../measure/with-client.ts'
import { lanesOf, type Measured, type Trial, type Work } from '../work.ts'

const MIB = 1024 * 1024
const READERS = 3
/** Occupies a reader without reading a page: caches stay as empty as they were. */
const OCCUPY = 'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n'
const OCCUPY_STEPS = 200_000

/** What the connections of a small service weigh. */
export const memory: Work = {
  name: 'memory',
  title: 'Memory',
  about: `Resident size after one write and ${READERS} reads at once that touch no table, so that noormme has its writer and ${READERS} readers running.`,
  lanes: lanesOf(['plain node', 'noormme', 'better-sqlite3', 'drizzle', 'kysely']),
  metrics: [{ name: 'rssMib', title: 'resident, MiB', better: 'lower' }],
  bars: [{ kind: 'difference', metric: 'rssMib', of: 'noormme', to: 'plain node', atMost: 90 }],
  rounds: { quick: 2, full: 10 },
  run: async (trial) => (trial.lane.contestant === 'plain node' ? residentSize() : measure(trial)),
}

function measure(trial: Trial): Promise<Measured> {
  return withClient(trial, async (client) => {
    await client.increment()
    await Promise.all(Array.from({ length: READERS }, () => client.readOne(OCCUPY, [OCCUPY_STEPS])))
    return residentSize()
  })
}

function residentSize(): Measured {
  return { rssMib: process.memoryUsage.rss() / MIB }
}

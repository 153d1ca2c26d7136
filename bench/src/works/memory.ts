import type { ContestantName } from '../contestants/contestants.ts'
import { runProgram } from '../measure/own-program.ts'
import { lanesOf, type Work } from '../work.ts'

const READERS = 3
/** Occupies a connection without reading a page: caches stay as empty as they were. */
const OCCUPY =
  "'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) FROM n'"
const WRITE = "'UPDATE counters SET value = value + 1'"
const PRINT = `
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ value: process.memoryUsage.rss() / 1024 ** 2, cpuMs: (user + system) / 1000 }))`

const PROGRAMS: Readonly<Partial<Record<ContestantName, string>>> = {
  'plain node': PRINT,

  noormme: `
    import { NOORMME } from 'noormme'
    const db = new NOORMME(process.argv[1])
    await db.initialize()
    await db.execute(${WRITE})
    await Promise.all(Array.from({ length: ${READERS} }, () => db.execute(${OCCUPY})))
    const { connections } = await db.getConnectionStats()
    const readers = connections.filter(({ label }) => label.startsWith('reader-')).length
    if (readers !== ${READERS}) throw new Error(readers + ' readers are running')
    ${PRINT}
    await db.close()`,

  'better-sqlite3': `
    import Database from 'better-sqlite3'
    const db = new Database(process.argv[1])
    db.pragma('cache_size = -64000')
    db.prepare(${WRITE}).run()
    db.prepare(${OCCUPY}).get()
    ${PRINT}
    db.close()`,
}

/** What the connections of a small service weigh. */
export const memory: Work = {
  name: 'memory',
  title: 'Memory',
  about:
    `Resident size of a small program of its own, after one write and ${READERS} reads at once that touch no table: noormme ` +
    `then has its writer and ${READERS} readers running, and caches are empty.`,
  lanes: lanesOf(['noormme', 'plain node', 'better-sqlite3']),
  metrics: [{ name: 'rssMib', title: 'resident, MiB', better: 'lower' }],
  bars: [{ kind: 'difference', metric: 'rssMib', of: 'noormme', to: 'plain node', atMost: 90 }],
  rounds: { quick: 2, full: 10 },
  run: async ({ lane, path }) => {
    const program = PROGRAMS[lane.contestant]
    if (program === undefined) throw new Error(`there is no program with ${lane.contestant}`)
    const { value, cpuMs } = await runProgram(program, [path])
    return { rssMib: value, childrenCpuMs: cpuMs }
  },
}

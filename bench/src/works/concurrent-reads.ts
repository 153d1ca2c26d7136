import { scatteredIds } from '../files/items.ts'
import { repeatByClients } from '../measure/repeat-for.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { withClient } from '../measure/with-client.ts'
import { ALL, lanesOf, type Work } from '../work.ts'

const CLIENTS = 100
const WARM_MS = { quick: 250, full: 500 }
const MEASURE_MS = { quick: 400, full: 1000 }

/** A hundred callers that each await their own reads. */
export const concurrentReads: Work = {
  name: 'concurrent-reads',
  title: 'Point reads by 100 concurrent clients',
  about:
    'A hundred callers read rows of 100,000 by primary key, in scattered order, each awaiting its own. Of the others only ' +
    'those whose calls can overlap.',
  lanes: lanesOf([...ALL, 'prisma', 'libsql', 'better-sqlite3-pool']),
  metrics: [
    { name: 'perSecond', title: 'reads a second', better: 'higher' },
    { name: 'cpuMicroseconds', title: 'main-thread CPU a read, µs', better: 'lower' },
  ],
  bars: [],
  rounds: { quick: 2, full: 10 },
  run: (trial) =>
    withClient(trial, async (client) => {
      const ids = scatteredIds()
      const read = (index: number) => client.findById(ids[index % ids.length] ?? 1)
      await repeatByClients(CLIENTS, WARM_MS[trial.size], read)

      const watch = new Stopwatch()
      const reads = await repeatByClients(CLIENTS, MEASURE_MS[trial.size], read)
      return {
        perSecond: (reads * 1000) / watch.wallMs(),
        cpuMicroseconds: (watch.mainThreadCpuMs() * 1000) / reads,
      }
    }),
}

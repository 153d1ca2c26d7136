import { scatteredIds } from '../files/items.ts'
import { repeatFor } from '../measure/repeat-for.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { withClient } from '../measure/with-client.ts'
import { EVERYBODY, lanesOf, type Work } from '../work.ts'

const WARM_MS = { quick: 250, full: 500 }
const MEASURE_MS = { quick: 400, full: 1000 }

/** One caller that awaits every read before it asks for the next. */
export const findById: Work = {
  name: 'find-by-id',
  title: '`findById`, one after another',
  about: 'One caller reads rows of 100,000 by primary key, in scattered order, awaiting each.',
  lanes: lanesOf([...EVERYBODY, 'drizzle relational prepared', 'drizzle relational']),
  metrics: [
    { name: 'perSecond', title: 'reads a second', better: 'higher' },
    { name: 'cpuMicroseconds', title: 'main-thread CPU a read, µs', better: 'lower' },
  ],
  bars: [
    { kind: 'ratio', metric: 'perSecond', of: 'noormme', to: ['better-sqlite3'], atLeast: 0.65 },
    { kind: 'ratio', metric: 'perSecond', of: 'noormme', to: ['drizzle prepared'], atLeast: 2 },
    { kind: 'ratio', metric: 'perSecond', of: 'noormme', to: ['drizzle relational prepared'], atLeast: 2 },
    { kind: 'ratio', metric: 'perSecond', of: 'noormme', to: ['drizzle'], atLeast: 15 },
    { kind: 'ratio', metric: 'perSecond', of: 'noormme', to: ['drizzle relational'], atLeast: 15 },
    { kind: 'ratio', metric: 'perSecond', of: 'noormme', to: ['kysely'], atLeast: 6 },
  ],
  rounds: { quick: 2, full: 15 },
  run: (trial) =>
    withClient(trial, async (client) => {
      const ids = scatteredIds()
      const read = (index: number) => client.findById(ids[index % ids.length] ?? 1)
      await repeatFor(WARM_MS[trial.size], read)

      const watch = new Stopwatch()
      const reads = await repeatFor(MEASURE_MS[trial.size], read)
      return {
        perSecond: (reads * 1000) / watch.wallMs(),
        cpuMicroseconds: (watch.mainThreadCpuMs() * 1000) / reads,
      }
    }),
}

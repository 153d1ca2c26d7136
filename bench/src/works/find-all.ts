import { ITEM_COUNT } from '../files/items.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { TimerLateness } from '../measure/timer-lateness.ts'
import { withClient } from '../measure/with-client.ts'
import { ALL, lanesOf, type Work } from '../work.ts'

const WARM_CALLS = 2
const CALLS = { quick: 2, full: 5 }

/** A large result, all of it. */
export const findAll: Work = {
  name: 'find-all',
  title: '`findAll` of 100,000 rows',
  about: 'The whole table of seven columns as an array of objects; per call, after two that are not measured.',
  lanes: lanesOf(ALL),
  metrics: [
    { name: 'wallMs', title: 'wall time, ms', better: 'lower' },
    { name: 'cpuMs', title: 'main-thread CPU, ms', better: 'lower' },
    { name: 'delayMs', title: 'longest loop delay, ms', better: 'lower' },
  ],
  bars: [{ kind: 'ratio', metric: 'cpuMs', of: 'noormme', to: ['better-sqlite3'], atMost: 0.25 }],
  rounds: { quick: 2, full: 12 },
  run: (trial) =>
    withClient(trial, async (client) => {
      for (let call = 0; call < WARM_CALLS; call++) await client.findAll()
      const calls = CALLS[trial.size]

      const timer = new TimerLateness()
      const watch = new Stopwatch()
      for (let call = 0; call < calls; call++) {
        const { length } = await client.findAll()
        if (length !== ITEM_COUNT) throw new Error(`${length} rows instead of ${ITEM_COUNT}`)
      }
      return { wallMs: watch.wallMs() / calls, cpuMs: watch.mainThreadCpuMs() / calls, delayMs: timer.stop() }
    }),
}

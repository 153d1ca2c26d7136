import { ITEM_COUNT, makeItems } from '../files/items.ts'
import { expectItems } from '../measure/count-items.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { TimerLateness } from '../measure/timer-lateness.ts'
import { withClient } from '../measure/with-client.ts'
import { EVERYBODY, lanesOf, type Work } from '../work.ts'

const ROWS = 100_000

/** Many rows in one transaction. */
export const createMany: Work = {
  name: 'create-many',
  title: '`createMany` of 100,000 rows',
  about: 'All rows in one transaction, into a file that has as many. A first call, not measured, grows the log.',
  lanes: lanesOf(EVERYBODY),
  metrics: [
    { name: 'perSecond', title: 'rows a second', better: 'higher' },
    { name: 'cpuMs', title: 'main-thread CPU, ms', better: 'lower' },
    { name: 'delayMs', title: 'longest loop delay, ms', better: 'lower' },
  ],
  bars: [{ kind: 'ratio', metric: 'perSecond', of: 'noormme', to: ['better-sqlite3'], atLeast: 0.8 }],
  rounds: { quick: 1, full: 10 },
  run: (trial) =>
    withClient(trial, async (client) => {
      const rows = makeItems(ROWS)
      await client.createMany(rows)

      const timer = new TimerLateness()
      const watch = new Stopwatch()
      await client.createMany(rows)
      const measured = {
        perSecond: (ROWS * 1000) / watch.wallMs(),
        cpuMs: watch.mainThreadCpuMs(),
        delayMs: timer.stop(),
      }

      await expectItems(client, ITEM_COUNT + 2 * ROWS)
      return measured
    }),
}

import { ITEM_COUNT, makeItems } from '../files/items.ts'
import { expectItems } from '../measure/count-items.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { TimerLateness } from '../measure/timer-lateness.ts'
import { withClient } from '../measure/with-client.ts'
import { EVERYBODY, lanesOf, type Work } from '../work.ts'

const ROWS = 100_000
const WARM_ROWS = 5000
const GROW_LOG = 'UPDATE items SET likes = likes + 1 RETURNING id'

/** Many rows in one transaction. */
export const createMany: Work = {
  name: 'create-many',
  title: '`createMany` of 100,000 rows',
  about:
    'All rows in one transaction, into a file that has as many. Before that the log is grown by changing every row of the file, ' +
    'and a call with 5,000 rows is not measured.',
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
      await client.readOne(GROW_LOG, [])
      await client.createMany(rows.slice(0, WARM_ROWS))

      const timer = new TimerLateness()
      const watch = new Stopwatch()
      await client.createMany(rows)
      const measured = {
        perSecond: (ROWS * 1000) / watch.wallMs(),
        cpuMs: watch.mainThreadCpuMs(),
        delayMs: timer.stop(),
      }

      await expectItems(client, ITEM_COUNT + WARM_ROWS + ROWS)
      return measured
    }),
}

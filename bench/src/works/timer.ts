import { scatteredIds } from '../files/items.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { TimerLateness } from '../measure/timer-lateness.ts'
import { withClient } from '../measure/with-client.ts'
import { lanesOf, type Work } from '../work.ts'

const READS = 200_000

/** Whether a long row of awaited reads leaves the event loop free. */
export const timer: Work = {
  name: 'timer',
  title: '200,000 awaited `findById` beside a 1 ms timer',
  about: 'One caller, as above; how late the timer was at most.',
  lanes: lanesOf(['noormme', 'better-sqlite3', 'drizzle prepared']),
  metrics: [
    { name: 'delayMs', title: 'timer late by at most, ms', better: 'lower' },
    { name: 'seconds', title: 'all reads, s', better: 'lower' },
  ],
  bars: [{ kind: 'value', metric: 'delayMs', of: 'noormme', atMost: 15 }],
  rounds: { quick: 1, full: 10 },
  run: (trial) =>
    withClient(trial, async (client) => {
      const ids = scatteredIds()

      const lateness = new TimerLateness()
      const watch = new Stopwatch()
      for (let read = 0; read < READS; read++) await client.findById(ids[read % ids.length] ?? 1)
      return { seconds: watch.wallMs() / 1000, delayMs: lateness.stop() }
    }),
}

import { ITEM_COUNT } from '../files/items.ts'
import { repeatByClients } from '../measure/repeat-for.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { withClient } from '../measure/with-client.ts'
import { lanesOf, type Work } from '../work.ts'

const CLIENTS = 32
const SHELVES = 200
const COMMIT_EVERY_MS = 50
const WARM_MS = { quick: 300, full: 1000 }
const MEASURE_MS = { quick: 800, full: 3000 }

const SHELF = 'SELECT count(*) AS works, sum(likes) AS likes, avg(price) AS price FROM items WHERE id BETWEEN ? AND ?'
const SHELF_ROWS = ITEM_COUNT / SHELVES

/** Reads that come again, some far more often than others, beside commits that make all of them out of date. */
export const keptResults: Work = {
  name: 'kept-results',
  title: 'Aggregates that are asked for again, with a commit every 50 ms',
  about:
    'Thirty-two callers ask for the numbers of 200 shelves of 500 rows, a few of them most of the time; each awaits its own.',
  lanes: lanesOf(['noormme caching', 'noormme', 'better-sqlite3']),
  metrics: [
    { name: 'perSecond', title: 'reads a second', better: 'higher' },
    { name: 'cpuMicroseconds', title: 'main-thread CPU a read, µs', better: 'lower' },
  ],
  bars: [{ kind: 'ratio', metric: 'perSecond', of: 'noormme caching', to: ['noormme'], atLeast: 2 }],
  rounds: { quick: 2, full: 10 },
  run: (trial) =>
    withClient(trial, async (client) => {
      const read = (index: number) => {
        const first = shelfOf(index) * SHELF_ROWS + 1
        return client.readOne(SHELF, [first, first + SHELF_ROWS - 1])
      }
      let commits = 0
      const commit = setInterval(() => void client.setLikes(1 + (commits % ITEM_COUNT), ++commits), COMMIT_EVERY_MS)
      try {
        await repeatByClients(CLIENTS, WARM_MS[trial.size], read)

        const watch = new Stopwatch()
        const reads = await repeatByClients(CLIENTS, MEASURE_MS[trial.size], read)
        return {
          perSecond: (reads * 1000) / watch.wallMs(),
          cpuMicroseconds: (watch.mainThreadCpuMs() * 1000) / reads,
        }
      } finally {
        clearInterval(commit)
      }
    }),
}

/** Half of the reads are for a tenth of the shelves; the same in every run. */
function shelfOf(index: number): number {
  const draw = ((index * 7919) % 1000) / 1000
  return Math.floor(SHELVES * draw ** 3.3)
}

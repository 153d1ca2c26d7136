import { openContestant } from '../contestants/contestants.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { type Lane, lanesOf, type Work } from '../work.ts'

const CONTESTANTS = ['noormme', 'better-sqlite3'] as const

/** Whether opening costs more where there is more to open. */
export const opening: Work = {
  name: 'opening',
  title: 'Opening an empty file and one of 1 GiB',
  about:
    'From the constructor to the first row read, packages loaded before. The large file is opened where it lies, by every ' +
    'trial the same one, so most of it comes from the page cache of the system.',
  lanes: [...lanes('empty'), ...lanes('gigabyte')],
  metrics: [{ name: 'openMs', title: 'open and read a row, ms', better: 'lower' }],
  bars: [{ kind: 'difference', metric: 'openMs', of: 'noormme, gigabyte', to: 'noormme, empty', atMost: 10 }],
  rounds: { quick: 3, full: 20 },
  fullOnly: true,
  run: async ({ lane, path }) => {
    const open = await openContestant(lane.contestant)

    const watch = new Stopwatch()
    const client = await open(path, lane.synchronous)
    await client.readOne('SELECT count(*) AS count FROM counters', [])
    const openMs = watch.wallMs()

    await client.close()
    return { openMs }
  },
}

function lanes(file: 'empty' | 'gigabyte'): readonly Lane[] {
  return lanesOf(CONTESTANTS, { file }).map((lane) => ({ ...lane, name: `${lane.contestant}, ${file}` }))
}

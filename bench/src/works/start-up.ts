import { CONTESTANTS, openContestant } from '../contestants/contestants.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { ALL, lanesOf, type Work } from '../work.ts'

/** What the first row costs a process that starts. */
export const startUp: Work = {
  name: 'start-up',
  title: 'Start-up',
  about: 'A fresh process imports the packages, opens a file of 100,000 rows and reads one of them.',
  lanes: lanesOf(ALL),
  metrics: [
    { name: 'importMs', title: 'import, ms', better: 'lower' },
    { name: 'openMs', title: 'open, ms', better: 'lower' },
    { name: 'firstReadMs', title: 'first read, ms', better: 'lower' },
    { name: 'totalMs', title: 'all three, ms', better: 'lower' },
  ],
  bars: [],
  rounds: { quick: 2, full: 10 },
  run: async ({ lane, path }) => {
    const importing = new Stopwatch()
    for (const name of CONTESTANTS[lane.contestant].packages) await import(name)
    const importMs = importing.wallMs()
    const open = await openContestant(lane.contestant)

    const opening = new Stopwatch()
    const client = await open(path, lane.synchronous)
    const openMs = opening.wallMs()

    const reading = new Stopwatch()
    await client.findById(1)
    const firstReadMs = reading.wallMs()

    await client.close()
    return { importMs, openMs, firstReadMs, totalMs: importMs + openMs + firstReadMs }
  },
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NOORMME } from 'noormme'
import { dashboard, toNodeHandler } from 'noormme/dashboard'
import type { BenchTables } from '../contestants/types.ts'
import { scatteredIds } from '../files/items.ts'
import { openPages } from '../measure/open-pages.ts'
import { repeatByClients } from '../measure/repeat-for.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { lanesOf, type Trial, type Work } from '../work.ts'

const CLIENTS = 64
const PAGES = 50
/** One call in so many is a write. */
const READS_A_WRITE = 8
const WARM_MS = { quick: 1000, full: 2000 }
/** Long enough for some ticks in each. */
const SLICE_MS = { quick: 1500, full: 4000 }
const PAIRS = { quick: 4, full: 6 }

/** What it costs that somebody looks. */
export const dashboards: Work = {
  name: 'dashboards',
  title: '50 dashboards open while 64 clients load the database',
  about:
    'Sixty-four callers read rows by key and write one in eight calls, each awaiting its own. Slices with fifty open pages of the ' +
    'dashboard, read by another process, and slices without any take turns in one process; the means of both are compared.',
  // Without waiting for the disk, whose pace is what differs most between two slices.
  lanes: lanesOf(['noormme'], { synchronous: ['NORMAL'] }),
  metrics: [
    { name: 'throughput', title: 'calls a second with 50 pages open ÷ with none', better: 'higher' },
    { name: 'cpu', title: 'main-thread CPU a call with 50 pages open ÷ with none', better: 'lower' },
    { name: 'cpuShare', title: 'main-thread CPU for 50 pages, share of one core', better: 'lower' },
  ],
  bars: [
    { kind: 'value', metric: 'throughput', of: 'noormme', atLeast: 0.95 },
    { kind: 'value', metric: 'cpu', of: 'noormme', atMost: 1.05 },
  ],
  rounds: { quick: 1, full: 5 },
  run: measure,
}

interface Slice {
  readonly perSecond: number
  readonly cpuMsPerCall: number
  readonly cpuShare: number
}

async function measure({ path, lane, size }: Trial): Promise<Record<string, number>> {
  const db = new NOORMME<BenchTables>({
    connection: { database: path },
    optimization: { synchronous: lane.synchronous },
  })
  await db.initialize()
  const server = createServer(toNodeHandler(dashboard(db))).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const items = db.getRepository('items')
  const ids = scatteredIds()
  const call = (index: number): Promise<unknown> => {
    const id = ids[index % ids.length] ?? 1
    return index % READS_A_WRITE === 0 ? items.update(id, { likes: index }) : items.findById(id)
  }
  const slice = async (): Promise<Slice> => {
    const watch = new Stopwatch()
    const calls = await repeatByClients(CLIENTS, SLICE_MS[size], call)
    const cpuMs = watch.mainThreadCpuMs()
    return { perSecond: (calls * 1000) / watch.wallMs(), cpuMsPerCall: cpuMs / calls, cpuShare: cpuMs / watch.wallMs() }
  }

  try {
    await repeatByClients(CLIENTS, WARM_MS[size], call)
    const alone: Slice[] = []
    const watched: Slice[] = []
    const withPages = async (): Promise<void> => {
      const close = await openPages(address, PAGES)
      watched.push(await slice())
      await close()
    }
    // In turns of who comes first: what grows meanwhile, such as the log, is then no advantage of either.
    for (let pair = 0; pair < PAIRS[size]; pair++) {
      if (pair % 2 === 1) await withPages()
      alone.push(await slice())
      if (pair % 2 === 0) await withPages()
    }
    const cpu = mean(watched, 'cpuMsPerCall') / mean(alone, 'cpuMsPerCall')
    return {
      throughput: mean(watched, 'perSecond') / mean(alone, 'perSecond'),
      cpu,
      // Of what the main thread used while pages were open, the part that it would not have needed for its calls.
      cpuShare: mean(watched, 'cpuShare') * (1 - 1 / cpu),
    }
  } finally {
    server.closeAllConnections()
    server.close()
    await db.close()
  }
}

function mean(slices: readonly Slice[], of: keyof Slice): number {
  return slices.reduce((sum, each) => sum + each[of], 0) / slices.length
}

import type { Client } from '../contestants/types.ts'
import { ITEM_COUNT, makeItem } from '../files/items.ts'
import { expectItems } from '../measure/count-items.ts'
import { repeatByClients } from '../measure/repeat-for.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { warmLog } from '../measure/warm-log.ts'
import { withClient } from '../measure/with-client.ts'
import { ALL, type Bar, EVERYBODY, lanesOf, type Measured, type Trial, type Work } from '../work.ts'

const WARM_MS = { quick: 100, full: 300 }
const MEASURE_MS = { quick: 300, full: 1200 }
const ABOUT =
  'Each row is a transaction of its own and comes back as stored. The log is warmed to its steady size first.'
const UNPREPARED_FULL = ['drizzle, FULL', 'kysely, FULL']
const UNPREPARED_NORMAL = ['drizzle, NORMAL', 'kysely, NORMAL']

export const createByOneClient = createRows({
  clients: 1,
  name: 'create-1',
  title: 'One client creating rows',
  bars: [
    { kind: 'ratio', metric: 'perSecond', of: 'noormme, NORMAL', to: UNPREPARED_NORMAL, atLeast: 1 },
    { kind: 'ratio', metric: 'perSecond', of: 'noormme, FULL', to: ['better-sqlite3, FULL'], atLeast: 0.7 },
  ],
})

export const createByManyClients = createRows({
  clients: 100,
  name: 'create-100',
  title: '100 clients creating rows',
  bars: [
    { kind: 'ratio', metric: 'perSecond', of: 'noormme, FULL', to: ['better-sqlite3, FULL'], atLeast: 8 },
    { kind: 'ratio', metric: 'perSecond', of: 'noormme, FULL', to: UNPREPARED_FULL, atLeast: 12 },
    { kind: 'ratio', metric: 'perSecond', of: 'noormme, FULL', to: ['noormme, NORMAL'], atLeast: 0.7 },
  ],
})

interface CreateRows {
  readonly clients: number
  readonly name: string
  readonly title: string
  readonly bars: readonly Bar[]
}

function createRows({ clients, name, title, bars }: CreateRows): Work {
  return {
    name,
    title,
    about: ABOUT,
    // What many clients gain is a matter of durability, so the others are asked once.
    lanes: lanesOf(EVERYBODY, { synchronous: ['FULL', 'NORMAL'] }).filter(
      ({ contestant, synchronous }) => clients === 1 || synchronous === 'FULL' || ALL.includes(contestant),
    ),
    metrics: [
      { name: 'perSecond', title: 'rows a second', better: 'higher' },
      { name: 'cpuMicroseconds', title: 'main-thread CPU a row, µs', better: 'lower' },
    ],
    bars,
    rounds: { quick: 2, full: 10 },
    run: (trial) => withClient(trial, (client) => measure(client, trial, clients)),
  }
}

async function measure(client: Client, trial: Trial, clients: number): Promise<Measured> {
  const create = (index: number) => client.create(makeItem(index))
  const before = ITEM_COUNT + (await warmLog(client, trial.path))
  const warmed = await repeatByClients(clients, WARM_MS[trial.size], create)

  const watch = new Stopwatch()
  const created = await repeatByClients(clients, MEASURE_MS[trial.size], create)
  const measured = {
    perSecond: (created * 1000) / watch.wallMs(),
    cpuMicroseconds: (watch.mainThreadCpuMs() * 1000) / created,
  }

  await expectItems(client, before + warmed + created)
  return measured
}

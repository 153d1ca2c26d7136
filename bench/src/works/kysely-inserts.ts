import type { Client } from '../contestants/types.ts'
import { ITEM_COUNT, makeItems } from '../files/items.ts'
import { expectItems } from '../measure/count-items.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { warmLog } from '../measure/warm-log.ts'
import { withClient } from '../measure/with-client.ts'
import { lanesOf, type Measured, type Trial, type Work } from '../work.ts'

const FEW = 1000
const MANY = { quick: 4000, full: 20_000 }

/** Whether a caller pays for those who wait beside it. */
export const kyselyInserts: Work = {
  name: 'kysely-inserts',
  title: 'Concurrent inserts through Kysely',
  about:
    `All inserts are asked for at once: ${FEW}, then ${MANY.full} (in a quick run ${MANY.quick}). With a queue that ` +
    'wakes one waiter at a time an insert costs the same in both.',
  lanes: lanesOf(['noormme', 'kysely'], { synchronous: ['NORMAL'] }),
  metrics: [
    { name: 'fewMicroseconds', title: `an insert among ${FEW}, µs`, better: 'lower' },
    { name: 'manyMicroseconds', title: 'an insert among many, µs', better: 'lower' },
    { name: 'ratio', title: 'many ÷ few', better: 'lower' },
  ],
  bars: [],
  rounds: { quick: 1, full: 5 },
  run: (trial) => withClient(trial, (client) => measure(client, trial)),
}

async function measure(client: Client, trial: Trial): Promise<Measured> {
  const many = MANY[trial.size]
  const before = ITEM_COUNT + (await warmLog(client, trial.path))
  await insertAtOnce(client, FEW)

  const fewMicroseconds = await insertAtOnce(client, FEW)
  const manyMicroseconds = await insertAtOnce(client, many)

  await expectItems(client, before + 2 * FEW + many)
  return { fewMicroseconds, manyMicroseconds, ratio: manyMicroseconds / fewMicroseconds }
}

/** Resolves with what one of them cost, in microseconds. */
async function insertAtOnce({ kysely }: Client, count: number): Promise<number> {
  if (kysely === undefined) throw new Error('this contestant has no Kysely')
  const rows = makeItems(count)

  const watch = new Stopwatch()
  await Promise.all(rows.map((row) => kysely.insertInto('items').values(row).execute()))
  return (watch.wallMs() * 1000) / count
}

import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Client } from '../contestants/types.ts'
import { scatteredIds } from '../files/items.ts'
import { quantile } from '../harness/statistics.ts'
import { OpenLoop } from '../measure/open-loop.ts'
import { TimerLateness } from '../measure/timer-lateness.ts'
import { withClient } from '../measure/with-client.ts'
import { EVERYBODY, lanesOf, type Measured, type Trial, type Work } from '../work.ts'

const CLIENTS = 64
const OPEN_LOOP_PER_SECOND = 500
const HEAVY_EVERY_MS = 1000
const HEAVY_MS = 300
const AGGREGATES = { quick: 2, full: 6 }
const WARM_MS = 300
const SAMPLE_PASSES = 4

/** Scans the items as many times as its parameter says. */
const HEAVY = `
  WITH RECURSIVE pass(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM pass WHERE n < ?)
  SELECT count(*) AS rows, sum(likes) AS likes, avg(price) AS price, max(length(title)) AS longest
  FROM pass CROSS JOIN items`

/** One heavy query a second among many light ones. */
export const aggregate: Work = {
  name: 'aggregate',
  title: 'A 300 ms aggregate every second beside 64 point-reading clients',
  about:
    'The clients read one after another, each letting the event loop turn between two reads, as requests of a server do. ' +
    `Besides, ${OPEN_LOOP_PER_SECOND} reads a second are due at fixed times, and their latency counts from then. ` +
    'The aggregate scans the table as often as takes 300 ms alone on this machine.',
  lanes: lanesOf(EVERYBODY),
  metrics: [
    { name: 'delayMs', title: 'longest loop delay, ms', better: 'lower' },
    { name: 'p99Ms', title: 'open-loop read p99, ms', better: 'lower' },
    { name: 'perSecond', title: "clients' reads a second", better: 'higher' },
    { name: 'heavyMs', title: 'aggregate, median ms', better: 'lower' },
  ],
  bars: [
    { kind: 'value', metric: 'delayMs', of: 'noormme', atMost: 30 },
    { kind: 'value', metric: 'p99Ms', of: 'noormme', atMost: 5 },
  ],
  rounds: { quick: 1, full: 3 },
  run: (trial) => withClient(trial, (client) => measure(client, trial)),
}

async function measure(client: Client, trial: Trial): Promise<Measured> {
  const ids = scatteredIds()
  const read = (index: number) => client.findById(ids[index % ids.length] ?? 1)
  const passes = await passesFor(client)
  await closedLoop(read, performance.now() + WARM_MS)

  const endMs = performance.now() + AGGREGATES[trial.size] * HEAVY_EVERY_MS
  const started = performance.now()
  const lateness = new TimerLateness()
  const openLoop = new OpenLoop(OPEN_LOOP_PER_SECOND, read)
  const [reads, heavyMs] = await Promise.all([closedLoop(read, endMs), heavyLoop(client, passes, endMs)])
  const tookMs = performance.now() - started
  const latencies = await openLoop.stop()

  return {
    delayMs: lateness.stop(),
    p99Ms: quantile(latencies, 0.99),
    perSecond: (reads * 1000) / tookMs,
    heavyMs: quantile(heavyMs, 0.5),
  }
}

/** How many passes take {@link HEAVY_MS} when nothing else runs. */
async function passesFor(client: Client): Promise<number> {
  await client.readOne(HEAVY, [SAMPLE_PASSES])
  const started = performance.now()
  await client.readOne(HEAVY, [SAMPLE_PASSES])
  return Math.max(1, Math.round((HEAVY_MS * SAMPLE_PASSES) / (performance.now() - started)))
}

async function closedLoop(read: (index: number) => unknown, endMs: number): Promise<number> {
  let reads = 0
  const oneClient = async (): Promise<void> => {
    while (performance.now() < endMs) {
      await read(reads++)
      await setImmediate()
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, oneClient))
  return reads
}

/** Resolves with how long each aggregate took. */
async function heavyLoop(client: Client, passes: number, endMs: number): Promise<readonly number[]> {
  const tookMs: number[] = []
  for (let dueMs = performance.now() + HEAVY_EVERY_MS / 2; dueMs < endMs; dueMs += HEAVY_EVERY_MS) {
    await setTimeout(Math.max(0, dueMs - performance.now()))
    const started = performance.now()
    await client.readOne(HEAVY, [passes])
    tookMs.push(performance.now() - started)
  }
  return tookMs
}

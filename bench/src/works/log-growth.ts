import { statSync } from 'node:fs'
import type { Client } from '../contestants/types.ts'
import { scatteredIds } from '../files/items.ts'
import { quantile } from '../harness/statistics.ts'
import { OverlappingReaders } from '../measure/overlapping-readers.ts'
import { withClient } from '../measure/with-client.ts'
import { ALL, lanesOf, type Measured, type Trial, type Work } from '../work.ts'

const CLIENTS = 64
const MEASURE_MS = { quick: 3000, full: 60_000 }
const LOOK_EVERY_WRITES = 64
const MIB = 1024 * 1024

/** The write-ahead log where there is a reader at every moment. */
export const logGrowth: Work = {
  name: 'log-growth',
  title: 'Overlapping 40 ms readers beside 64 clients that update random rows',
  about:
    'Another process reads in transactions of 40 ms, a new one every 20 ms, so that at every moment one is open. ' +
    'Each update is a transaction of its own; its latency counts from the call.',
  lanes: lanesOf(ALL, { synchronous: ['NORMAL'] }),
  metrics: [
    { name: 'logMiB', title: 'largest write-ahead log, MiB', better: 'lower' },
    { name: 'perSecond', title: 'updates a second', better: 'higher' },
    { name: 'p99Ms', title: 'update p99, ms', better: 'lower' },
    { name: 'longestMs', title: 'longest update, ms', better: 'lower' },
  ],
  bars: [
    { kind: 'value', metric: 'logMiB', of: 'noormme', atMost: 64 },
    { kind: 'value', metric: 'p99Ms', of: 'noormme', atMost: 50 },
    { kind: 'value', metric: 'longestMs', of: 'noormme', atMost: 500 },
  ],
  rounds: { quick: 1, full: 1 },
  run: (trial) =>
    withClient(trial, async (client) => {
      const readers = await OverlappingReaders.start(trial.path)
      const measured = await measure(client, trial)
      return { ...measured, childrenCpuMs: await readers.end() }
    }),
}

async function measure(client: Client, { path, size }: Trial): Promise<Measured> {
  const ids = scatteredIds()
  const latencies: number[] = []
  let largest = 0
  const started = performance.now()
  const end = started + MEASURE_MS[size]
  let next = 0
  const oneClient = async (): Promise<void> => {
    for (let now = performance.now(); now < end; now = performance.now()) {
      const index = next++
      await client.setLikes(ids[index % ids.length] ?? 1, index)
      latencies.push(performance.now() - now)
      if (index % LOOK_EVERY_WRITES === 0) largest = Math.max(largest, statSync(`${path}-wal`).size)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, oneClient))

  return {
    logMiB: largest / MIB,
    perSecond: (latencies.length * 1000) / (performance.now() - started),
    p99Ms: quantile(latencies, 0.99),
    longestMs: latencies.reduce((longest, ms) => Math.max(longest, ms), 0),
  }
}

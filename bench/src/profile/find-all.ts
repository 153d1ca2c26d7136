/** A long result: what the main thread does to have it as objects, by function. */
import { Session } from 'node:inspector/promises'
import { openDriver } from '../contestants/driver.ts'
import { openNoormme } from '../contestants/noormme.ts'
import { fileForTrial, prepareFile } from '../files/files.ts'
import { ITEM_COUNT } from '../files/items.ts'
import { processorTime } from './stages.ts'

const CALLS = 5
const ROUNDS = 5
const SHOWN = 6
/** What the profiler does itself, and nothing. */
const LEFT_OUT = new Set(['post', '(idle)'])

export async function findAll(folder: string): Promise<void> {
  await prepareFile(folder, 'items')
  const path = await fileForTrial(folder, 'items', 'trial')
  const driver = openDriver(path, 'FULL')
  const noormme = await openNoormme(path, 'FULL')
  const statement = driver.prepare('SELECT * FROM items')
  const best = { driver: Number.POSITIVE_INFINITY, noormme: Number.POSITIVE_INFINITY }
  for (let round = 0; round < ROUNDS; round++) {
    const raw = await processorTime(CALLS, async () => repeat(() => statement.all()))
    const ours = await processorTime(CALLS, () => repeat(() => noormme.findAll()))
    best.driver = Math.min(best.driver, raw.main / 1000)
    best.noormme = Math.min(best.noormme, ours.main / 1000)
  }
  console.log(
    `main thread, ${ITEM_COUNT} rows: driver ${best.driver.toFixed(1)} ms, findAll ${best.noormme.toFixed(1)} ms`,
  )
  await profiled(() => repeat(() => noormme.findAll()))
  await noormme.close()
  driver.close()
}

async function repeat(call: () => unknown): Promise<void> {
  for (let index = 0; index < CALLS; index++) await call()
}

/** Samples the main thread; prints the functions that it was in. */
async function profiled(run: () => Promise<void>): Promise<void> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 100 })
  await session.post('Profiler.start')
  await run()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()

  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame.functionName || '(anonymous)']))
  const times = new Map<string, number>()
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const name = names.get(id) ?? ''
    times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas?.[index] ?? 0) / 1000 / CALLS)
  }
  const largest = [...times]
    .filter(([name]) => !LEFT_OUT.has(name))
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
  for (const [name, ms] of largest) console.log(`${name.padEnd(32)} ${ms.toFixed(2)} ms a call`)
}

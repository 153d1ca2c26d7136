/** One row by its key: what of a `findById` is the driver, what locks, what noormme. */
import { performance } from 'node:perf_hooks'
import { openDriver } from '../contestants/driver.ts'
import { openNoormme } from '../contestants/noormme.ts'
import { fileForTrial, prepareFile } from '../files/files.ts'
import { scatteredIds } from '../files/items.ts'

const CALLS = 20_000
const ROUNDS = 12
const ONE = 'SELECT id, artist_id, title, price, likes, status, created_at FROM items WHERE id = ?'

export async function pointRead(folder: string): Promise<void> {
  await prepareFile(folder, 'items')
  // Files of their own: connections of one process on one file share its locks, and so would make each other cheaper.
  const driver = openDriver(await fileForTrial(folder, 'items', 'driver'), 'FULL')
  const noormme = await openNoormme(await fileForTrial(folder, 'items', 'noormme'), 'FULL')
  const statement = driver.prepare(ONE)
  const ids = scatteredIds()
  let next = 0
  const id = (): number => ids[next++ % ids.length] ?? 1

  const stages: Record<string, () => Promise<void>> = {
    'the driver, one after another': async () => {
      for (let call = 0; call < CALLS; call++) statement.get(id())
    },
    'the same, each awaited': async () => {
      for (let call = 0; call < CALLS; call++) await statement.get(id())
    },
    'the driver, all in one read transaction': async () => {
      driver.exec('BEGIN')
      for (let call = 0; call < CALLS; call++) statement.get(id())
      driver.exec('COMMIT')
    },
    'findById, each awaited': async () => {
      for (let call = 0; call < CALLS; call++) await noormme.findById(id())
    },
  }
  const best: Record<string, number> = {}
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(stages)) {
      const start = performance.now()
      await run()
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, ((performance.now() - start) * 1000) / CALLS)
    }
  }
  console.log(process.env.NOORMME_NATIVE === '0' ? '\nwithout the extension' : '\nwith the extension')
  for (const [name, microseconds] of Object.entries(best))
    console.log(`${name.padEnd(48)} ${microseconds.toFixed(2)} µs`)
  await noormme.close()
  driver.close()
}

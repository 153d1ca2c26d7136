/** Opens the gallery: database, migrations, works, shop; and closes it in the same order backwards. */
import './working-folder.ts'
import { fileURLToPath } from 'node:url'
import { logSlowQueries } from './lib/db/log-slow-queries.ts'
import { db, initializeDatabase } from './lib/db/noormme.ts'
import { seedGallery } from './lib/seed/seed.ts'
import { drawProgress } from './progress.ts'
import { serve } from './serve.ts'
import { readSettings, type Settings } from './settings.ts'
import { createApp } from './web/app.tsx'

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))

const settings = readSettingsOrExit()

const stop = new AbortController()
// A terminal may send the signal twice, once by way of npm: the first one counts, the others change nothing.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort(name))
stop.signal.addEventListener('abort', () => console.log(`${stop.signal.reason}: closing the gallery`))

await initializeDatabase()
try {
  await run(settings)
} catch (error) {
  if (!stop.signal.aborted) throw error
} finally {
  await db.close()
}
console.log('The gallery is closed')

function readSettingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

async function run({ works, ...place }: Settings): Promise<void> {
  const { applied } = await db.migrate(MIGRATIONS)
  if (applied.length > 0) console.log(`Applied ${applied.length} migrations`)
  const hung = await seedGallery({ works, signal: stop.signal, onProgress: drawProgress('Hanging the works') })
  if (hung) console.log(`${works} works are on the walls`)
  stop.signal.throwIfAborted()

  logSlowQueries()
  const server = await serve(createApp(stop.signal), place)
  console.log(`DreamBeesArt is open at ${server.url}`)
  await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
  await server.close()
}

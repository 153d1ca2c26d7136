import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { freshFolder } from '../lib/fresh-file.ts'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const keysOff = recommended('PRAGMA foreign_keys = OFF on the connection, before migrate()')
const kit = fileURLToPath(new URL('../../node_modules/drizzle-kit/bin.cjs', import.meta.url))
const project = freshFolder()
const migrationsFolder = join(project, 'drizzle')

/** `drizzle-kit generate`, then `migrate()`. */
function generateAndMigrate(schema: string, file: string): void {
  const path = fileURLToPath(new URL(`./drizzle-schema/${schema}`, import.meta.url))
  const args = ['generate', '--dialect', 'sqlite', '--schema', path, '--out', 'drizzle']
  execFileSync(process.execPath, [kit, ...args], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
  const db = drizzle(file)
  if (keysOff) db.$client.pragma('foreign_keys = OFF')
  migrate(db, { migrationsFolder })
  db.$client.close()
}

await run({
  create: (file) => generateAndMigrate('before.ts', file),
  migrate: (file) => generateAndMigrate('after.ts', file),
})

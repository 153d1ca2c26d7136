import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { freshFolder } from '../lib/fresh-file.ts'
import { FIRST, run, SECOND } from './scenario.ts'

const migrationsFolder = freshFolder()
mkdirSync(join(migrationsFolder, 'meta'))
const entries = [{ idx: 0, version: '6', when: 1, tag: '0000_orders', breakpoints: true }]
writeFileSync(
  join(migrationsFolder, 'meta/_journal.json'),
  JSON.stringify({ version: '7', dialect: 'sqlite', entries }),
)
writeFileSync(join(migrationsFolder, '0000_orders.sql'), `${FIRST};\n--> statement-breakpoint\n${SECOND};\n`)

await run(async (file) => migrate(drizzle(file), { migrationsFolder }))

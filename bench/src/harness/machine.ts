/** Where and with what the numbers were made. */
import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, release, totalmem, type } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createClient } from '@libsql/client'
import Database from 'better-sqlite3'

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGib: number
  readonly system: string
  readonly versions: Readonly<Record<string, string>>
}

const PACKAGES = [
  'noormme',
  'better-sqlite3',
  'drizzle-orm',
  'kysely',
  'knex',
  'typeorm',
  '@mikro-orm/sqlite',
  '@prisma/client',
  '@prisma/adapter-better-sqlite3',
  '@libsql/client',
  'better-sqlite3-pool',
]
const SQLITE_VERSION = 'SELECT sqlite_version() AS version'
const require = createRequire(import.meta.url)

/** @throws Error when noormme and the others would not use the same copy of the driver. */
export async function describeMachine(): Promise<Machine> {
  const ours = realpathSync(createRequire(entryOf('noormme')).resolve('better-sqlite3'))
  const theirs = realpathSync(require.resolve('better-sqlite3'))
  if (ours !== theirs) throw new Error(`two copies of better-sqlite3: ${ours} and ${theirs}`)

  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    versions: {
      node: process.versions.node,
      sqlite: driverSqlite(),
      'sqlite of node:sqlite': nodeSqlite(),
      'sqlite of libsql': await libsqlSqlite(),
      ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
    },
  }
}

function driverSqlite(): string {
  const database = new Database(':memory:')
  const version = String(database.prepare(SQLITE_VERSION).pluck().get())
  database.close()
  return version
}

function nodeSqlite(): string {
  const database = new DatabaseSync(':memory:')
  const version = String(database.prepare(SQLITE_VERSION).get()?.version)
  database.close()
  return version
}

async function libsqlSqlite(): Promise<string> {
  const client = createClient({ url: ':memory:' })
  const version = String((await client.execute(SQLITE_VERSION)).rows[0]?.version)
  client.close()
  return version
}

function entryOf(name: string): string {
  return realpathSync(require.resolve(name))
}

/** Not every package exports its package.json, so it is looked for above its entry. */
function versionOf(name: string): string {
  for (let folder = dirname(entryOf(name)); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'))
    if (manifest?.name === name && manifest.version !== undefined) return manifest.version
  }
  throw new Error(`${name} has no version`)
}

function readManifest(path: string): { readonly name?: string; readonly version?: string } | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

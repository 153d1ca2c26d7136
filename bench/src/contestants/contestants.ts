/** Every contestant by its name. A trial loads the one it needs and none of the others. */
import type { OpenClient } from './types.ts'

export type ContestantName =
  | 'noormme'
  | 'noormme caching'
  | 'better-sqlite3'
  | 'better-sqlite3 immediate'
  | 'drizzle prepared'
  | 'drizzle'
  | 'drizzle relational prepared'
  | 'drizzle relational'
  | 'kysely'
  | 'plain node'

interface Contestant {
  /** What it is, for the reader of the results. */
  readonly about: string
  /** The packages that an application using it imports. */
  readonly packages: readonly string[]
  /** `null`: it opens no database. */
  readonly load: (() => Promise<OpenClient>) | null
}

const DRIZZLE = ['better-sqlite3', 'drizzle-orm', 'drizzle-orm/better-sqlite3', 'drizzle-orm/sqlite-core']

export const CONTESTANTS: Readonly<Record<ContestantName, Contestant>> = {
  noormme: {
    about: 'this package, through its repositories',
    packages: ['noormme'],
    load: async () => (await import('./noormme.ts')).openNoormme,
  },
  'noormme caching': {
    about: 'the same with `performance.enableCaching`',
    packages: ['noormme'],
    load: async () => (await import('./noormme.ts')).openNoormmeCaching,
  },
  'better-sqlite3': {
    about: 'the driver by itself, every statement prepared once and kept',
    packages: ['better-sqlite3'],
    load: async () => (await import('./better-sqlite3.ts')).openBetterSqlite3,
  },
  'better-sqlite3 immediate': {
    about: 'the same, its transactions begun with BEGIN IMMEDIATE',
    packages: ['better-sqlite3'],
    load: async () => (await import('./better-sqlite3.ts')).openBetterSqlite3Immediate,
  },
  'drizzle prepared': {
    about: 'Drizzle, `select` and `insert`, prepared once and kept',
    packages: DRIZZLE,
    load: async () => (await import('./drizzle-prepared.ts')).openDrizzlePrepared,
  },
  drizzle: {
    about: 'Drizzle, `select` and `insert`, built where they are used',
    packages: DRIZZLE,
    load: async () => (await import('./drizzle.ts')).openDrizzle,
  },
  'drizzle relational prepared': {
    about: 'Drizzle, its relational queries (`db.query`), prepared once and kept',
    packages: DRIZZLE,
    load: async () => (await import('./drizzle-relational.ts')).openDrizzleRelationalPrepared,
  },
  'drizzle relational': {
    about: 'Drizzle, its relational queries, built where they are used',
    packages: DRIZZLE,
    load: async () => (await import('./drizzle-relational.ts')).openDrizzleRelational,
  },
  kysely: {
    about: 'Kysely over its own SQLite dialect',
    packages: ['better-sqlite3', 'kysely'],
    load: async () => (await import('./kysely.ts')).openKysely,
  },
  'plain node': { about: 'Node.js with nothing imported', packages: [], load: null },
}

export async function openContestant(name: ContestantName): Promise<OpenClient> {
  const { load } = CONTESTANTS[name]
  if (load === null) throw new Error(`${name} opens no database`)
  return load()
}

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
  | 'knex'
  | 'typeorm'
  | 'mikro-orm'
  | 'prisma'
  | 'libsql'
  | 'node:sqlite'
  | 'better-sqlite3-pool'
  | 'plain node'

interface Contestant {
  /** What it is, for the reader of the results. */
  readonly about: string
  /** `null`: it opens no database. */
  readonly load: (() => Promise<OpenClient>) | null
}

export const CONTESTANTS: Readonly<Record<ContestantName, Contestant>> = {
  noormme: {
    about: 'this package, through its repositories',
    load: async () => (await import('./noormme.ts')).openNoormme,
  },
  'noormme caching': {
    about: 'the same with `performance.enableCaching`',
    load: async () => (await import('./noormme.ts')).openNoormmeCaching,
  },
  'better-sqlite3': {
    about: 'the driver by itself, every statement prepared once and kept',
    load: async () => (await import('./better-sqlite3.ts')).openBetterSqlite3,
  },
  'better-sqlite3 immediate': {
    about: 'the same, its transactions begun with BEGIN IMMEDIATE',
    load: async () => (await import('./better-sqlite3.ts')).openBetterSqlite3Immediate,
  },
  'drizzle prepared': {
    about: 'Drizzle, `select` and `insert`, prepared once and kept',
    load: async () => (await import('./drizzle-prepared.ts')).openDrizzlePrepared,
  },
  drizzle: {
    about: 'Drizzle, `select` and `insert`, built where they are used',
    load: async () => (await import('./drizzle.ts')).openDrizzle,
  },
  'drizzle relational prepared': {
    about: 'Drizzle, its relational queries (`db.query`), prepared once and kept',
    load: async () => (await import('./drizzle-relational.ts')).openDrizzleRelationalPrepared,
  },
  'drizzle relational': {
    about: 'Drizzle, its relational queries, built where they are used',
    load: async () => (await import('./drizzle-relational.ts')).openDrizzleRelational,
  },
  kysely: {
    about: 'Kysely over its own SQLite dialect',
    load: async () => (await import('./kysely.ts')).openKysely,
  },
  knex: {
    about: 'Knex over better-sqlite3',
    load: async () => (await import('./knex.ts')).openKnex,
  },
  typeorm: {
    about: 'TypeORM over better-sqlite3, repositories, which keep their last 100 statements',
    load: async () => (await import('./typeorm.ts')).openTypeorm,
  },
  'mikro-orm': {
    about: 'MikroORM over better-sqlite3, an entity manager a call, as a request of a server has',
    load: async () => (await import('./mikro-orm.ts')).openMikroOrm,
  },
  prisma: {
    about: 'Prisma over its adapter for better-sqlite3',
    load: async () => (await import('./prisma.ts')).openPrisma,
  },
  libsql: {
    about: "libSQL's client on a local file, SQL, with the SQLite it brings",
    load: async () => (await import('./libsql.ts')).openLibsql,
  },
  'node:sqlite': {
    about: 'the module of Node.js with the SQLite it brings, every statement prepared once and kept',
    load: async () => (await import('./node-sqlite.ts')).openNodeSqlite,
  },
  'better-sqlite3-pool': {
    about: 'better-sqlite3 in worker threads, with its own default of one writer and up to two readers',
    load: async () => (await import('./better-sqlite3-pool.ts')).openBetterSqlite3Pool,
  },
  'plain node': { about: 'Node.js with nothing imported', load: null },
}

export async function openContestant(name: ContestantName): Promise<OpenClient> {
  const { load } = CONTESTANTS[name]
  if (load === null) throw new Error(`${name} opens no database`)
  return load()
}
